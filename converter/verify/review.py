"""What a reviewer reads: for each host, requests to its paths, and who answers them before and after."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from converter.gateway.regex import literal_head
from converter.routing.table import MatchKind
from converter.verify.announced import announcements, owners
from converter.verify.compare import differences
from converter.verify.gateway import Gateways
from converter.verify.messages import Request, Scheme
from converter.verify.source import answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.gateway.objects import Json
    from converter.ledger import Entry, Source
    from converter.routing import RoutingTable, VirtualHost
    from converter.routing.table import Match
    from converter.targets.table import TargetTable
    from converter.verify.compare import Difference
    from converter.verify.messages import Answer

_UNLISTED = "undeclared.invalid"
"""A name that nobody declares (RFC 2606), for the host that takes all of them."""
_NOBODY = ("", "")
"""What belongs to the controller and not to one Ingress."""
_BELOW = ("", "/below", "/1", "below", "1", "a/1", "/a/b", ".html")
"""What may follow the fixed part of a pattern to make it match."""


@dataclass(frozen=True, slots=True)
class Row:
    """One request, and what becomes of it."""

    request: Request
    before: Answer
    after: Answer
    differences: tuple[Difference, ...]
    codes: tuple[str, ...]
    """The entries of the ledger that announce the differences; empty though there are some: nobody does."""


@dataclass(frozen=True, slots=True)
class HostReview:
    host: str
    rows: tuple[Row, ...]
    untried: tuple[str, ...] = ()
    """Patterns for which no path was found that they match."""


def review(
    table: RoutingTable, objects: Sequence[Json], entries: Sequence[Entry], target: TargetTable
) -> tuple[HostReview, ...]:
    """Ask both sides for the paths of every host, over http and https, as a client who shows nothing."""
    gateways, of_owner = Gateways(objects), _by_owner(entries)
    found = []
    for host in table.hosts:
        concerned = {_identity(owner) for owner in owners(host)} if host.name else of_owner.keys()
        own = [entry for owner in concerned for entry in of_owner.get(owner, ())] + of_owner.get(_NOBODY, [])
        matches = tuple(dict.fromkeys(location.match for location in host.locations))
        paths = tuple(dict.fromkeys(path for match in matches for path in probes(match)))
        rows = tuple(_row(request, gateways, table, own, target) for request in _requests(host, paths))
        untried = tuple(match.value for match in matches if not probes(match))
        found.append(HostReview(host.name, rows, untried))
    return tuple(sorted(found, key=lambda each: each.host))


def _by_owner(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """The entries of each Ingress, so that a host need not look through those of all."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        source = entry.origin.source
        found[_identity(source) if source.kind == "Ingress" else _NOBODY].append(entry)
    return found


def _identity(source: Source) -> tuple[str, str]:
    return source.namespace, source.name


def _row(
    request: Request, gateways: Gateways, table: RoutingTable, entries: Sequence[Entry], target: TargetTable
) -> Row:
    before, after = answer(table, request), gateways.answer(request)
    found = differences(before, after)
    announced = (entry for each in found for entry in announcements(each, request, table, entries, target))
    return Row(request, before, after, found, tuple(dict.fromkeys(entry.code for entry in announced)))


def _requests(host: VirtualHost, paths: Sequence[str]) -> Iterable[Request]:
    schemes: tuple[Scheme, ...] = get_args(Scheme)
    for name in host.names:
        asked = f"any{name[1:]}" if name.startswith("*.") else name or _UNLISTED
        for path in paths or ("/",):
            for scheme in schemes:
                yield Request(host=asked, target=path, scheme=scheme)


def probes(match: Match) -> tuple[str, ...]:
    """Paths that a match takes: at its boundary, and below it. None for a pattern that no guess matches."""
    if match.kind is MatchKind.EXACT:
        return (match.value,)
    if match.kind is MatchKind.PREFIX:
        below = f"{match.value.rstrip('/')}/below"
        return (match.value, below)
    return _matched(match.value)[:1]


def _matched(pattern: str) -> tuple[str, ...]:
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error:
        return ()
    head = literal_head(pattern) or "/"
    return tuple(path for path in (head + rest for rest in _BELOW) if compiled.match(path))
