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

Identity = tuple[str, str, str]


def announcements(
    difference: Difference, request: Request, table: RoutingTable, entries: Iterable[Entry], target: TargetTable
) -> tuple[Entry, ...]:
    """The entries that announce the difference, for an Ingress that has a part in the host of the request."""
    concerned = _concerned(table, request)
    found = []
    for entry in entries:
        row = target.find(entry.code)
        if row is None or difference.aspect not in row.differs or not _CONDITIONS[row.when](request):
            continue
        if entry.origin.source.kind != "Ingress" or _identity(entry.origin.source) in concerned:
            found.append(entry)
    return tuple(found)


def _concerned(table: RoutingTable, request: Request) -> set[Identity]:
    """Those of the host; for a host that nobody declares all, since a wildcard might be meant for it."""
    host = find_host(table, request.hostname)
    if host is None or not host.name:
        return {_identity(owner) for each in table.hosts for owner in _owners(each)}
    return {_identity(owner) for owner in _owners(host)}


def _owners(host: VirtualHost) -> Iterable[Source]:
    yield host.owner
    yield from (origin.source for origin in host.origins)
    for location in host.locations:
        yield location.owner
        yield from (origin.source for behaviour in location.behaviours for origin in behaviour_origins(behaviour))


def _identity(source: Source) -> Identity:
    return source.kind, source.namespace, source.name


def _is_odd(request: Request) -> bool:
    return normalised(request.path) != request.path


_CONDITIONS: Mapping[str, Callable[[Request], bool]] = {
    "": lambda _: True,
    "odd-path": _is_odd,
    "https": lambda request: request.scheme == "https",
    "healthz": lambda request: normalised(request.path) == "/healthz",
    "trailing-slash": lambda request: request.target.endswith("/"),
    "large-body": lambda request: request.body > 1 << 20,
    "options": lambda request: request.method == "OPTIONS",
}
