"""Who gets through, as far as plugins without a licence can say it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.targets.carry import Part
from converter.targets.envoy import networks
from converter.targets.kong.kinds import CONFIG, plugin, terminate
from converter.targets.standard import access, answers
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from converter.routing import AccessList, FixedAnswer, Location, Password, Refusal
    from converter.targets.carry import Carrier, Target

_CLOSED = 500
_CLOSES = 444
"""Closes the connection, which is no status."""


def closing(carrier: Carrier) -> Carrier:
    """The same carrier, whose closed paths say 500 by a plugin rather than by a backend that is missing."""

    def carried(behaviour: Any, location: Location, target: Target) -> Part:
        part = carrier(behaviour, location, target)
        closed = part.answers and not part.filters and not part.extensions
        return replace(part, extensions=(terminate(_CLOSED),)) if closed else part

    return carried


guard = closing(access.guard)
any_of = closing(access.any_of)
conditional = closing(answers.conditional)
directive = closing(answers.directive)


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """Kong: ``ip-restriction``, which looks at ``deny`` first."""
    lists = {"allow": networks(behaviour.allow), "deny": networks(behaviour.deny)}
    if None in lists.values():
        return guard(behaviour, location, target)
    config = {name: found for name, found in lists.items() if found}
    told = notes(target, "access.list", behaviour.origins, CONFIG)
    return Part(extensions=(plugin("ip-restriction", config, told),))


def password(behaviour: Password, location: Location, target: Target) -> Part:
    """Users are consumers of Kong, which any path with passwords would let in; a group keeps those of others out.

    Kong: ``basic-auth`` and ``acl``.
    """
    if behaviour.digest or not behaviour.secret:
        return guard(behaviour, location, target)
    namespace = behaviour.namespace or "default"
    group = f"{namespace}/{behaviour.secret}"
    realm = [origin for origin in behaviour.origins if origin.key.endswith("auth-realm")]
    others = (origin for origin in behaviour.origins if origin not in realm)
    told = (
        *notes(target, "auth.basic", others, CONFIG, secret=behaviour.secret, namespace=namespace, group=group),
        *notes(target, "auth.realm-lost", realm),
    )
    asked = plugin("basic-auth", {"hide_credentials": True}, told)
    return Part(extensions=(asked, plugin("acl", {"allow": [group], "hide_groups_header": True})))


def refusal(behaviour: Refusal, _: Location, target: Target) -> Part:
    """Kong: ``request-termination``."""
    told = target.table.rows["access.refused"].notes(behaviour.origins, CONFIG)
    return Part(extensions=(terminate(behaviour.status, told),), answers=True, path_code="path.refused")


def fixed_answer(behaviour: FixedAnswer, location: Location, target: Target) -> Part:
    """The same status and text. Kong: ``request-termination``."""
    if not 100 <= behaviour.status <= 599 or behaviour.status == _CLOSES or "$" in behaviour.body:
        return _closed_answer(behaviour, location, target)
    told = target.table.rows["answer.exact"].notes(behaviour.origins, CONFIG)
    answer = terminate(behaviour.status, told, behaviour.body)
    return Part(extensions=(answer,), answers=True, path_code="path.answered-exactly")


_closed_answer = closing(answers.fixed_answer)
