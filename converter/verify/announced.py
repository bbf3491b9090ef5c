"""Whether the ledger says that two answers differ: each row of a target's table names the aspects it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import behaviour_origins
from converter.verify.source.hosts import find_host
from converter.verify.source.paths import normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from converter.ledger import Entry, Source
    from converter.routing import RoutingTable, VirtualHost
    from converter.targets.table import TargetTable
    from converter.verify.compare import Difference
    from converter.verify.messages import Request

    Asked = tuple[Request, RoutingTable]

Identity = tuple[str, str, str]


def announcements(
    difference: Difference, request: Request, table: RoutingTable, entries: Iterable[Entry], target: TargetTable
) -> tuple[Entry, ...]:
    """The entries that announce the difference, for an Ingress that has a part in the host of the request."""
    concerned, asked = _concerned(table, request), (request, table)
    found = []
    for entry in entries:
        rows = (target.find(code) for code in (entry.code, *(remark.code for remark in entry.also)))
        if not any(_is_about(word, difference, asked) for row in rows if row for word in row.differs):
            continue
        of_ingress = entry.origin.source.kind == "Ingress"
        if concerned is None or not of_ingress or _identity(entry.origin.source) in concerned:
            found.append(entry)
    return tuple(found)


def _concerned(table: RoutingTable, request: Request) -> set[Identity] | None:
    """Those of the host; ``None`` for a host that nobody declares, since any might be meant for it."""
    host = find_host(table, request.hostname)
    return {_identity(owner) for owner in owners(host)} if host and host.name else None


def owners(host: VirtualHost) -> Iterable[Source]:
    """The Ingresses that have a part in the host; some more than once."""
    yield host.owner
    yield from (origin.source for origin in host.origins)
    if host.certificate:
        yield host.certificate.owner
    for location in host.locations:
        yield location.owner
        yield from (origin.source for behaviour in location.behaviours for origin in behaviour_origins(behaviour))


def _identity(source: Source) -> Identity:
    return source.kind, source.namespace, source.name


def _is_about(word: str, difference: Difference, asked: Asked) -> bool:
    """``ASPECT`` or ``any``, and after a colon the condition under which it holds."""
    aspect, _, condition = word.partition(":")
    return aspect in ("any", difference.aspect) and _CONDITIONS[condition](*asked)


def _is_odd(request: Request, _: RoutingTable) -> bool:
    return normalised(request.path) != request.path


def _is_deep(request: Request, table: RoutingTable) -> bool:
    """Further labels under a wildcard: the host is the wildcard's to the Gateway API, and nobody's to nginx."""
    names = (name for host in table.hosts for name in host.names if name.startswith("*."))
    return any(request.hostname.count(".") > name.count(".") and request.hostname.endswith(name[1:]) for name in names)


_CONDITIONS: Mapping[str, Callable[[Request, RoutingTable], bool]] = {
    "": lambda *_: True,
    "odd-path": _is_odd,
    "deep-host": _is_deep,
    "https": lambda request, _: request.scheme == "https",
    "healthz": lambda request, _: normalised(request.path) == "/healthz",
    "trailing-slash": lambda request, _: request.target.endswith("/"),
    "large-body": lambda request, _: request.body > 1 << 20,
    "options": lambda request, _: request.method == "OPTIONS",
}
