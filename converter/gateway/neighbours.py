"""Annotations of other programs, such as cert-manager and external-dns, go where those programs read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from converter.gateway.listeners import Annotations, GatewayId, Holder
    from converter.gateway.objects import Json
    from converter.ledger import Settlement, Source
    from converter.routing import Neighbour
    from converter.targets.table import TargetTable

_NEEDS_CERTIFICATE = "cert-manager.io/"


class Neighbourhood:
    """The annotations of one table, by what they have to stand on."""

    def __init__(self, neighbours: Sequence[Neighbour], gateway_of: Callable[[Source], GatewayId]) -> None:
        self._all = neighbours
        self._gateway_of = gateway_of
        self._gateways: dict[GatewayId, list[Neighbour]] = defaultdict(list)
        self._beside: dict[Source, list[tuple[str, str]]] = defaultdict(list)
        self._routes: dict[Source, list[tuple[int, Neighbour]]] = defaultdict(list)
        for index, neighbour in enumerate(neighbours):
            if neighbour.place == "gateway":
                self._gateways[gateway_of(neighbour.owner)].append(neighbour)
                self._beside[neighbour.owner].append((neighbour.key, neighbour.value))
            else:
                self._routes[neighbour.owner].append((index, neighbour))

    def beside_listeners(self, owner: Source) -> Annotations:
        """What has to stand on the object with the listeners whose certificate this Ingress brought."""
        return tuple(sorted(self._beside.get(owner, ())))

    def on_routes(self, owners: Iterable[Source]) -> Annotations:
        """What has to stand on a route made of these Ingresses; of two values for one key that of the oldest stays."""
        members = sorted((pair for owner in set(owners) for pair in self._routes.get(owner, ())), key=lambda p: p[0])
        found: dict[str, str] = {}
        for _, neighbour in members:
            found.setdefault(neighbour.key, neighbour.value)
        return tuple(sorted(found.items()))

    def on_gateway(self, holder: Holder, taken: Collection[tuple[str, str]]) -> Annotations:
        """Those of its listeners, and those of Ingresses without a certificate as far as they agree.

        cert-manager does nothing for an Ingress without TLS, so what is meant for it must not reach the others'
        listeners. ``taken`` is what stands on any object with listeners.
        """
        found = dict(holder.annotations)
        for neighbour in self._gateways.get(holder.gateway, ()):
            if not neighbour.key.startswith(_NEEDS_CERTIFICATE) and (neighbour.key, neighbour.value) not in taken:
                found.setdefault(neighbour.key, neighbour.value)
        return tuple(sorted(found.items()))

    def settle(
        self, carriers: Mapping[Source, Sequence[Json]], gateways: Mapping[GatewayId, Json], target: TargetTable
    ) -> Iterable[Settlement]:
        """The verdict on each: every object of its Ingress that carries it is a result.

        ``carriers`` are the objects that an Ingress had a part in.
        """
        for neighbour in self._all:
            row = target.rows[f"neighbour.{neighbour.place}"]
            note = row.note(neighbour.origin, f"metadata.annotations[{neighbour.key}]")
            note = replace(note, advice=neighbour.advice or note.advice)
            gateway = gateways.get(self._gateway_of(neighbour.owner))
            found = [*carriers.get(neighbour.owner, ()), *([gateway] if gateway else [])]
            settled = [note.settle(*_identity(entry), "") for entry in found if _carries(entry, neighbour)]
            yield from settled or [target.rows["neighbour.no-place"].settle(neighbour.origin)]


def _carries(entry: Json, neighbour: Neighbour) -> bool:
    on_route = entry["kind"] == "HTTPRoute"
    annotations = entry["metadata"].get("annotations", {})
    return on_route == (neighbour.place == "route") and bool(annotations.get(neighbour.key) == neighbour.value)


def _identity(entry: Json) -> tuple[str, str, str]:
    metadata = entry["metadata"]
    return entry["kind"], metadata.get("namespace", ""), metadata["name"]
