"""The implementations that a conversion can be written for."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.gateway.releases import Release
    from converter.targets.carry import LostAccess, Target
    from converter.targets.judgements import Judgement

_MODULES = {
    "standard": "standard",
    "envoy-gateway": "envoy_gateway",
    "kgateway": "kgateway",
    "agentgateway": "agentgateway",
    "aws-load-balancer-controller": "aws_load_balancer_controller",
    "cilium": "cilium",
    "gke": "gke",
    "nginx-gateway-fabric": "nginx_gateway_fabric",
    "traefik": "traefik",
    "kong": "kong",
    "istio": "istio",
}
NAMES = tuple(_MODULES)
"""Those with a table of their own."""
OTHERS = (
    *("airlock-microgateway", "azure-application-gateway-for-containers", "contour"),
    *("haproxy-ingress", "haproxy-unified-gateway"),
)
"""Those that get what ``standard`` gives, without the fields that they ignore."""


def newest_release(name: str) -> str:
    """The newest release of the Gateway API that the target serves, as far as anybody knows."""
    from converter.gateway.releases import known_releases
    from converter.targets.table import target_table

    return target_table(name).gateway_api or known_releases()[-1]


def target(
    name: str,
    release: Release,
    lost_access: LostAccess = "omit",
    judgements: tuple[Judgement, ...] = (),
    *,
    snippets: bool = False,
) -> Target:
    """The target of a name out of ``NAMES`` or ``OTHERS``, for a release of the Gateway API.

    ``snippets`` allows objects that hold nginx's own language, which only ``nginx-gateway-fabric`` has.
    """
    from converter.targets.carry import Target, as_it_is, no_gateway_settings
    from converter.targets.table import target_table

    table = target_table(name, judgements)
    module = import_module(f"converter.targets.{_MODULES.get(name, 'standard')}")
    gateway = getattr(module, "gateway", no_gateway_settings)
    host = getattr(module, "host", as_it_is)
    by_address = getattr(module, "by_address", None)
    known = replace(release, lacks=frozenset(table.lacks))
    carriers = module.CARRIERS
    return Target(table, known, carriers, lost_access, snippets, gateway=gateway, host=host, by_address=by_address)
