"""Sets of objects that one Envoy serves side by side, each at ports of its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.backends import Backends
from converter.verify.gateway.certificates import with_certificates
from converter.verify.gateway.listeners import listeners_of
from converter.verify.gateway.policies import AttachedPolicies
from converter.verify.gateway.routes import KINDS, Route
from converter.verify.proxies.envoy.chains import listener
from converter.verify.proxies.envoy.ports import ports_of
from converter.verify.proxies.envoy.rules import References

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from converter.verify.proxies.certificates import Certificates
    from converter.verify.proxies.envoy.clusters import Clusters
    from converter.verify.proxies.envoy.ports import Port

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class World:
    objects: Sequence[Mapping[str, Any]]
    services: Collection[tuple[str, str]] | None = None
    """Those that exist, by namespace and name; ``None`` for all of them."""
    gateway: tuple[str, str] | None = None
    """The one that requests arrive at, by namespace and name; ``None``: all have one address."""

    def ports(self) -> list[Port]:
        labels = {
            entry["metadata"]["name"]: entry["metadata"].get("labels", {})
            for entry in self.objects
            if entry["kind"] == "Namespace"
        }
        found = listeners_of(with_certificates(self.objects, self._grants()), labels)
        here = [each for each in found if self.gateway in (None, each.gateway)]
        return ports_of(here, self.routes(), labels)

    def routes(self) -> list[Route]:
        return [Route.read(entry) for entry in self.objects if entry["kind"] in KINDS]

    def references(self, clusters: Clusters, refused: frozenset[str]) -> References:
        extensions = {
            (entry["kind"], entry["metadata"].get("namespace", ""), entry["metadata"]["name"]): entry
            for entry in self.objects
        }
        through = {name: entry for name, entry in extensions.items() if name[0] == "Backend"}
        return References(
            Backends(self._grants(), self.services, through),
            extensions,
            clusters,
            refused,
            AttachedPolicies(self.objects),
        )

    def _grants(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """By namespace."""
        found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for entry in self.objects:
            if entry["kind"] == "ReferenceGrant":
                found[entry["metadata"].get("namespace", "")].append(entry)
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """A port of a world."""

    world: int
    port: Port


def places(worlds: Sequence[World]) -> list[Place]:
    return [Place(index, port) for index, world in enumerate(worlds) for port in world.ports()]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the objects of all worlds have around them on this machine."""

    clusters: Clusters
    certificates: Certificates
    refused: frozenset[str]
    """Patterns that RE2 does not take."""


def bootstrap(worlds: Sequence[World], open_at: Sequence[tuple[Place, int]], around: Surroundings) -> Json:
    """The whole configuration, ``envoy.config.bootstrap.v3.Bootstrap``: nothing is fetched, nobody administrates."""
    references = [world.references(around.clusters, around.refused) for world in worlds]
    listeners = [
        listener(f"{place.world} {place.port.number}", place.port, real, references[place.world], around.certificates)
        for place, real in open_at
    ]
    return {"static_resources": {"listeners": listeners, "clusters": around.clusters.rendered()}}
