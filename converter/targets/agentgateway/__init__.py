"""agentgateway: one kind of policy, for rules under ``traffic``, for Services under ``backend``, and for Gateways.

Values of many fields are expressions (CEL), so text stands in quotes within them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import envoy, fields, standard
from converter.targets.agentgateway import access, traffic
from converter.targets.agentgateway.frontend import gateway

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location, Setting
    from converter.targets.carry import Carrier, Part, Target

__all__ = ["CARRIERS", "gateway"]

_SETTINGS: Mapping[str, Carrier] = {"enable-access-log": traffic.access_log}


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    return _SETTINGS.get(behaviour.name, fields.setting)(behaviour, location, target)


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.BlockList: access.block_list,
    routing.Password: access.password,
    routing.ExternalAuth: access.external_auth,
    routing.Refusal: access.refusal,
    routing.Rewrite: traffic.rewrite,
    routing.Retries: traffic.retries,
    routing.BodyLimit: traffic.body_limit,
    routing.BackendProtocol: traffic.backend_protocol,
    routing.BackendTls: envoy.backend_tls,
    routing.Setting: setting,
}
