"""Who gets in by the address: ``envoy.filters.http.rbac``, after ``internal/xds/translator/authorization.go``."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from converter.verify.proxies.envoy.extension import ENVOY, extension

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]
CLIENT = "X-Probe-Client"
"""Of the request: the address that the connection is taken to come from."""
NAME = "envoy.filters.http.rbac"
_KIND = f"{ENVOY}.extensions.filters.http.rbac.v3"
FILTER: Json = {"name": NAME, "typed_config": {"@type": f"{_KIND}.RBAC"}}


def is_by_address(authorization: Mapping[str, Any]) -> bool:
    """Whether only the addresses of clients count, by every rule."""
    rules = authorization.get("rules", [])
    return all({*rule} <= {"name", "action", "principal"} and {*rule["principal"]} == {"clientCIDRs"} for rule in rules)


def authorization(body: Mapping[str, Any]) -> Json:
    """The first rule that fits; without one the default."""
    matchers = [
        {"predicate": _from(rule["principal"]["clientCIDRs"]), "on_match": _action(rule["action"])}
        for rule in body.get("rules", [])
        if is_by_address({"rules": [rule]})
    ]
    matcher: Json = {"on_no_match": _action(body.get("defaultAction", "Deny"))}
    if matchers:
        matcher["matcher_list"] = {"matchers": matchers}
    return {"@type": f"{_KIND}.RBACPerRoute", "rbac": {"matcher": matcher}}


def _from(cidrs: Sequence[str]) -> Json:
    networks = [ip_network(cidr, strict=False) for cidr in cidrs]
    ranges = [{"address_prefix": str(each.network_address), "prefix_len": each.prefixlen} for each in networks]
    return {
        "single_predicate": {
            "input": extension("client", f"{ENVOY}.extensions.matching.common_inputs.network.v3.SourceIPInput"),
            "custom_match": extension(
                "ranges",
                f"{ENVOY}.extensions.matching.input_matchers.ip.v3.Ip",
                stat_prefix="client",
                cidr_ranges=ranges,
            ),
        }
    }


def _action(action: str) -> Json:
    return {"action": extension(action, f"{ENVOY}.config.rbac.v3.Action", name=action, action=action.upper())}


DETECTION: Json = {
    "use_remote_address": False,
    "original_ip_detection_extensions": [
        extension(
            "client",
            f"{ENVOY}.extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig",
            header_name=CLIENT,
        )
    ],
}
"""The fields of the connection manager that take the address of the client from the request."""
