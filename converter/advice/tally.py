"""Ledgers of the same input, one for each target, added up by behaviour."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter._version import __version__
from converter.advice.behaviours import Behaviour, behaviours
from converter.advice.model import CHANGED, LOST, Advice, Assessment, Cell, Need, Use, Warned
from converter.advice.routes import Route, Routes
from converter.gateway.releases import is_newer
from converter.ledger import Verdict
from converter.targets.table import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.ledger import Entry, Origin, Remark
    from converter.pipeline import Conversion
    from converter.targets.carry import Target
    from converter.targets.table import TargetTable

_Key = tuple[Behaviour, bool]
"""A behaviour, and whether nobody wrote it."""
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}


@dataclass
class _Found:
    """What becomes of one behaviour on one target."""

    routes: dict[Verdict, set[Route]] = field(default_factory=lambda: defaultdict(set))
    codes: dict[Verdict, set[str]] = field(default_factory=lambda: defaultdict(set))

    def cell(self) -> Cell:
        worst = max(self.codes, key=_SEVERITY.__getitem__)
        return Cell(worst, len(self.routes[worst]), tuple(sorted(self.codes[worst])))


@dataclass
class Tally:
    """The conversions for one target, taken in one after the other; nothing of them is kept but what counts."""

    target: Target
    found: dict[_Key, _Found] = field(default_factory=lambda: defaultdict(_Found))
    ingresses: dict[_Key, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    routes: set[Route] = field(default_factory=set)
    closed: set[Route] = field(default_factory=set)
    open: set[Route] = field(default_factory=set)
    switches: dict[str, set[Route]] = field(default_factory=lambda: defaultdict(set))

    def take(self, conversion: Conversion, routes: Routes, environment: str = "") -> None:
        """Add what became of a part of the input."""
        self.routes |= routes.all
        for entry in conversion.entries:
            if entry.verdict is not Verdict.INERT:
                somewhere = entry.origin.type != "default" or entry.origin.key not in behaviours().nowhere
                held = routes.of(entry.origin) if somewhere else frozenset()
                self._entry(entry, routes.meant(entry.origin), held, environment)

    def _entry(self, entry: Entry, origin: Origin, routes: frozenset[Route], environment: str) -> None:
        known = behaviours()
        for told in _told(entry):
            if told.code in known.closed:
                self.closed |= routes
            if told.code in known.open:
                self.open |= routes
            row = self.target.table.find(told.code)
            if row and row.switch:
                self.switches[row.switch] |= routes
            elsewhere = told.code in known.gone and (entry.results or entry.also)
            if not elsewhere and (behaviour := known.of(told.code, origin)):
                key = behaviour, origin.type == "default"
                self.found[key].routes[told.verdict] |= routes
                self.found[key].codes[told.verdict].add(told.code)
                self.ingresses[key].update(_ingress(origin, environment))

    def used(self, key: _Key) -> set[Route]:
        return set().union(*self.found[key].routes.values()) if key in self.found else set()

    def cell(self, key: _Key) -> Cell:
        """What no entry tells of, because another behaviour of the route had the worse verdict, stays."""
        found = self.found.get(key)
        return found.cell() if found else Cell(Verdict.TRANSLATED, 0)

    def assessment(self) -> Assessment:
        table: TargetTable = self.target.table
        needs = tuple(Need(switch, len(self.switches[switch])) for switch in sorted(self.switches))
        warned = Warned(len(self.closed), len(self.open))
        release = self.target.release
        too_new = table.gateway_api and is_newer(release.version, than=table.gateway_api)
        return Assessment(
            name=table.name,
            title=table.title,
            version=table.version,
            baseline=table.name == BASE,
            needs=needs,
            warned=warned,
            setup=table.setup,
            source=table.source,
            experimental=table.experimental if release.channel == "experimental" else "",
            serves=table.gateway_api if too_new else "",
        )


def _told(entry: Entry) -> Iterator[Entry | Remark]:
    yield entry
    yield from entry.also


def _ingress(origin: Origin, environment: str) -> Iterable[tuple[str, ...]]:
    source = origin.source
    return [(environment, source.file, source.namespace, source.name)] if source.kind == "Ingress" else []


def take_in(tallies: Iterable[Tally], conversions: Iterable[Conversion], environment: str = "") -> Iterator[Conversion]:
    """Give each tally its conversion of the same part of the input, and pass them on."""
    tables, routes = None, Routes((), environment)
    for tally, conversion in zip(tallies, conversions, strict=True):
        if conversion.tables is not tables:
            tables, routes = conversion.tables, Routes(conversion.tables, environment)
        tally.take(conversion, routes, environment)
        yield conversion


def advise(tallies: Sequence[Tally], *, ingresses: int, files: int, environments: Iterable[str] = ()) -> Advice:
    """What the tallies of all targets say together; there is at least one, and all took in the same input."""
    keys = sorted({key for tally in tallies for key in tally.found}, key=lambda key: (key[1], key[0].rank))
    uses = [_use(key, tallies, ingresses) for key in keys]
    release = tallies[0].target.release
    return Advice(
        tool_version=__version__,
        gateway_api=release.version,
        channel=release.channel,
        targets=tuple(sorted((tally.assessment() for tally in tallies), key=lambda each: _order(each, uses))),
        uses=tuple(sorted(uses, key=lambda use: (not use.differs, not use.lost_somewhere, -use.routes))),
        routes=len(set().union(*(tally.routes for tally in tallies))),
        ingresses=ingresses,
        files=files,
        environments=tuple(environments),
    )


def _use(key: _Key, tallies: Sequence[Tally], all_ingresses: int) -> Use:
    """What the controller as a whole was told is in use by every Ingress."""
    cells: Mapping[str, Cell] = {tally.target.table.name: tally.cell(key) for tally in tallies}
    routes = set().union(*(tally.used(key) for tally in tallies))
    owners = set().union(*(tally.ingresses[key] for tally in tallies if key in tally.ingresses))
    return Use(*key, len(routes), len(owners) or all_ingresses, cells)


def _order(target: Assessment, uses: Iterable[Use]) -> tuple[bool, int, int, int, int]:
    """What somebody wrote counts before what nobody did."""
    counts = [
        sum(use.cells[target.name].verdict is verdict for use in uses if use.by_default is by_default)
        for by_default in (False, True)
        for verdict in (LOST, CHANGED)
    ]
    return (not target.baseline, *counts)  # type: ignore[return-value]
