"""The forms of what Istio adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import NAME, NETWORK, Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.forms.words import Fields

GROUPS = ("security.istio.io", "networking.istio.io")
_SOURCE = Parts({"remoteIpBlocks": [NETWORK], "notRemoteIpBlocks": [NETWORK]})
_OPERATION = Parts({name: [str] for name in ("hosts", "notHosts", "paths", "notPaths")})
_HASH: Fields = {
    "useSourceIp": bool,
    "httpHeaderName": str,
    "httpQueryParameterName": str,
    "httpCookie": {**NAME, "path": str, "ttl": str},
}
FORMS: Mapping[str, Any] = {
    "AuthorizationPolicy": {
        "action": ("ALLOW", "DENY", "AUDIT", "CUSTOM"),
        "provider": {"name": str},
        "rules": [Parts({"from": [{"source": _SOURCE}], "to": [{"operation": _OPERATION}]})],
    },
    "DestinationRule": {
        "host!": str,
        "trafficPolicy": Parts(
            {
                "loadBalancer": {"simple": str, "consistentHash": _HASH},
                "connectionPool": {"tcp": {"connectTimeout": str}},
                "tls": {"mode": str},
            }
        ),
    },
}
