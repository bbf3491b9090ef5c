"""Traefik: a Middleware that a rule names for what it does, and a TraefikService in place of a Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import fields, standard
from converter.targets.traefik import access, cors, errors, services, traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location, Setting
    from converter.targets.carry import Carrier, Part, Target

_SETTINGS: Mapping[str, Carrier] = {
    "limit-connections": traffic.connections,
    "load-balance": services.balancing,
    "upstream-hash-by": services.balancing,
    "proxy-connect-timeout": services.balancing,
    "custom-http-errors": errors.error_pages,
    "default-backend": errors.last_resort,
}


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    return _SETTINGS.get(behaviour.name, fields.setting)(behaviour, location, target)


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.Password: access.password,
    routing.ExternalAuth: access.external_auth,
    routing.Rewrite: traffic.rewrite,
    routing.RateLimit: traffic.rate_limit,
    routing.Cors: cors.cors,
    routing.BodyLimit: traffic.body_limit,
    routing.Retries: traffic.retries,
    routing.Mirror: services.mirror,
    routing.Affinity: services.affinity,
    routing.BackendProtocol: services.backend_protocol,
    routing.BackendTls: services.backend_tls,
    routing.Setting: setting,
}
