"""Cross-origin rules, where the release has no filter for them: ``SecurityPolicy.spec.cors``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.gateway.releases import known_releases
from converter.targets.carry import Part
from converter.targets.envoy_gateway.kinds import security_policy
from converter.targets.standard import headers
from converter.targets.standard.parts import FILTER, duration

if TYPE_CHECKING:
    from converter.routing import Cors, Location
    from converter.targets.carry import Target


def cors(behaviour: Cors, location: Location, target: Target) -> Part:
    """The fields are those of the filter, with the time as a duration."""
    if target.release.has("cors"):
        return headers.cors(behaviour, location, target)
    newest = replace(target, release=replace(target.release, version=known_releases()[-1]))
    part = headers.cors(behaviour, location, newest)
    if not part.filters:
        return part
    body = dict(part.filters[0]["cors"])
    spec = {**body, "maxAge": duration(body["maxAge"])}
    told = tuple(replace(note, path="spec.cors") if note.path == FILTER else note for note in part.notes)
    return Part(extensions=(security_policy("cors", {"cors": spec}, told),))
