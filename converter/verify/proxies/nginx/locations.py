"""Locations as the controller's template writes them; which one takes a request is left to nginx."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from converter.routing import (
    BackendProtocol,
    Cors,
    MatchKind,
    Mirror,
    Refusal,
    Rewrite,
    Split,
    SslRedirect,
)
from converter.verify.proxies.nginx.access import guard_lines, limit_lines
from converter.verify.proxies.nginx.canary import choice
from converter.verify.proxies.nginx.conditions import answer_lines, header_lines
from converter.verify.proxies.nginx.cors import cors_lines
from converter.verify.proxies.nginx.headers import request_lines, response_lines
from converter.verify.proxies.nginx.redirects import is_nginx_own, ssl_redirect_lines
from converter.verify.proxies.nginx.site import CLIENT, ESCAPED, TO_DEFAULT_BACKEND
from converter.verify.proxies.nginx.words import Lines, block, joined, mapping, quoted, text
from converter.verify.source.redirects import is_of_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.routing import Location, Match, VirtualHost
    from converter.verify.proxies.nginx.site import Site

    Kind = TypeVar("Kind")

_ABSOLUTE = ("http://", "https://", "$scheme")
"""What a rewritten path begins with that makes nginx redirect."""


def location_lines(host: VirtualHost, number: str, site: Site) -> Lines:
    """All locations of a host, but for those that are nginx's own doing or stand in the server.

    ``number`` tells the names that are made for this host from those of others.
    """
    places = [place for place in host.locations if not is_nginx_own(place) and not is_of_server(place)]
    matches = [place.match for place in places]
    found, taken = list[Lines](), set[str]()
    for index, place in enumerate(places):
        name = f"{number}_{index}"
        inner = _inside(place, name, site)
        # nginx starts with no location twice; where the controller would write one twice, it serves what it served.
        new = [head for head in heads(place.match, matches) if head not in taken]
        taken.update(new)
        blocks = tuple(line for head in new for line in block(f"location {head}", inner.location))
        found.append(Lines(inner.http, (*inner.server, *blocks)))
    return joined(found)


def heads(match: Match, others: Sequence[Match]) -> tuple[str, ...]:
    """``updateServerLocations``, ``buildLocation``: a prefix goes by whole elements, so it is two locations."""
    path = match.value
    if match.kind is MatchKind.REGEX:
        return (f"~* {quoted(f'^{path}')}",)
    if match.kind is MatchKind.EXACT:
        return (f"= {quoted(path)}",)
    if path == "/":
        return ('"/"',)
    below = quoted(path if path.endswith("/") else f"{path}/")
    has_exact_twin = any(other.kind is MatchKind.EXACT and other.value == path for other in others)
    return (below,) if has_exact_twin else (below, f"= {quoted(path)}")


def _inside(location: Location, name: str, site: Site) -> Lines:
    known = Lines(location=tuple(_known(location)))
    if refusal := _first(location, Refusal):
        return joined([known, response_lines(location, name), Lines(location=(f"return {refusal.status};",))])
    return joined(
        [
            known,
            guard_lines(location, name, site),
            *(cors_lines(each) for each in location.behaviours if isinstance(each, Cors)),
            Lines(location=tuple(limit_lines(location))),
            Lines(location=request_lines(location.behaviours)),
            response_lines(location, name),
            _mirror(location, name, site),
            Lines(location=tuple(answer_lines(location))),
            header_lines(location, name),
            Lines(location=tuple(_elsewhere(location))),
            _passing(location, name, site),
        ]
    )


def _known(location: Location) -> Iterator[str]:
    """Variables that values of annotations may hold."""
    backend = location.backend
    values = {
        "namespace": location.owner.namespace,
        "ingress_name": location.owner.name,
        "service_name": backend.service if backend else "",
        "service_port": str(backend.port or "") if backend else "",
        "location_path": location.match.value,
    }
    yield from (f"set ${name} {text(value)};" for name, value in values.items())


def _elsewhere(location: Location) -> Iterator[str]:
    """nginx's rewrite module, line by line; what the controller does in Lua comes after it.

    A rewrite ends the module's turn, so the redirect to https stands before it, except where the rewrite redirects.
    """
    rewrite, to_https = _first(location, Rewrite), _first(location, SslRedirect)
    rewriting = [_rewrite(rewrite)] if rewrite else []
    if rewrite and rewrite.target.startswith(_ABSOLUTE):
        yield from rewriting
        rewriting = []
    if to_https:
        yield from ssl_redirect_lines(to_https)
    yield from rewriting


def _rewrite(rewrite: Rewrite) -> str:
    pattern = f"(?i){rewrite.pattern}" if rewrite.any_case else f"^{rewrite.pattern}"
    return f"rewrite {quoted(pattern)} {quoted(rewrite.target)} break;"


def _mirror(location: Location, name: str, site: Site) -> Lines:
    found = Lines()
    for index, mirror in enumerate(each for each in location.behaviours if isinstance(each, Mirror)):
        path, port = f"/_mirror-{name}-{index}", site.behind.backend(mirror.url)
        hidden = (f'proxy_set_header {header} "";' for header in (CLIENT, ESCAPED))
        asking = ("internal;", *hidden, f"proxy_pass http://127.0.0.1:{port};")
        found += Lines(server=block(f"location = {path}", asking), location=(f"mirror {path};",))
    return found


def _passing(location: Location, name: str, site: Site) -> Lines:
    """A location that ends with a slash needs this line, so that nginx redirects to it from without the slash."""
    if location.backend is None:
        return Lines(location=(TO_DEFAULT_BACKEND,))
    protocol = _first(location, BackendProtocol)
    tls = protocol is not None and protocol.protocol in ("https", "grpcs")
    scheme = "https" if tls else "http"
    main, split = site.address(location.backend, tls=tls), _first(location, Split)
    if split is None:
        return Lines(location=(f"proxy_pass {scheme}://{main};",))
    pairs = (("1", site.address(split.backend, tls=tls)), ("default", main))
    maps = (*choice(split, name), *mapping(f"$canary_{name}", f"backend_{name}", pairs))
    return Lines(http=maps, location=(f"proxy_pass {scheme}://$backend_{name};",))


def _first(location: Location, kind: type[Kind]) -> Kind | None:
    found: Iterator[Kind] = (behaviour for behaviour in location.behaviours if isinstance(behaviour, kind))
    return next(found, None)
