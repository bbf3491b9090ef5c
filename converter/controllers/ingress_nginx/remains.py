"""Everything that had effect, or had none, and stands on no location: it is settled here, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ledger import Settlement, Verdict
from converter.tables import controller_table
from converter.validity import parse_bool

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.controllers.ingress_nginx.conduct import Conduct
    from converter.ingress.model import Ingress
    from converter.ledger import Origin
    from converter.routing import RoutingTable


def settle_remains(
    kept: Sequence[tuple[Ingress, Settings]], conducts: Sequence[Conduct], table: RoutingTable, settled: set[Origin]
) -> Iterable[Settlement]:
    """Settle what no part of the table carries; ``settled`` is what has its verdict already."""
    carried = carried_origins(table) | settled
    for (ingress, settings), conduct in zip(kept, conducts, strict=True):
        for origin in ingress.ignored:
            yield Settlement(origin, Verdict.INERT, "field.unknown", "The API has no such field; a server drops it.")
        for origin in ingress.refused:
            yield Settlement(
                origin, Verdict.INERT, "field.refused", "An API server refuses it, so no cluster serves it."
            )
        if conduct.canary:
            yield from _canary(ingress, carried)
            continue
        for name, origin in settings.values.items():
            if origin not in carried:
                yield _annotation(name, origin)
        yield from (_field(origin) for origin in _fields(ingress) if origin not in carried)


def _fields(ingress: Ingress) -> Iterable[Origin]:
    """The fields that ingress-nginx gets to see."""
    unseen = {*ingress.ignored, *ingress.refused}
    return (origin for origin in ingress.origins() if origin.type == "field" and origin not in unseen)


def carried_origins(table: RoutingTable) -> set[Origin]:
    """Every origin that the table hands on to the target."""
    found = {*table.classes, *table.defaults, *(neighbour.origin for neighbour in table.neighbours)}
    for host in table.hosts:
        found.update(host.origins)
        if host.certificate:
            found.update(host.certificate.origins)
        for location in host.locations:
            found.update(location.origins)
            for behaviour in location.behaviours:
                found.update(behaviour.origins)
    return found


def _canary(ingress: Ingress, carried: set[Origin]) -> Iterable[Settlement]:
    message = "The share of requests that this canary takes is not carried over; all go to the main Ingress."
    advice = "Add the canary Service as a weighted backendRef of the rule, or finish the roll-out first."
    for origin in ingress.origins():
        if origin not in carried:
            yield Settlement(origin, Verdict.UNTRANSLATED, "canary.untranslated", message, advice)


def _annotation(name: str, origin: Origin) -> Settlement:
    row = controller_table("ingress-nginx").annotations.get(name)
    if row is None:
        message = "ingress-nginx has never read it, and its value does not say a limit that could be carried."
        return Settlement(origin, Verdict.INERT, "rate-limit.unclear", message)
    if row.type == "bool" and row.default is not None and parse_bool(origin.value) == parse_bool(row.default):
        message = "The value is ingress-nginx's default, unless the controller's ConfigMap changes it."
        return Settlement(origin, Verdict.INERT, "annotation.default", message)
    if row.unused:
        return Settlement(origin, Verdict.INERT, "annotation.without-effect", row.unused)
    return Settlement(
        origin,
        Verdict.UNTRANSLATED,
        f"{row.topic}.untranslated",
        f"Not carried over: {row.effect}",
        "Find out whether the application needs it, and configure it on the Gateway by hand.",
    )


def _field(origin: Origin) -> Settlement:
    if origin.key == "spec.tls":
        message = (
            "No host is served with this entry: an older Ingress brings the certificate, or no rule names its hosts."
        )
        return Settlement(origin, Verdict.INERT, "tls.unused", message)
    if origin.key == "spec.defaultBackend":
        message = "No host falls back on it: another Ingress declares them first, or the backend is no Service."
        return Settlement(origin, Verdict.INERT, "default-backend.unused", message)
    message = "It changes nothing: nothing is served because of it."
    return Settlement(origin, Verdict.INERT, "field.without-effect", message)
