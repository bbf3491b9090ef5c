"""A canary: weights of target groups."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

from converter.targets.standard import traffic
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from converter.routing import Location, Split
    from converter.targets.carry import Part, Target

_MOST = 999
"""The weight of a target group (``TargetGroupTuple`` of Elastic Load Balancing)."""


def split(behaviour: Split, location: Location, target: Target) -> Part:
    """The same shares in smaller numbers, as near as they can be."""
    part = traffic.split(behaviour, location, target)
    if part.shares is None or max(part.shares) <= _MOST:
        return part
    stay, away = (share // gcd(*part.shares) for share in part.shares)
    if max(stay, away) <= _MOST:
        return replace(part, shares=(stay, away))
    most = max(stay, away)
    stay, away = (min(max(round(share * _MOST / most), 1), share) for share in (stay, away))
    weights = [origin for origin in behaviour.origins if "canary-weight" in origin.key]
    return replace(part, shares=(stay, away), notes=(*part.notes, *notes(target, "canary.rounded", weights)))
