"""Cilium: the Gateway API's own fields, with session cookies that last as long as the browser runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.routing import Affinity
from converter.targets import standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location
    from converter.targets.carry import Carrier, Part, Target


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """Cilium refuses a ``sessionPersistence`` with an ``absoluteTimeout`` or a permanent cookie."""
    lasting = replace(behaviour, max_age=None, expires=None)
    return standard.CARRIERS[Affinity](lasting, location, target)


CARRIERS: Mapping[type, Carrier] = {**standard.CARRIERS, Affinity: affinity}
