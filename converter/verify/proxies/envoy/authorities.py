"""Services that are asked whether a request may pass: ``envoy.filters.http.ext_authz``.

Each has a filter of its own that does nothing until a route turns it on, as Envoy Gateway does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.proxies.echo import IDENTIFIED

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
ENABLED: Json = {"@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "config": {}}


def authority(body: Mapping[str, Any], cluster: str) -> Json:
    """The filter for an ``ExternalAuth``; one that speaks gRPC is asked over HTTP, since who answers is ours."""
    http = body.get("http", {})
    path = http.get("path", "")
    allowed = [IDENTIFIED, *http.get("allowedHeaders", [])]
    service: Json = {"server_uri": {"uri": "http://authority.invalid", "cluster": cluster, "timeout": "5s"}}
    if path.strip("/"):
        service["path_prefix"] = path
    if returned := http.get("allowedResponseHeaders"):
        service["authorization_response"] = {"allowed_upstream_headers": _named(returned)}
    config = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
        "transport_api_version": "V3",
        "http_service": service,
        "allowed_headers": _named(allowed),
    }
    return {"name": f"{cluster}{path}", "disabled": True, "typed_config": config}


def _named(names: list[str]) -> Json:
    return {"patterns": [{"exact": name, "ignore_case": True} for name in dict.fromkeys(names)]}
