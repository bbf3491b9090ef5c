"""Several Gateways, each with an address of its own: a client arrives where the name of the host leads.

That is taken to be the Gateway with the closest route for the host. Objects with one Gateway have no such question.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from converter.verify.announced import owners
from converter.verify.gateway import Gateways
from converter.verify.gateway.hostnames import patterns_for
from converter.verify.gateway.listeners import LISTENER_SETS
from converter.verify.gateway.routes import KINDS
from converter.verify.written import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.ledger import Entry
    from converter.routing import RoutingTable
    from converter.verify.gateway import Taker
    from converter.verify.gateway.listeners import Listener
    from converter.verify.messages import Answer, Request
    from converter.verify.written import Identity

    Json = Mapping[str, Any]

GatewayName = tuple[str, str]
"""Namespace and name."""
Door = frozenset[GatewayName]
"""Gateways that share an address; empty for all of them."""


class Doors:
    """Answers as the Gateway does that a client of the host arrives at."""

    def __init__(self, objects: Sequence[Json]) -> None:
        self._objects = objects
        self._gateways = [identity_of(entry)[1:] for entry in objects if entry["kind"] == "Gateway"]
        self._all = Gateways(objects)
        self._some: dict[Door, Gateways] = {}
        self._by_hostname = _by_hostname(objects) if len(self._gateways) > 1 else {}

    @property
    def each(self) -> tuple[Door, ...]:
        """All that requests may arrive at; the first is that of all Gateways together."""
        some = {frozenset(names) for names in self._by_hostname.values()}
        return frozenset(), *sorted(filter(self._is_closer, some), key=sorted)

    def behind(self, door: Door) -> Sequence[Json]:
        """The objects without the Gateways that have other addresses."""
        return of_gateways(self._objects, door) if door else self._objects

    def door(self, request: Request) -> Door:
        """Where a client of the host arrives."""
        # patterns_for begins with the closest.
        patterns = patterns_for(request.hostname) if self._by_hostname and not request.port else ()
        found = frozenset(next((self._by_hostname[each] for each in patterns if each in self._by_hostname), ()))
        return found if self._is_closer(found) else frozenset()

    def answer(self, request: Request) -> Answer:
        return self._of(request).answer(request)

    def taker(self, request: Request) -> Taker | None:
        return self._of(request).taker(request)

    def listener(self, request: Request) -> Listener | None:
        return self._of(request).listener(request)

    def _of(self, request: Request) -> Gateways:
        door = self.door(request)
        if not door:
            return self._all
        if door not in self._some:
            self._some[door] = Gateways(self.behind(door))
        return self._some[door]

    def _is_closer(self, names: Door) -> bool:
        return bool(names) and len(names) != len(self._gateways)


def _by_hostname(objects: Sequence[Json]) -> dict[str, set[GatewayName]]:
    found: dict[str, set[GatewayName]] = defaultdict(set)
    above = _above(objects)
    for route in objects:
        if route["kind"] in KINDS:
            for hostname in route["spec"].get("hostnames") or [""]:
                found[hostname.lower()].update(_parents(route, above))
    return found


def of_gateways(objects: Iterable[Json], names: Iterable[GatewayName]) -> list[Json]:
    """The objects without Gateways of other names."""
    kept = set(names)
    return [entry for entry in objects if entry["kind"] != "Gateway" or identity_of(entry)[1:] in kept]


def gateways_of(table: RoutingTable, entries: Iterable[Entry], objects: Sequence[Json]) -> set[GatewayName]:
    """Those that the Ingresses of one table went to, as the ledger has it; empty where none of them is there."""
    concerned = {(source.namespace, source.name) for host in table.hosts for source in owners(host)}
    concerned |= {(origin.source.namespace, origin.source.name) for origin in table.classes}
    made: set[Identity] = {
        (result.kind, result.namespace, result.name)
        for entry in entries
        if entry.origin.source.kind == "Ingress"
        and (entry.origin.source.namespace, entry.origin.source.name) in concerned
        for result in entry.results
    }
    above = _above(objects)
    found: set[GatewayName] = set()
    for entry in objects:
        if identity_of(entry) in made:
            found.update([identity_of(entry)[1:]] if entry["kind"] == "Gateway" else _parents(entry, above))
    return found


def _above(objects: Iterable[Json]) -> dict[GatewayName, GatewayName]:
    """The Gateway of each ListenerSet."""
    sets = (entry for entry in objects if entry["kind"] in LISTENER_SETS)
    return {identity_of(entry)[1:]: _named(entry["spec"]["parentRef"], identity_of(entry)[1]) for entry in sets}


def _parents(route: Json, above: Mapping[GatewayName, GatewayName]) -> Iterator[GatewayName]:
    for reference in route.get("spec", {}).get("parentRefs") or ():
        name = _named(reference, identity_of(route)[1])
        if reference.get("kind", "Gateway") in LISTENER_SETS:
            if name in above:
                yield above[name]
        else:
            yield name


def _named(reference: Json, home: str) -> GatewayName:
    return reference.get("namespace", home), reference["name"]
