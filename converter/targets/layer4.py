"""What is passed on without being read: ports, and hosts whose connections stay encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from converter.gateway.drafts import BackendRef, Passthrough, PortDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.ledger import Settlement
    from converter.routing import Backend, RoutingTable, VirtualHost
    from converter.targets.carry import Target


def draft_ports(table: RoutingTable, target: Target) -> tuple[list[PortDraft], list[Settlement]]:
    """The ports that have a route, and what becomes of the others."""
    drafts: list[PortDraft] = []
    lost: list[Settlement] = []
    rows = target.table.rows
    for port in table.ports:
        kind: Literal["TCP", "UDP"] = "TCP" if port.protocol == "tcp" else "UDP"
        backend = _reference(port.backend)
        if backend is None or target.release.form(f"{kind}Route") is None:
            row = rows["port.unknown" if backend is None else "port.lost"]
            lost.extend(row.settle(origin) for origin in port.origins)
            continue
        row = rows["port.proxy-lost" if port.decodes_proxy or port.encodes_proxy else "port"]
        drafts.append(PortDraft(kind, port.number, backend, port.owner, row.notes(port.origins, "backendRefs")))
    return drafts, lost


def draft_passthrough(host: VirtualHost, target: Target) -> tuple[Passthrough | None, list[Settlement]]:
    """ingress-nginx passes on what belongs to ``/``, whatever else the host has."""
    root = next((place for place in host.locations if place.match.value == "/" and place.backend), None)
    backend = _reference(root.backend) if root else None
    if backend and target.release.form("TLSRoute"):
        row = target.table.rows["tls.passthrough"]
        return Passthrough(backend, row.notes(host.passthrough, "backendRefs")), []
    return None, list(_lost(host, target))


def _lost(host: VirtualHost, target: Target) -> Iterable[Settlement]:
    row = target.table.rows["tls.passthrough-lost"]
    return (row.settle(origin) for origin in host.passthrough)


def _reference(backend: Backend | None) -> BackendRef | None:
    if backend is None or backend.port is None:
        return None
    return BackendRef(backend.namespace, backend.service, backend.port)
