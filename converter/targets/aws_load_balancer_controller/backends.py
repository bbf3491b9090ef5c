"""What belongs to a backend: the ``TargetGroupConfiguration`` of its Service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import ServicePolicy
from converter.routing import Affinity, BackendProtocol, BackendTls
from converter.targets import standard
from converter.targets.aws_load_balancer_controller.kinds import API_VERSION
from converter.targets.carry import Part
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Note
    from converter.routing import Backend, Location
    from converter.targets.carry import Target

_LONGEST = 604_800
"""Seconds that a cookie may live: a week (``stickiness.lb_cookie.duration_seconds`` of a target group)."""
_SPOKEN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "https": ("backend.https", {"protocol": "HTTPS"}),
    "grpc": ("backend.grpc", {"protocolVersion": "GRPC"}),
    "grpcs": ("backend.https", {"protocol": "HTTPS", "protocolVersion": "GRPC"}),
}


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """The load balancer sets a cookie of its own, whose lifetime cannot be that of the browser's session."""
    if location.backend is None:
        return standard.CARRIERS[Affinity](behaviour, location, target)
    asked = {"stickiness.enabled": "true", "stickiness.type": "lb_cookie"}
    if behaviour.seconds is not None:
        asked["stickiness.lb_cookie.duration_seconds"] = str(min(max(behaviour.seconds, 1), _LONGEST))
    told = (
        *notes(target, "affinity", behaviour.origins, "spec.defaultConfiguration.targetGroupAttributes"),
        *notes(target, "affinity.extra", behaviour.extras),
    )
    attributes = [{"key": key, "value": value} for key, value in asked.items()]
    return _configured(location.backend, {"targetGroupAttributes": attributes}, told)


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """Certificates of backends are not verified, so a Service whose certificate was stays with the standard's words."""
    verified = any(isinstance(other, BackendTls) and other.verified for other in location.behaviours)
    code, spoken = _SPOKEN.get(behaviour.protocol, ("", {}))
    if not code or verified or location.backend is None:
        return standard.CARRIERS[BackendProtocol](behaviour, location, target)
    told = notes(target, code, behaviour.origins, "spec.defaultConfiguration")
    return _configured(location.backend, spoken, told)


def _configured(backend: Backend, configuration: Mapping[str, Any], told: tuple[Note, ...]) -> Part:
    spec = {"defaultConfiguration": dict(configuration)}
    policy = ServicePolicy(
        *("TargetGroupConfiguration", backend.namespace, backend.service, "targets", spec, told),
        API_VERSION,
        "targetReference",
    )
    return Part(service_policies=(policy,))
