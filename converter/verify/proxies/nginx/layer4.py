"""Connections that are passed on as they are: by their server name, or by their port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.verify.proxies.nginx.site import INNER_HTTPS
from converter.verify.proxies.nginx.words import block, mapping, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.routing import RoutingTable, VirtualHost
    from converter.verify.proxies.nginx.site import Site


def stream_lines(table: RoutingTable, site: Site) -> tuple[str, ...]:
    """The block ``stream``; nothing where nothing is passed on."""
    inner = (*_passthrough(table, site), *_ports(table, site))
    return block("stream", inner) if inner else ()


def passed_on(table: RoutingTable) -> tuple[VirtualHost, ...]:
    """Hosts whose TLS ends behind the controller."""
    return tuple(host for host in table.hosts if host.passthrough)


def _passthrough(table: RoutingTable, site: Site) -> Iterator[str]:
    """The controller's own TCP proxy: names as they are declared, and to the Service of ``/``."""
    if not site.passes_on:
        return
    pairs = [("default", f"unix:{INNER_HTTPS}")]
    for host in passed_on(table):
        root = next((place for place in host.locations if place.match.value == "/" and place.backend), None)
        if root and root.backend:
            pairs.append((quoted(host.name), site.address(root.backend, tls=True)))
    yield from mapping("$ssl_preread_server_name", "passed_to", pairs)
    yield from block("server", (f"listen 127.0.0.1:{site.https};", "ssl_preread on;", "proxy_pass $passed_to;"))


def _ports(table: RoutingTable, site: Site) -> Iterator[str]:
    for port in table.ports:
        if port.number in site.tcp and port.protocol == "tcp":
            listen, to = site.tcp[port.number], site.address(port.backend)
            yield from block("server", (f"listen 127.0.0.1:{listen};", f"proxy_pass {to};"))
