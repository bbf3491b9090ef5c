"""Cross-origin rules: the Middleware ``headers``, since the filter of the Gateway API makes a rule fail."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from converter.gateway.releases import known_releases
from converter.targets.carry import Part
from converter.targets.standard import headers
from converter.targets.standard.parts import FILTER
from converter.targets.traefik.kinds import middleware

if TYPE_CHECKING:
    from converter.routing import Cors, Location
    from converter.targets.carry import Target

_FIELDS = {
    "allowCredentials": "accessControlAllowCredentials",
    "allowMethods": "accessControlAllowMethods",
    "allowHeaders": "accessControlAllowHeaders",
    "exposeHeaders": "accessControlExposeHeaders",
    "maxAge": "accessControlMaxAge",
}


def cors(behaviour: Cors, location: Location, target: Target) -> Part:
    """What the filter would say; ``*.`` of an origin is one label, as with ingress-nginx."""
    release = replace(target.release, lacks=target.release.lacks - {"cors"}, version=known_releases()[-1])
    part = headers.cors(behaviour, location, replace(target, release=release))
    if not part.filters:
        return part
    body = part.filters[0]["cors"]
    plain = [origin for origin in body["allowOrigins"] if "*." not in origin]
    patterns = [_pattern(origin) for origin in body["allowOrigins"] if "*." in origin]
    lists = {"accessControlAllowOriginList": plain, "accessControlAllowOriginListRegex": patterns}
    spec = {name: value for name, value in lists.items() if value}
    spec |= {name: body[field] for field, name in _FIELDS.items() if field in body}
    told = tuple(replace(note, path="spec.headers") if note.path == FILTER else note for note in part.notes)
    return Part(extensions=(middleware("cors", {"headers": {**spec, "addVaryHeader": True}}, told),))


def _pattern(origin: str) -> str:
    return f"^{re.escape(origin).replace(re.escape('*.'), '[^.]+[.]')}$"
