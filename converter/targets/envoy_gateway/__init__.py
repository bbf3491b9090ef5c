"""Envoy Gateway: its policies for rules and listeners, its filters, and its backends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import envoy, fields, standard
from converter.targets.envoy_gateway import access, backends, balancing, clients, cors, external_auth, limits, paths
from converter.targets.envoy_gateway.clients import gateway

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location, Setting
    from converter.targets.carry import Carrier, Part, Target

__all__ = ["CARRIERS", "gateway"]

_SETTINGS: Mapping[str, Carrier] = {
    "upstream-hash-by": balancing.hash_by,
    "load-balance": balancing.algorithm,
    "ssl-protocols": clients.protocols,
    "ssl-ciphers": envoy.ciphers,
}
"""Those that need more than one field; the others are rows of the table."""


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    return _SETTINGS.get(behaviour.name, fields.setting)(behaviour, location, target)


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.BlockList: access.block_list,
    routing.Password: access.password,
    routing.ExternalAuth: external_auth.external_auth,
    routing.ClientCertificate: clients.client_certificate,
    routing.Refusal: paths.refusal,
    routing.FixedAnswer: paths.fixed_answer,
    routing.Redirect: paths.redirect,
    routing.Rewrite: paths.rewrite,
    routing.RateLimit: limits.rate_limit,
    routing.BodyLimit: limits.body_limit,
    routing.Cors: cors.cors,
    routing.Affinity: balancing.affinity,
    routing.IdleTimeout: balancing.idle_timeout,
    routing.Retries: balancing.retries,
    routing.BackendProtocol: backends.backend_protocol,
    routing.BackendTls: backends.backend_tls,
    routing.Setting: setting,
}
