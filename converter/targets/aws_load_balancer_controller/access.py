"""Which clients get through, by their address: rules of their own for the same path, before the one that refuses.

Quotas of Application Load Balancers: a rule has five condition values, one source-ip condition has three of them. The
controller gives a host name one, an exact path and ``/`` one, another prefix two, and a header or a method one each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.gateway.drafts import RequestMatch
from converter.routing import AccessList, Conditional, MatchKind, Split
from converter.targets.aws_load_balancer_controller.answers import fixed
from converter.targets.aws_load_balancer_controller.kinds import rule_configuration
from converter.targets.carry import Branch, Part
from converter.targets.envoy import networks
from converter.targets.standard import access

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.gateway.drafts import Extension
    from converter.routing import Location
    from converter.targets.carry import Target

_VALUES = 5
_SOURCES = 3
_RULES = 16
"""Those of one HTTPRoute: of rules for a path in several routes, the older route would come first."""
_VARIANTS = 3
"""A header of a canary makes of one rule as many."""
_FORBIDDEN = 403


def by_address(sources: Sequence[str]) -> Extension:
    """Tells the controller that a rule takes no clients but these."""
    condition = {"field": "source-ip", "sourceIPConfig": {"values": list(sources)}}
    return rule_configuration("clients", {"conditions": [condition]})


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """What is denied is refused first; of the others those who are listed get on, and the rest is refused."""
    denied, allowed = networks(behaviour.deny), networks(behaviour.allow)
    if denied is None or allowed is None:
        return access.guard(behaviour, location, target)
    conditions = sum(map(_is_condition, location.behaviours))
    size = _room(location, conditions)
    refused, admitted = _matches(denied, size), _matches(allowed, size)
    count = len(refused) + len(admitted) + bool(admitted)
    if size < 1 or count * _VARIANTS**conditions > _RULES:
        return access.guard(behaviour, location, target, "access.crowded")
    notes = target.table.rows["access.list"].notes(behaviour.origins, "spec")
    answer = (Part(extensions=(fixed(_FORBIDDEN, notes=notes),), answers=True),)
    found = (
        Branch("denied", refused, negated=False, parts=answer, notes=(), guards=True),
        Branch("others", admitted, negated=True, parts=answer, notes=(), guards=True),
    )
    return Part(branches=tuple(branch for branch in found if branch.matches))


def _is_condition(behaviour: object) -> bool:
    """Whether rules of the location may have a further condition because of it."""
    return isinstance(behaviour, Conditional) or (isinstance(behaviour, Split) and bool(behaviour.header))


def _room(location: Location, conditions: int) -> int:
    """How many networks one rule may name; what lies in two lists of three each may be four networks."""
    lists = sum(isinstance(each, AccessList) for each in location.behaviours)
    paths = 1 if location.match.kind is MatchKind.EXACT or location.match.value == "/" else 2
    most = _SOURCES if not conditions and lists == 1 else _SOURCES - 1
    return min(most, _VALUES - 1 - paths - conditions)


def _matches(found: Sequence[str], size: int) -> tuple[RequestMatch, ...]:
    starts = range(0, len(found), max(size, 1))
    return tuple(RequestMatch(sources=tuple(found[start : start + max(size, 1)])) for start in starts)
