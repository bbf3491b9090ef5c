"""Annotations of other programs, such as cert-manager and external-dns, go where those programs read them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from converter.gateway.listeners import Annotations, GatewayId, Holder
    from converter.gateway.objects import Json
    from converter.ledger import Settlement, Source
    from converter.routing import Neighbour
    from converter.targets.table import TargetTable

_NEEDS_CERTIFICATE = "cert-manager.io/"


def beside_listeners(neighbours: Iterable[Neighbour], owner: Source) -> Annotations:
    """What has to stand on the object with the listeners whose certificate this Ingress brought."""
    return tuple(sorted((n.key, n.value) for n in neighbours if n.place == "gateway" and n.owner == owner))


def on_routes(neighbours: Iterable[Neighbour], owners: Iterable[Source]) -> Annotations:
    """What has to stand on a route made of these Ingresses; of two values for one key the first stays."""
    wanted = set(owners)
    found: dict[str, str] = {}
    for neighbour in neighbours:
        if neighbour.place == "route" and neighbour.owner in wanted:
            found.setdefault(neighbour.key, neighbour.value)
    return tuple(sorted(found.items()))


def on_gateway(
    neighbours: Iterable[Neighbour],
    holder: Holder,
    holders: Iterable[Holder],
    gateway_of: Callable[[Source], GatewayId],
) -> Annotations:
    """Those of its listeners, and those of Ingresses without a certificate as far as they agree.

    cert-manager does nothing for an Ingress without TLS, so what is meant for it must not reach the others' listeners.
    """
    found = dict(holder.annotations)
    taken = {pair for other in holders for pair in other.annotations}
    for neighbour in neighbours:
        apart = neighbour.key.startswith(_NEEDS_CERTIFICATE) or (neighbour.key, neighbour.value) in taken
        if neighbour.place == "gateway" and not apart and gateway_of(neighbour.owner) == holder.gateway:
            found.setdefault(neighbour.key, neighbour.value)
    return tuple(sorted(found.items()))


def settle(neighbours: Iterable[Neighbour], emitted: Sequence[Json], target: TargetTable) -> Iterable[Settlement]:
    """The verdict on each: every emitted object that carries it is a result."""
    kinds = {"gateway": ("Gateway", "ListenerSet", "XListenerSet"), "route": ("HTTPRoute",)}
    carriers: dict[tuple[str, str, str], list[Json]] = {}
    for entry in emitted:
        for key, value in entry["metadata"].get("annotations", {}).items():
            carriers.setdefault((entry["kind"], key, value), []).append(entry)
    for neighbour in neighbours:
        row = target.rows[f"neighbour.{neighbour.place}"]
        note = row.note(neighbour.origin, f"metadata.annotations[{neighbour.key}]")
        note = replace(note, advice=neighbour.advice or note.advice)
        found = [e for k in kinds[neighbour.place] for e in carriers.get((k, neighbour.key, neighbour.value), ())]
        for entry in found:
            meta = entry["metadata"]
            yield note.settle(entry["kind"], meta.get("namespace", ""), meta["name"], "")
        if not found:
            yield target.rows["neighbour.no-place"].settle(neighbour.origin)
