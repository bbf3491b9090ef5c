"""What a reviewer reads: for each host the ways into it, and what becomes of requests on them before and after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from converter.verify.changes import Announcer, Change, changes
from converter.verify.facts import ANSWER
from converter.verify.ledgers import Ledger
from converter.verify.messages import Request, Scheme
from converter.verify.sides import Side, Source, Target
from converter.verify.ways import Way, of_both, ways_of_objects, ways_of_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from converter.gateway.objects import Json
    from converter.ledger import Entry
    from converter.routing import Match, RoutingTable
    from converter.targets.table import TargetTable
    from converter.verify.facts import Facts
    from converter.verify.sides import Seen
    from converter.verify.ways import Standing

    Announce = Callable[[Change, Seen, Seen, Request], Change | None]
    """Finds who announces a change; ``None``: it is none after all."""

_SCHEMES: tuple[Scheme, ...] = get_args(Scheme)


@dataclass(frozen=True, slots=True)
class Row:
    """One way to a host, and what becomes of requests that take it."""

    schemes: tuple[Scheme, ...]
    match: Match
    path: str
    """The path that was asked for."""
    narrow: bool
    """It stands for this path alone, where something differs that does not differ on the rest of the way."""
    condition: str
    """What the request says besides its address."""
    before: Facts
    after: Facts
    changes: tuple[Change, ...]
    standing: Standing
    comparable: bool
    """The same kind of answer on both sides, so that every fact was compared."""
    defaults: frozenset[str]
    """Facts that nobody asked for: the source controller did it by itself."""


@dataclass(frozen=True, slots=True)
class HostReview:
    host: str
    """Empty for the host that takes every other."""
    rows: tuple[Row, ...]
    untried: tuple[Match, ...] = ()
    """Matches for which no path was found, or none that another match does not take first."""
    environment: str = ""
    """Whose host it is, where several environments are converted each by itself."""

    @property
    def differs(self) -> bool:
        return any(row.changes for row in self.rows)


def review(
    table: RoutingTable, objects: Sequence[Json], entries: Sequence[Entry], target: TargetTable
) -> tuple[HostReview, ...]:
    """The source controller before, the objects after, with the entries that announce what differs."""
    source = Source(table)
    ledger = Ledger(entries)
    announcers = {
        name: Announcer(ledger.of_host(host), ledger.by_origin, target, source.controller).announced
        for host in table.hosts
        for name in host.names
    }
    return _reviews(ways_of_table(table), source, Target(objects), announcers)


def compare(before: Sequence[Json], after: Sequence[Json], ways: Iterable[Way] | None = None) -> tuple[HostReview, ...]:
    """Two sets of objects; ``ways`` are those of the objects themselves unless the caller knows better ones."""
    if ways is None:
        ways = of_both(ways_of_objects(before), ways_of_objects(after))
    return _reviews(ways, Target(before), Target(after), {})


def _reviews(
    ways: Iterable[Way], before: Side, after: Side, announcers: Mapping[str, Announce]
) -> tuple[HostReview, ...]:
    by_host: dict[str, dict[tuple[str, Match, str], Way]] = defaultdict(dict)
    for way in ways:
        by_host[way.host].setdefault(way.identity, way)
    return tuple(
        _Reviewer(before, after, announcers.get(host, _as_it_is)).of_host(host, by_host[host].values())
        for host in sorted(by_host)
    )


def _as_it_is(change: Change, before: Seen, after: Seen, request: Request) -> Change:  # noqa: ARG001
    return change


@dataclass(frozen=True, slots=True)
class _Reviewer:
    before: Side
    after: Side
    announce: Announce

    def of_host(self, host: str, ways: Iterable[Way]) -> HostReview:
        ordered = sorted(ways, key=lambda way: _order(way.match, way.condition))
        rows = [row for way in ordered for row in self._rows(way)]
        return HostReview(host, _elsewhere(rows), tuple(way.match for way in ordered if not way.targets))

    def _rows(self, way: Way) -> Iterable[Row]:
        found: list[Row] = []
        for scheme in _SCHEMES:
            first: Row | None = None
            for target in way.targets:
                row = self._row(way, target, scheme, narrow=first is not None)
                known = {change.fact for change in first.changes} if first else set()
                if first is None or not {change.fact for change in row.changes} <= known:
                    found.append(row)
                first = first or row
        return _joined(found)

    def _row(self, way: Way, target: str, scheme: Scheme, *, narrow: bool) -> Row:
        asked = Request(way.asked, target, way.method, scheme, way.headers)
        request = self.before.let_in(asked)
        before, after = self.before.see(request), self.after.see(request)
        told = (self.announce(change, before, after, request) for change in changes(before, after))
        found = tuple(change for change in told if change)
        defaults = frozenset(
            name for name, origins in before.origins.items() if all(origin.type == "default" for origin in origins)
        )
        return Row(
            schemes=(scheme,),
            match=way.match,
            path=target,
            narrow=narrow,
            condition=way.condition,
            before=before.facts,
            after=after.facts,
            changes=found,
            standing=way.standing,
            comparable=before.answer.status == after.answer.status,
            defaults=defaults,
        )


def _order(match: Match, condition: str) -> tuple[str, str, bool, str]:
    return match.value, match.kind, bool(condition), condition


def _joined(rows: Iterable[Row]) -> list[Row]:
    """Rows that are the same over http and https are one."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = repr((row.path, row.narrow, row.before, row.after, row.changes)), row.condition
        known = found.get(key)
        found[key] = replace(known, schemes=(*known.schemes, *row.schemes)) if known else row
    return list(found.values())


def _elsewhere(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Without the rows for a condition on which nothing depends."""
    usual = {(scheme, row.match): row for row in rows if not row.condition for scheme in row.schemes if not row.narrow}
    return tuple(
        row
        for row in rows
        if not row.condition or any(_answers(row) != _answers(usual.get((scheme, row.match))) for scheme in row.schemes)
    )


def _answers(row: Row | None) -> tuple[object, object]:
    return (row.before[ANSWER], row.after[ANSWER]) if row else ("", "")
