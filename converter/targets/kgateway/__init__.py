"""kgateway: its policies for rules, Services and Gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import envoy, fields, standard
from converter.targets.kgateway import access, clients, traffic
from converter.targets.kgateway.clients import gateway

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location, Setting
    from converter.targets.carry import Carrier, Part, Target

__all__ = ["CARRIERS", "gateway"]

_SETTINGS: Mapping[str, Carrier] = {
    "upstream-hash-by": traffic.hash_by,
    "load-balance": traffic.algorithm,
    "ssl-protocols": clients.protocols,
    "ssl-ciphers": envoy.ciphers,
    "enable-access-log": traffic.access_log,
}


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    return _SETTINGS.get(behaviour.name, fields.setting)(behaviour, location, target)


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.BlockList: access.block_list,
    routing.Password: access.password,
    routing.ExternalAuth: access.external_auth,
    routing.ClientCertificate: clients.client_certificate,
    routing.Refusal: traffic.refusal,
    routing.Rewrite: traffic.rewrite,
    routing.BodyLimit: traffic.body_limit,
    routing.Affinity: traffic.affinity,
    routing.IdleTimeout: traffic.idle_timeout,
    routing.Retries: traffic.retries,
    routing.BackendProtocol: traffic.backend_protocol,
    routing.BackendTls: envoy.backend_tls,
    routing.Setting: setting,
}
