"""Rewrites by pattern, and answers that the Gateway gives by itself: ``HTTPRouteFilter``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.targets.carry import Part
from converter.targets.envoy import pattern_rewrite
from converter.targets.envoy_gateway.kinds import headers, route_filter
from converter.targets.standard import answers, redirects

if TYPE_CHECKING:
    from converter.routing import FixedAnswer, Location, Redirect, Refusal, Rewrite
    from converter.targets.carry import Target

_CLOSES = 444
"""Closes the connection, which is no status."""


def rewrite(behaviour: Rewrite, location: Location, target: Target) -> Part:
    """A rewrite with captures takes the pattern as it is.

    Envoy Gateway: ``HTTPRouteFilter.spec.urlRewrite.path.replaceRegexMatch``.
    """
    found = pattern_rewrite(behaviour)
    if found is None:
        return redirects.rewrite(behaviour, location, target)
    replace = {"pattern": found[0], "substitution": found[1]}
    spec = {"urlRewrite": {"path": {"type": "ReplaceRegexMatch", "replaceRegexMatch": replace}}}
    notes = target.table.rows["rewrite.regex"].notes(behaviour.origins, "spec.urlRewrite")
    return Part(extensions=(route_filter("rewrite", spec, notes),))


def redirect(behaviour: Redirect, location: Location, target: Target) -> Part:
    """An address with a query is no path of a RequestRedirect, but a header of an answer.

    Envoy Gateway: ``HTTPRouteFilter.spec.directResponse``.
    """
    address = f"{behaviour.scheme}://{behaviour.host}" if behaviour.scheme and behaviour.host else ""
    fixed = bool(address or behaviour.relative) and not behaviour.keeps_query and behaviour.path
    if not behaviour.query or not fixed or "$" in f"{address}{behaviour.path}{behaviour.query}":
        return redirects.redirect(behaviour, location, target)
    port = f":{behaviour.port}" if behaviour.port else ""
    said = headers([("Location", f"{address}{port}{behaviour.path}?{behaviour.query}")])
    spec = {"directResponse": {"statusCode": behaviour.status, "header": {"set": said}}}
    notes = target.table.rows["redirect.exact"].notes(behaviour.origins, "spec.directResponse")
    return Part(extensions=(route_filter("redirect", spec, notes),), answers=True)


def refusal(behaviour: Refusal, _: Location, target: Target) -> Part:
    """The same status, where a rule without a backend would say 500."""
    notes = target.table.rows["access.refused"].notes(behaviour.origins, "spec.directResponse")
    answer = route_filter("refusal", {"directResponse": {"statusCode": behaviour.status}}, notes)
    return Part(extensions=(answer,), answers=True, path_code="path.refused")


def fixed_answer(behaviour: FixedAnswer, location: Location, target: Target) -> Part:
    """The same status and text. A percent sign begins a command of Envoy's."""
    if not 200 <= behaviour.status <= 599 or behaviour.status == _CLOSES or "$" in behaviour.body:
        return answers.fixed_answer(behaviour, location, target)
    response: dict[str, Any] = {"statusCode": behaviour.status}
    if behaviour.body:
        inline = behaviour.body.replace("%", "%%")
        response = {"contentType": "text/plain", "body": {"type": "Inline", "inline": inline}, **response}
    notes = target.table.rows["answer.exact"].notes(behaviour.origins, "spec.directResponse")
    answer = route_filter("answer", {"directResponse": response}, notes)
    return Part(extensions=(answer,), answers=True, path_code="path.answered-exactly")
