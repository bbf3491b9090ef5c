"""Answers that the load balancer gives by itself: actions of a ``ListenerRuleConfiguration``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.targets.aws_load_balancer_controller.kinds import rule_configuration
from converter.targets.carry import Part
from converter.targets.standard import answers, redirects

if TYPE_CHECKING:
    from converter.gateway.drafts import Extension, Note
    from converter.routing import FixedAnswer, Location, Redirect, Refusal
    from converter.targets.carry import Target

_CLOSES = 444
"""Closes the connection, which is no status."""
_LONGEST_BODY = 1024
"""Bytes of a fixed response (``FixedResponseActionConfig`` of Elastic Load Balancing)."""
_LONGEST_QUERY = 128
"""Characters (``RedirectActionConfig`` of Elastic Load Balancing)."""


def fixed(status: int, body: str = "", notes: tuple[Note, ...] = ()) -> Extension:
    response: dict[str, Any] = {"statusCode": status}
    if body:
        response = {"contentType": "text/plain", "messageBody": body, **response}
    action = {"type": "fixed-response", "fixedResponseConfig": response}
    return rule_configuration("answer", {"actions": [action]}, notes)


def refusal(behaviour: Refusal, _: Location, target: Target) -> Part:
    """The same status, where a rule without a backend would say 500."""
    notes = target.table.rows["access.refused"].notes(behaviour.origins, "spec.actions")
    return Part(extensions=(fixed(behaviour.status, notes=notes),), answers=True, path_code="path.refused")


def fixed_answer(behaviour: FixedAnswer, location: Location, target: Target) -> Part:
    """The same status and text; a load balancer knows no status below 200, and no redirect without an address."""
    status, body = behaviour.status, behaviour.body
    sayable = 200 <= status < 300 or (400 <= status < 600 and status != _CLOSES)
    if not sayable or "$" in body or len(body.encode()) > _LONGEST_BODY:
        return answers.fixed_answer(behaviour, location, target)
    notes = target.table.rows["answer.exact"].notes(behaviour.origins, "spec.actions")
    return Part(extensions=(fixed(status, body, notes),), answers=True, path_code="path.answered-exactly")


def redirect(behaviour: Redirect, location: Location, target: Target) -> Part:
    """The query of an address stands beside the filter, and takes the place of that of the request."""
    query = behaviour.query
    sayable = len(query) <= _LONGEST_QUERY and not {*"$%#"} & {*query}
    if not query or behaviour.keeps_query or not sayable:
        return redirects.redirect(behaviour, location, target)
    part = redirects.redirect(replace(behaviour, query="", keeps_query=True), location, target)
    if not part.filters:
        return part
    action = {"type": "redirect", "redirectConfig": {"query": query}}
    return replace(part, extensions=(rule_configuration("query", {"actions": [action]}),))
