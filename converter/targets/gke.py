"""GKE Gateway: what belongs to a backend is said by the GCPBackendPolicy of its Service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import ServicePolicy
from converter.routing import Affinity, IdleTimeout, Setting
from converter.targets import fields, standard
from converter.targets.carry import Carrier, Part
from converter.targets.fields import by_row
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location
    from converter.targets.carry import Target

API_VERSION = "networking.gke.io/v1"
_LONGEST = 1_209_600
"""Seconds that a cookie may live: two weeks (the CRD of GCPBackendPolicy)."""


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """The load balancer sets a cookie of its own; 0 seconds stand for the browser's session."""
    backend = location.backend
    if backend is None:
        return standard.CARRIERS[Affinity](behaviour, location, target)
    asked: dict[str, Any] = {"type": "GENERATED_COOKIE"}
    if behaviour.seconds is not None:
        asked["cookieTtlSec"] = min(max(behaviour.seconds, 0), _LONGEST)
    told = (
        *notes(target, "affinity", behaviour.origins, "spec.default.sessionAffinity"),
        *notes(target, "affinity.extra", behaviour.extras),
    )
    spec = {"default": {"sessionAffinity": asked}}
    policy = ServicePolicy(
        "GCPBackendPolicy", backend.namespace, backend.service, "backend", spec, told, API_VERSION, "targetRef"
    )
    return Part(service_policies=(policy,))


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    """An algorithm has nothing to say where a client stays with its endpoint, and would keep it from doing so."""
    stronger = (isinstance(b, Affinity) or getattr(b, "name", "") == "upstream-hash-by" for b in location.behaviours)
    if behaviour.name == "load-balance" and any(stronger):
        return Part(notes=target.table.settings["load-balance.overridden"].notes(behaviour.origins))
    return fields.setting(behaviour, location, target)


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    Affinity: affinity,
    Setting: setting,
    IdleTimeout: by_row("idle-timeout", standard.CARRIERS[IdleTimeout]),
}
