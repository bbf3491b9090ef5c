"""The whole configuration file: what ingress-nginx 1.15 would write for a routing table, without its modules.

What the controller does in Lua is written as maps and conditions. The folder of the run holds everything that nginx
writes, so that it needs no rights and leaves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.verify.proxies.nginx.access import block_maps
from converter.verify.proxies.nginx.cors import cors_maps
from converter.verify.proxies.nginx.layer4 import stream_lines
from converter.verify.proxies.nginx.redirects import redirect_maps
from converter.verify.proxies.nginx.servers import server_lines
from converter.verify.proxies.nginx.site import CERTIFICATE, CLIENT, ESCAPED
from converter.verify.proxies.nginx.words import block, mapping, quoted
from converter.verify.source.access import block_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.routing import RoutingTable
    from converter.verify.proxies.nginx.site import Site

_BODIES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def configuration(table: RoutingTable, site: Site) -> str:
    stream = stream_lines(table, site)
    lines = (
        *((f"load_module {quoted(site.stream_module)};",) if stream and site.stream_module else ()),
        "daemon off;",
        "master_process off;",
        "worker_processes 1;",
        "pid nginx.pid;",
        "error_log stderr error;",
        *block("events", ("worker_connections 512;",)),
        *block("http", _http(table, site)),
        *stream,
    )
    return "\n".join(lines) + "\n"


def _http(table: RoutingTable, site: Site) -> Iterator[str]:
    yield "access_log off;"
    for body in _BODIES:
        yield f"{body}_temp_path {body};"
    yield from _sizes()
    yield from _who_asks(table)
    yield from _certificate()
    yield from _proxying()
    yield from _variables(table)
    yield from cors_maps(table)
    yield from redirect_maps()
    yield from block_maps(block_lists(table))
    yield from server_lines(table, site)


def _certificate() -> Iterator[str]:
    """The same for every host. No client verifies it: what is in the Secrets of a migration is never known."""
    yield f"ssl_certificate {CERTIFICATE};"
    yield f"ssl_certificate_key {CERTIFICATE};"


def _sizes() -> Iterator[str]:
    """Of tables, so that no name is too long and no host one too many."""
    for name, most, bucket in (
        ("server_names", 65536, 512),
        ("map", 65536, 1024),
        ("variables", 65536, 256),
        ("proxy_headers", 4096, 256),
    ):
        yield f"{name}_hash_max_size {most};"
        yield f"{name}_hash_bucket_size {bucket};"


def _who_asks(table: RoutingTable) -> Iterator[str]:
    """The address that the request says to come from; who believes a list takes its first address."""
    everybody = ("0.0.0.0/0", "::/0", "unix:") if table.trusts_forwarded else ("127.0.0.1", "unix:")
    yield f"real_ip_header {CLIENT};"
    yield from (f"set_real_ip_from {network};" for network in everybody)
    if table.trusts_forwarded:
        yield "real_ip_recursive on;"


def _proxying() -> Iterator[str]:
    yield "proxy_http_version 1.1;"
    yield "proxy_redirect off;"
    yield "proxy_buffering off;"
    yield "server_name_in_redirect off;"
    yield "port_in_redirect off;"
    yield "uninitialized_variable_warn off;"


def _variables(table: RoutingTable) -> Iterator[str]:
    """Under the names that the controller gives them, since values of annotations may hold them."""
    trusts = bool(table.trusts_forwarded)
    yield from block("geo $literal_dollar", ('default "$";',))
    yield from mapping("$http_upgrade", "connection_upgrade", (("default", "upgrade"), ('""', '""')))
    yield from mapping("$http_x_request_id", "req_id", (("default", "$http_x_request_id"), ('""', "$request_id")))
    escaped = f"$http_{ESCAPED.lower().replace('-', '_')}"
    yield from mapping(escaped, "escaped_request_uri", (("default", escaped),))
    yield from mapping("$https", "usual_port", (("default", "80"), ("on", "443")))
    claims = (
        ("pass_access_scheme", "$http_x_forwarded_proto", "$scheme"),
        ("pass_port", "$http_x_forwarded_port", "$usual_port"),
    )
    for name, claim, otherwise in claims:
        pairs = (("default", claim), ('""', otherwise)) if trusts else (("default", otherwise),)
        yield from mapping(claim, name, pairs)
    first = (('"~^ *(?<first_host>[^, ]+)"', "$first_host"),) if trusts else ()
    yield from mapping("$http_x_forwarded_host", "best_http_host", (*first, ("default", "$http_host")))
