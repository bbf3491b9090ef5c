"""Everything that had effect, or had none, and stands on no location: it is settled here, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ledger import Settlement, Verdict
from converter.routing import behaviour_origins
from converter.tables import controller_table
from converter.validity import parse_bool

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.controllers.ingress_nginx.conduct import Conduct
    from converter.ingress.model import Ingress
    from converter.ledger import Origin
    from converter.routing import RoutingTable


_UNUSED = {
    "location": "No path of this Ingress is served, or a redirect or a refusal answers before it.",
    "server": "An older Ingress of the host sets it, or no host of this Ingress is served.",
    "backend": "An older Ingress that uses the Service decides, or no path of this Ingress is served.",
    "stream": "No path of this Ingress is served.",
}


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
            yield from _canary(ingress, settings, carried)
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
    found = {*table.classes, *table.defaults, *table.trusts_forwarded, *table.default_certificate[2]}
    found.update(neighbour.origin for neighbour in table.neighbours)
    found.update(origin for port in table.ports for origin in port.origins)
    found.update(origin for option in table.options for origin in option.origins)
    for host in table.hosts:
        found.update((*host.origins, *host.passthrough))
        if host.certificate:
            found.update(host.certificate.origins)
        for location in host.locations:
            found.update(location.origins)
            for behaviour in location.behaviours:
                found.update(behaviour_origins(behaviour))
    found.update([origin.whole for origin in found if origin.whole])
    return found


def _canary(ingress: Ingress, settings: Settings, carried: set[Origin]) -> Iterable[Settlement]:
    """Of a canary only what concerns its Service counts; all else is the main Ingress's affair."""
    names = {origin.told: name for name, origin in settings.values.items()}
    told = {origin.told for origin in carried}
    for origin in ingress.origins():
        if origin in told or origin in ingress.ignored or origin in ingress.refused:
            continue
        if origin.key == "spec.rules.http.paths":
            message = "The main Service has another canary already, or no main Ingress serves this host and path."
            yield Settlement(origin, Verdict.INERT, "canary.unused", message)
        elif origin in names and _concerns_service(names[origin]):
            yield _annotation(names[origin], origin)
        else:
            message = "The main Ingress decides this; of a canary it has no effect."
            yield Settlement(origin, Verdict.INERT, "canary.ignored", message)


def _concerns_service(name: str) -> bool:
    row = controller_table("ingress-nginx").annotations.get(name)
    return row is not None and row.scope == "backend"


def _annotation(name: str, origin: Origin) -> Settlement:
    row = controller_table("ingress-nginx").annotations.get(name)
    if row is None:
        message = "ingress-nginx has never read it, and its value does not say a limit that could be carried."
        return Settlement(origin, Verdict.INERT, "rate-limit.unclear", message)
    if row.type == "bool" and row.default is not None and parse_bool(origin.value) == parse_bool(row.default):
        message = "The value is ingress-nginx's default, unless the controller's ConfigMap changes it."
        return Settlement(origin, Verdict.INERT, "annotation.default", message)
    return Settlement(origin, Verdict.INERT, "annotation.without-effect", row.unused or _UNUSED[row.scope])


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
