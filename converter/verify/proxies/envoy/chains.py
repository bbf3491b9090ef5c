"""Ports as Envoy is told them: ``envoy.config.listener.v3.Listener``, after ``internal/xds/translator/listener.go``.

Over TLS every listener has a filter chain of its own, chosen by the server name; a host of another chain gets 421.
Without TLS all share one, and the Host header chooses. Envoy Gateway leaves a host to a wider listener where the
narrower one has no route for it; here it gets 404, since the Gateway API isolates listeners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.backends import parts
from converter.verify.proxies.envoy import addresses, cors
from converter.verify.proxies.envoy.guards import chain
from converter.verify.proxies.envoy.precedence import in_order
from converter.verify.proxies.envoy.rules import NOBODY, guards_for, rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from converter.verify.gateway.listeners import Listener
    from converter.verify.gateway.routes import Route
    from converter.verify.messages import Endpoint
    from converter.verify.proxies.certificates import Certificates
    from converter.verify.proxies.envoy.guards import Guard
    from converter.verify.proxies.envoy.ports import Port
    from converter.verify.proxies.envoy.rules import References

Json = dict[str, Any]
_TYPE = "type.googleapis.com/envoy.extensions"
_INSPECTOR: Json = {
    "name": "tls_inspector",
    "typed_config": {"@type": f"{_TYPE}.filters.listener.tls_inspector.v3.TlsInspector"},
}
_ROUTER: Json = {
    "name": "envoy.filters.http.router",
    "typed_config": {"@type": f"{_TYPE}.filters.http.router.v3.Router", "suppress_envoy_headers": True},
}
_MANAGER = "envoy.filters.network.http_connection_manager"
_MISDIRECTED: Json = {"match": {"prefix": "/"}, "direct_response": {"status": 421}}


def listener(name: str, port: Port, real: int, references: References, certificates: Certificates) -> Json:
    """``real`` is the number of the port on this machine."""
    address = {"socket_address": {"address": "127.0.0.1", "port_value": real}}
    found: Json = {"name": name, "address": address}
    if port.protocols == {"HTTP"}:
        return {**found, "filter_chains": [{"filters": [_http(port, None, references)]}]}
    if port.protocols == {"TCP"}:
        # The oldest route takes all connections.
        routes = [route for served in port.routes.values() for route in served][:1]
        return {**found, "filter_chains": [{"filters": _passed_on(routes, references.clusters.backend, references)}]}
    chains = [chain for each in port.listeners for chain in _secured(port, each, references, certificates)]
    return {**found, "listener_filters": [_INSPECTOR], "filter_chains": chains}


def _secured(port: Port, owner: Listener, references: References, certificates: Certificates) -> list[Json]:
    if owner.protocol == "HTTPS":
        chain = {"filters": [_http(port, owner, references)], "transport_socket": _tls(owner, certificates)}
        return [_for_name(owner.hostname) | chain]
    cluster = references.clusters.passthrough if owner.passthrough else references.clusters.backend
    socket = {} if owner.passthrough else {"transport_socket": _tls(owner, certificates)}
    return [
        _for_name(name) | {"filters": _passed_on(port.serving(name, owner)[:1], cluster, references), **socket}
        for name, whose in port.domains().items()
        if whose == owner
    ]


def _for_name(name: str) -> Json:
    return {"filter_chain_match": {"server_names": [name]}} if name else {}


def _tls(owner: Listener, certificates: Certificates) -> Json:
    common: Json = {
        "alpn_protocols": ["http/1.1"],
        "tls_certificates": [
            {
                "certificate_chain": {"filename": str(certificates.certificate)},
                "private_key": {"filename": str(certificates.key)},
            }
        ],
    }
    context: Json = {
        "@type": f"{_TYPE}.transport_sockets.tls.v3.DownstreamTlsContext",
        "common_tls_context": common,
    }
    if owner.certificates:
        context["require_client_certificate"] = True
        common["validation_context"] = {"trusted_ca": {"filename": str(certificates.authority)}}
    return {"name": "tls", "typed_config": context}


def _passed_on(routes: Sequence[Route], cluster: Callable[[Endpoint], str], references: References) -> list[Json]:
    """Connections as they are, by the one rule of a route; without a route they are closed."""
    found = []
    for route in routes:
        for reference, _ in parts(route.rules[0].get("backendRefs", [])):
            endpoint = references.backends.resolve(route, reference)
            found.append({"name": cluster(endpoint) if endpoint else NOBODY, "weight": reference.get("weight", 1)})
    if not found:
        return []
    config = {
        "@type": f"{_TYPE}.filters.network.tcp_proxy.v3.TcpProxy",
        "stat_prefix": "tcp",
        "weighted_clusters": {"clusters": found},
    }
    return [{"name": "envoy.filters.network.tcp_proxy", "typed_config": config}]


def _http(port: Port, owner: Listener | None, references: References) -> Json:
    """``owner`` is the one whose connections these are; ``None`` where all listeners share them."""
    hosts: list[Json] = []
    guards: list[Guard] = []
    for name, whose in port.domains().items():
        candidates = in_order(port.serving(name, whose), references.refused) if owner in (None, whose) else []
        routes = [rendered(each, whose, references) for each in candidates]
        guards += [guard for each in candidates for guard in guards_for(each, whose, references)]
        told = routes if owner in (None, whose) else [_MISDIRECTED]
        hosts.append({"name": name or "*", "domains": [name or "*"], "routes": told})
    filters = [cors.FILTER, *chain(guards), _ROUTER]
    by_address = addresses.DETECTION if any(each.name == addresses.NAME for each in guards) else {}
    return {"name": _MANAGER, "typed_config": _manager(hosts, filters) | by_address}


def _manager(hosts: Sequence[Json], filters: Sequence[Json]) -> Json:
    """With the defaults of Envoy Gateway for what is done with a path and with headers."""
    return {
        "@type": f"{_TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "codec_type": "HTTP1",
        "use_remote_address": True,
        "server_header_transformation": "PASS_THROUGH",
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "UNESCAPE_AND_REDIRECT",
        "common_http_protocol_options": {"headers_with_underscores_action": "REJECT_REQUEST"},
        "http_filters": filters,
        "route_config": {
            "name": "routes",
            "ignore_port_in_host_matching": True,
            "validate_clusters": False,
            "virtual_hosts": hosts,
        },
    }
