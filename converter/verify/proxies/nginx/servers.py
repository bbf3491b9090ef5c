"""Virtual hosts as the controller's template writes them; which one takes a request is left to nginx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import Hsts, MatchKind
from converter.verify.proxies.nginx.access import block_lines, certificate_lines
from converter.verify.proxies.nginx.headers import hsts_lines
from converter.verify.proxies.nginx.locations import location_lines
from converter.verify.proxies.nginx.redirects import app_root_lines, www_line, www_redirect
from converter.verify.proxies.nginx.site import DEFAULT_BACKEND, INNER_HTTPS, TO_DEFAULT_BACKEND
from converter.verify.proxies.nginx.words import Lines, block, quoted
from converter.verify.source.access import block_lists, client_certificate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.routing import RoutingTable, VirtualHost
    from converter.verify.proxies.nginx.site import Site


def server_lines(table: RoutingTable, site: Site) -> tuple[str, ...]:
    """All servers with their maps, as lines of ``http``: those that only redirect come first."""
    blocking = tuple(block_lines(block_lists(table)))
    redirecting = [host for host in table.hosts if www_redirect(host)]
    serving = [host for host in table.hosts if not www_redirect(host)]
    found = [_redirecting(host, blocking, site) for host in redirecting]
    found += [_serving(host, str(number), table, blocking, site) for number, host in enumerate(serving)]
    if all(host.name for host in serving):
        found.append(_catch_all(table, blocking, site))
    return (*(line for lines in found for line in lines), *_DEFAULT_BACKEND)


def _redirecting(host: VirtualHost, blocking: Iterable[str], site: Site) -> tuple[str, ...]:
    redirect = www_redirect(host)
    return block("server", (*_start(host, site), *blocking, *((www_line(redirect),) if redirect else ())))


def _serving(
    host: VirtualHost, number: str, table: RoutingTable, blocking: Iterable[str], site: Site
) -> tuple[str, ...]:
    guard, places = client_certificate(host), location_lines(host, number, site)
    if not host.name:
        places += _rest(table, host)
    inner = (
        *_start(host, site),
        *blocking,
        *(certificate_lines(guard) if guard else ()),
        *app_root_lines(host),
        *places.server,
    )
    return (*places.http, *block("server", inner))


def _catch_all(table: RoutingTable, blocking: Iterable[str], site: Site) -> tuple[str, ...]:
    """The controller has one although nobody declares it."""
    places = _rest(table, None)
    inner = (*_listen("_", site), 'server_name "_";', *blocking, *places.server)
    return (*places.http, *block("server", inner))


def _start(host: VirtualHost, site: Site) -> Iterator[str]:
    yield from _listen(host.name or "_", site)
    yield f"server_name {' '.join(quoted(name) for name in (_server_name(host.name), *host.aliases))};"


def _server_name(name: str) -> str:
    """``buildServerName``: a wildcard is one label. Aliases are written as they are."""
    if not name.startswith("*"):
        return name or "_"
    rest = name.replace("*.", "", 1).replace(".", "\\.")
    return f"~^(?<subdomain>[\\w-]+)\\.{rest}$"


def _listen(name: str, site: Site) -> Iterator[str]:
    default = " default_server" if name == "_" else ""
    yield f"listen 127.0.0.1:{site.http}{default};"
    yield f"listen {_https_address(site)} ssl{default};"


def _https_address(site: Site) -> str:
    """Behind the one that reads server names, where there is one."""
    return f"unix:{INNER_HTTPS}" if site.passes_on else f"127.0.0.1:{site.https}"


def _rest(table: RoutingTable, host: VirtualHost | None) -> Lines:
    """What only the server for all other hosts has: ``/`` whoever declares it, and the health check.

    Both are prefixes to nginx, so patterns come before the health check.
    """
    matches = [place.match for place in host.locations] if host else []
    regex = any(match.kind is MatchKind.REGEX for match in matches)
    server = block('location "/healthz"', ("return 200;",))
    if any(match.value == "/" and match.kind is not MatchKind.EXACT for match in matches):
        return Lines(server=server)
    behaviours = (each for one in table.hosts for place in one.locations for each in place.behaviours)
    hsts = next((each for each in behaviours if isinstance(each, Hsts)), None)
    headers = hsts_lines(hsts, "rest") if hsts else Lines()
    rest = block('location ~* "^/"' if regex else 'location "/"', (*headers.location, TO_DEFAULT_BACKEND))
    return Lines(headers.http, (*server, *rest))


_DEFAULT_BACKEND = block("server", (f"listen unix:{DEFAULT_BACKEND};", "return 404;"))
