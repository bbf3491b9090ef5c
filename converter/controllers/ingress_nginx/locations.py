"""The places of a server become locations as nginx matches them.

ingress-nginx: ``updateServerLocations``, ``buildLocation``. The redirect for a missing trailing slash is nginx's own.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from converter.controllers.ingress_nginx.conduct import Https
from converter.controllers.ingress_nginx.conduct.redirects import redirect_status, redirect_to, relatively
from converter.controllers.ingress_nginx.conduct.words import listed
from converter.controllers.ingress_nginx.reached import ANSWERS, is_set, reached
from converter.controllers.ingress_nginx.snippet_locations import locations_of_snippets, said_by_snippets
from converter.ledger import Origin
from converter.problems import Problem
from converter.routing import (
    Backend,
    Hsts,
    Location,
    Match,
    MatchKind,
    PlainHttp,
    Redirect,
    Refusal,
    RegexPath,
    ResponseHeaders,
    Rewrite,
    Split,
    SslRedirect,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.controllers.ingress_nginx.conduct import Conduct
    from converter.controllers.ingress_nginx.conduct.snippets import Everywhere
    from converter.controllers.ingress_nginx.conduct.upstream import Canary
    from converter.controllers.ingress_nginx.servers import Place, Server
    from converter.controllers.ingress_nginx.upstreams import Key, Upstream
    from converter.ingress.model import Backend as WrittenBackend
    from converter.inventory import Service
    from converter.routing import Behaviour, VirtualHost


def locations_of(
    server: Server,
    upstreams: Mapping[Key, Upstream],
    services: Mapping[tuple[str, str], Service],
    common: Everywhere,
    *,
    tls: bool,
) -> tuple[Location, ...]:
    """All locations of a host in nginx's order; ``tls`` says whether a certificate is configured for the host."""
    places = sorted(server.places.values(), key=lambda place: place.path, reverse=True)
    places.sort(key=lambda place: len(place.path), reverse=True)
    regex = any(_asks_for_regex(place) for place in places)
    found: list[Location] = []
    matches: set[Match] = set()
    for place in places:
        said = said_by_snippets(place, server, common, regex=regex)
        behaviours = _behaviours(place, server, said, _shared(place, upstreams, services), tls=tls)
        backend = _backend(place, services)
        owner = place.conduct.ingress.source if place.conduct else server.first.ingress.source
        origins = tuple(filter(None, [place.origin or place.fallback]))
        match = _regex_match(place, server) if regex else _plain_match(place)
        if _is_never_tried(match, matches) if regex else _is_covered(place, server):
            continue
        matches.add(match)
        found.append(Location(match, owner, origins, backend, behaviours))
        if not regex and (missing := _missing_slash(place, server, said[0], behaviours)):
            found.append(missing)
    blocks = list(locations_of_snippets(server, common, regex=regex))
    first = [*_app_root(places), *(block for block in blocks if block.match.kind is not MatchKind.PREFIX)]
    taken = {place.match for place in (*first, *blocks)}
    found = [place for place in found if place.match not in taken]
    if prefixes := [block for block in blocks if block.match.kind is MatchKind.PREFIX]:
        found = sorted([*prefixes, *found], key=lambda place: len(place.match.value), reverse=True)
    return (*first, *found)


def _is_never_tried(match: Match, earlier: set[Match]) -> bool:
    """Whatever ``^/p/`` matches, an earlier ``^/p`` has taken."""
    return match in earlier or Match(match.kind, match.value.removesuffix("/")) in earlier


def _is_covered(place: Place, server: Server) -> bool:
    """``/p`` as a prefix, where ``/p`` as an exact path and ``/p/`` as a prefix take everything that it would."""
    if place.exact or place.path.endswith("/"):
        return False
    return (place.path, True) in server.places and (f"{place.path}/", False) in server.places


def _asks_for_regex(place: Place) -> bool:
    """One such location turns all locations of its host into regular expressions (``enforceRegexModifier``)."""
    conduct = place.conduct
    return bool(conduct and not place.plain and (conduct.regex or _rewrites(conduct, place.path)))


def _rewrites(conduct: Conduct, path: str) -> bool:
    return bool(conduct.rewrite and conduct.rewrite.value != path)


def _plain_match(place: Place) -> Match:
    return Match(MatchKind.EXACT if place.exact else MatchKind.PREFIX, place.path)


def _regex_match(place: Place, server: Server) -> Match:
    """``/p/`` only where an exact twin takes ``/p``; elsewhere the block for ``/p`` covers the one for ``/p/``."""
    path = place.path
    normalised = not place.exact and path != "/" and not _asks_for_regex(place)
    if normalised and (path, True) in server.places and not path.endswith("/"):
        path += "/"
    return Match(MatchKind.REGEX, path)


def _missing_slash(
    place: Place, server: Server, around: Iterable[Behaviour], behaviours: Sequence[Behaviour]
) -> Location | None:
    """nginx answers ``/p`` with 301 to ``/p/`` when only ``/p/`` is there, and sends it on to its backend.

    That is before the rewrite module, so of the headers of ``/p/`` those of CORS are not on it; but after what snippets
    ``around`` the locations answer.
    """
    bare = place.path[:-1]
    if not place.path.endswith("/") or not bare or not place.conduct:
        return None
    if any(isinstance(each, Refusal) for each in behaviours):
        return None
    if (bare, True) in server.places or (bare, False) in server.places:
        return None
    if not place.exact and (place.path, True) in server.places:
        return None
    source = place.conduct.ingress.source
    origin = Origin(source, "default", "trailing-slash", place.path)
    redirect = Redirect(301, (origin,), path=place.path, keeps_query=True, kind="trailing-slash")
    redirect = relatively(redirect, place.conduct.settings)
    headers = (each for each in behaviours if isinstance(each, ResponseHeaders | Hsts))
    earlier = (each for each in around if isinstance(each, ANSWERS))
    return Location(Match(MatchKind.EXACT, bare), source, (), None, reached([*earlier, redirect, *headers]))


