"""Which routes a thing holds for: what it stands on in the routing table, or else all of its Ingress."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from converter.routing import Redirect, behaviour_origins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from converter.ledger import Origin, Source
    from converter.routing import Location, RoutingTable, VirtualHost


class Route(NamedTuple):
    """A path of a host, or a port, that is served."""

    environment: str
    host: str
    kind: str
    value: str


_Routes = frozenset[Route]
_NONE: _Routes = frozenset()


class Routes:
    """All routes of the controllers of one conversion."""

    def __init__(self, tables: Sequence[RoutingTable], environment: str) -> None:
        by_origin: dict[Origin, set[Route]] = defaultdict(set)
        by_owner: dict[tuple[str, ...], set[Route]] = defaultdict(set)
        self._meant: dict[Origin, Origin] = {}
        for owner, route, host, origins in _listed(tables, environment):
            by_owner[_identity(owner)].add(route)
            by_owner[*_identity(owner), host].add(route)
            for origin in origins:
                by_origin[origin.told].add(route)
                self._meant.setdefault(origin.told, origin)
        self._by_origin = {origin: frozenset(found) for origin, found in by_origin.items()}
        self._by_owner = {owner: frozenset(found) for owner, found in by_owner.items()}
        self.all: _Routes = frozenset().union(*self._by_owner.values())

    def of(self, origin: Origin) -> _Routes:
        """Those that an entry of the ledger is about; a default may be about one host of its Ingress."""
        if found := self._by_origin.get(origin):
            return found
        if origin.source.kind != "Ingress":
            return self.all
        owner = _identity(origin.source)
        whole = self._by_owner.get(owner, _NONE)
        return self._by_owner.get((*owner, origin.value), whole) if origin.type == "default" else whole

    def meant(self, origin: Origin) -> Origin:
        """What the controller would have read, where the ledger tells of an annotation of the user's own."""
        return self._meant.get(origin, origin)


def _identity(source: Source) -> tuple[str, str]:
    return source.namespace, source.name


def _listed(
    tables: Iterable[RoutingTable], environment: str
) -> Iterator[tuple[Source, Route, str, tuple[Origin, ...]]]:
    """Each route with its owner, its host, and what stands on it."""
    for table in tables:
        for host in table.hosts:
            of_host = _origins_of_host(host)
            for location in filter(_is_served, host.locations):
                route = Route(environment, host.name, location.match.kind.value, location.match.value)
                own = (origin for behaviour in location.behaviours for origin in behaviour_origins(behaviour))
                yield location.owner, route, host.name, (*location.origins, *own, *of_host)
        for port in table.ports:
            yield port.owner, Route(environment, "", port.protocol, str(port.number)), "", port.origins


def _origins_of_host(host: VirtualHost) -> tuple[Origin, ...]:
    return (*host.origins, *host.passthrough, *(host.certificate.origins if host.certificate else ()))


def _is_served(location: Location) -> bool:
    """Not the 404 that the controller adds to a host by itself."""
    answers = any(isinstance(behaviour, Redirect) for behaviour in location.behaviours)
    return bool(location.origins or location.backend or answers)
