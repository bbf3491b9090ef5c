"""The road a document travels, from documents to objects and a closed ledger; DESIGN in ``docs/design.md``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from converter import ledger
from converter.controllers import ingress_nginx
from converter.gateway.assembly import TableDraft, assemble
from converter.gateway.topology import Topology, sharing_key
from converter.inventory import KUBECTL_NAMESPACE, take_stock
from converter.targets.auth_services import with_auth_services
from converter.targets.authorities import certificate_of, guarded_hosts
from converter.targets.hosts import draft_host
from converter.targets.layer4 import draft_ports
from converter.targets.options import lost_options, options_everywhere
from converter.targets.origins import written_origins
from converter.targets.shadows import with_lent_certificates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from converter.gateway.objects import Json
    from converter.inventory import Inventory
    from converter.problems import Problem
    from converter.read import Reading
    from converter.routing import RoutingTable
    from converter.targets.carry import Target


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a run made of its input."""

    objects: tuple[Json, ...]
    entries: tuple[ledger.Entry, ...]
    problems: tuple[Problem, ...]
    ingresses: int
    files: int
    tables: tuple[RoutingTable, ...] = ()
    """What the source controllers do with requests; the objects are to do the same."""


def convert(
    reading: Reading,
    target: Target,
    controller: ingress_nginx.Options,
    topology: Topology | None = None,
    namespace: str = "",
) -> Conversion:
    """Convert what was read: a function of its arguments alone, the same result on every run.

    ``namespace`` is that of objects that name none.
    """
    return next(convert_for_each(reading, [target], controller, topology, namespace))


def convert_for_each(
    reading: Reading,
    targets: Iterable[Target],
    controller: ingress_nginx.Options,
    topology: Topology | None = None,
    namespace: str = "",
) -> Iterator[Conversion]:
    """The same for several targets, one after the other; what the source does is found out once."""
    understand = cache(partial(_understand, reading, controller, topology or Topology()))
    for target in targets:
        yield _convert(understand, target, namespace)


@dataclass(frozen=True, slots=True)
class _Understood:
    """What the source controllers do, before anything is written for a target."""

    inventory: Inventory
    source: ingress_nginx.Outcome
    topology: Topology
    opened: tuple[ledger.Origin, ...]
    problems: tuple[Problem, ...]
    files: int


def _understand(reading: Reading, controller: ingress_nginx.Options, topology: Topology, namespace: str) -> _Understood:
    named = topology.namespace or topology.default_certificate[0]
    inventory, faults = take_stock(reading.documents, namespace or (KUBECTL_NAMESPACE if named else ""))
    source = ingress_nginx.routing_tables(inventory, controller)
    return _Understood(
        inventory=inventory,
        source=source,
        topology=_with_default_certificate(topology, source.tables),
        opened=(*(origin for ingress in inventory.ingresses for origin in ingress.origins()), *source.opened),
        problems=tuple(sorted({*reading.problems, *faults, *source.problems}, key=lambda p: (p.file, p.line, p.code))),
        files=reading.files,
    )


def _convert(understand: Callable[[str], _Understood], target: Target, namespace: str) -> Conversion:
    known = understand(namespace)
    source, topology = known.source, known.topology
    drafts, lost = [], []
    for table in source.tables:
        draft, settled = _draft(table, target, topology)
        drafts.append(draft)
        lost.extend(settled)
    result = assemble(drafts, target.table, target.release, topology)
    if result.needs_namespace and not namespace:
        return _convert(understand, target, KUBECTL_NAMESPACE)
    variant = "named" if topology.default_certificate[1] else ""
    defaults = [target.table.default(origin, variant) for table in source.tables for origin in table.defaults]
    return Conversion(
        objects=result.objects,
        entries=ledger.close(known.opened, [*source.settlements, *lost, *result.settlements, *defaults]),
        problems=known.problems,
        ingresses=len(known.inventory.ingresses),
        files=known.files,
        tables=source.tables,
    )


def _with_default_certificate(topology: Topology, tables: Sequence[RoutingTable]) -> Topology:
    """That of the controller, unless an option names another."""
    found = next((table.default_certificate for table in tables if table.default_certificate[1]), None)
    if topology.default_certificate[1] or found is None:
        return topology
    return replace(topology, default_certificate=found[:2])


def _draft(table: RoutingTable, target: Target, topology: Topology) -> tuple[TableDraft, list[ledger.Settlement]]:
    """What the target wants for one controller, and what it cannot say about its ports."""
    everywhere = bool(topology.default_certificate[1])
    owners = partial(sharing_key, topology=topology)
    guarded = guarded_hosts(table, owners, https_everywhere=everywhere)
    asking = [host.name for host in table.hosts if certificate_of(host)]
    certificates = bool(asking) and guarded.issuperset(asking)
    gateways = target.gateway(table, replace(target, client_certificates=certificates, https_everywhere=everywhere))
    told = written_origins([gateways])
    everywhere_else = options_everywhere(table, target.table, told.keys())
    target = replace(target, everywhere=everywhere_else, told=frozenset(told))
    drafted = (
        draft_host(host, replace(target, client_certificates=host.name in guarded), https_everywhere=everywhere)
        for host in with_auth_services(with_lent_certificates(table.hosts))
    )
    hosts = [target.host(host, owners) for host in drafted]
    ports, lost = draft_ports(table, target)
    lost.extend(target.table.rows["certificate-for-all"].settle(origin) for origin in table.default_certificate[2])
    lost.extend(note.settle_without_result() for note in gateways.notes)
    lost.extend(lost_options(table, target.table, hosts, told.keys()))
    return TableDraft(table, hosts, ports, gateways.listener_policies, gateways.gateway_parameters), lost