def _app_root(places: Iterable[Place]) -> tuple[Location, ...]:
    """Written once for each location; nginx acts on the first, which belongs to the longest path."""
    for place in places:
        conduct = place.conduct
        if conduct and conduct.app_root and not place.plain:
            redirect = redirect_to(conduct.app_root.value, 302, (conduct.app_root,))
            return (Location(Match(MatchKind.EXACT, "/"), conduct.ingress.source, (), None, (redirect,)),)
    return ()


def _behaviours(
    place: Place,
    server: Server,
    said: tuple[list[Behaviour], list[Behaviour]],
    shared: Iterable[Behaviour],
    *,
    tls: bool,
) -> tuple[Behaviour, ...]:
    """In nginx's order as far as it counts: a snippet around the location answers first, one in it after a redirect."""
    conduct = place.conduct
    if conduct is None:
        return (server.guard,) if server.guard else ()
    outer, inner = said
    found: list[Behaviour] = [server.guard] if server.guard else []
    found.extend(conduct.guards_without_auth if conduct.exempts(place.path) else conduct.guards)
    found.extend(each for each in outer if isinstance(each, ANSWERS))
    found.extend([conduct.redirect] if conduct.redirect and not place.plain else [])
    found.extend(each for each in inner if isinstance(each, ANSWERS))
    if not place.plain:
        found.extend([] if any(isinstance(each, SslRedirect) for each in found) else _https(place, conduct, tls=tls))
        found.extend(_rewriting(place, conduct))
    found.extend((*conduct.behaviours, *shared, *server.settings.values()))
    found.extend(each for each in (*outer, *inner) if not isinstance(each, ANSWERS) and not is_set(each, found))
    return reached(found)


def _shared(
    place: Place, upstreams: Mapping[Key, Upstream], services: Mapping[tuple[str, str], Service]
) -> Iterable[Behaviour]:
    """What holds for the Service port, whichever Ingress set it; the cookie is that of the path's own Ingress."""
    upstream = upstreams.get(place.upstream) if place.upstream else None
    if upstream is None:
        return
    yield from upstream.first.service_settings
    if place.conduct and place.conduct.affinity:
        yield place.conduct.affinity
    if upstream.alternatives:
        other, places = upstream.alternatives[0]
        canary = other.first.canary
        backend = resolve(other.backend, other.key[0], services)
        if canary and backend:
            yield Split(backend=backend, places=tuple(places), **_fields(canary))


def _fields(canary: Canary) -> dict[str, Any]:
    return {entry.name: getattr(canary, entry.name) for entry in fields(canary)}


def _https(place: Place, conduct: Conduct, *, tls: bool) -> Iterable[Behaviour]:
    configuration = conduct.settings.configuration
    if any(place.path.startswith(prefix) for prefix in listed(configuration.text("no-tls-redirect-locations"))):
        return
    if conduct.https is Https.ALWAYS or (tls and conduct.https is Https.WITH_CERTIFICATE):
        yield SslRedirect(redirect_status(configuration), conduct.https_origins, conduct.strips_slash)
    elif tls:
        yield PlainHttp(conduct.https_origins)


def _rewriting(place: Place, conduct: Conduct) -> Iterable[Behaviour]:
    if conduct.regex:
        yield RegexPath((conduct.regex,))
    target = conduct.rewrite
    if target is None or target.value == place.path:
        return
    if target.value.startswith(("http://", "https://")) and "$" not in target.value:
        yield redirect_to(target.value, 302, (target,), keeps_query=True)
    else:
        yield Rewrite(place.path, target.value, (target,))
        yield from conduct.with_rewrite


def _backend(place: Place, services: Mapping[tuple[str, str], Service]) -> Backend | None:
    return resolve(place.backend, place.namespace, services) if place.backend else None


def resolve(backend: WrittenBackend, namespace: str, services: Mapping[tuple[str, str], Service]) -> Backend | None:
    """The Service port a backend means; a number without its Service in the input is taken as the port."""
    if backend.service is None:
        return None
    service = services.get((namespace, backend.service))
    found = service.find(backend.port) if service and backend.port is not None else None
    port = found.port if found else backend.port if isinstance(backend.port, int) else None
    return Backend(
        namespace,
        backend.service,
        port,
        external=bool(service and service.external_name),
        app_protocol=found.app_protocol if found else "",
    )


def unknown_ports(hosts: Iterable[VirtualHost]) -> Iterable[Problem]:
    """Backends whose port is a name that no Service in the input explains."""
    for host in hosts:
        for location in host.locations:
            if location.backend and location.backend.port is None and location.origins:
                at = location.origins[0].source
                yield Problem(
                    at.file,
                    at.line,
                    "port-unknown",
                    f"The input has no Service {location.backend.service} with the port that this backend names.",
                    "Convert the Service's manifest along with the Ingress, or write the port's number.",
                )
