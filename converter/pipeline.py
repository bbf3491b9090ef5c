"""The road a document travels, from documents to objects and a closed ledger; DESIGN in ``docs/design.md``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter import ledger
from converter.controllers import ingress_nginx
from converter.gateway.assembly import assemble
from converter.gateway.topology import Topology
from converter.inventory import KUBECTL_NAMESPACE, take_stock
from converter.targets.plan import draft_host

if TYPE_CHECKING:
    from converter.gateway.objects import Json
    from converter.problems import Problem
    from converter.read import Reading
    from converter.targets.carry import Target


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a run made of its input."""

    objects: tuple[Json, ...]
    entries: tuple[ledger.Entry, ...]
    problems: tuple[Problem, ...]
    ingresses: int
    files: int


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
    topology = topology or Topology()
    named = topology.namespace or topology.default_certificate[0]
    inventory, faults = take_stock(reading.documents, namespace or (KUBECTL_NAMESPACE if named else ""))
    source = ingress_nginx.routing_tables(inventory, controller)
    https_everywhere = bool(topology.default_certificate[1])
    drafts = [
        (table, [draft_host(host, target, https_everywhere=https_everywhere) for host in table.hosts])
        for table in source.tables
    ]
    result = assemble(drafts, target.table, target.release, topology)
    variant = "named" if https_everywhere else ""
    defaults = [target.table.default(origin, variant) for table in source.tables for origin in table.defaults]
    opened = [origin for ingress in inventory.ingresses for origin in ingress.origins()]
    return Conversion(
        objects=result.objects,
        entries=ledger.close(opened, [*source.settlements, *result.settlements, *defaults]),
        problems=tuple(sorted({*reading.problems, *faults, *source.problems}, key=lambda p: (p.file, p.line, p.code))),
        ingresses=len(inventory.ingresses),
        files=reading.files,
    )
