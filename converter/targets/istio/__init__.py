"""Istio: the Gateway API's own fields, ``DestinationRule`` for Services, ``AuthorizationPolicy`` for Gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import envoy, fields, standard
from converter.targets.istio import access, traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location, Setting
    from converter.targets.carry import Carrier, Part, Target

_SETTINGS: Mapping[str, Carrier] = {
    "upstream-hash-by": traffic.hash_by,
    "load-balance": traffic.algorithm,
    "proxy-connect-timeout": traffic.connect_timeout,
}


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    return _SETTINGS.get(behaviour.name, fields.setting)(behaviour, location, target)


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.ExternalAuth: access.external_auth,
    routing.Affinity: traffic.affinity,
    routing.BackendProtocol: traffic.backend_protocol,
    routing.BackendTls: envoy.backend_tls,
    routing.Setting: setting,
}
