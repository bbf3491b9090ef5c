"""Advice for a person at a terminal: one table with the targets across, and what follows for each of them.

The names of many targets stand as stairs above their columns, because no name would fit one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.advice.model import CHANGED, LOST
from converter.ledger import Verdict
from converter.report.advice_words import (
    MARKS,
    TITLES,
    TOTALS,
    conclusion,
    environments,
    heading,
    name_of,
    same_everywhere,
    shown,
    title,
)
from converter.report.page import Line, Page, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from converter.advice import Advice, Use

_STYLES: dict[Verdict, Style] = {LOST: "bold red", CHANGED: "bold yellow", Verdict.TRANSLATED: "green"}
_BLANK: Line = (("", ""),)

_WIDEST = 100
_LABEL, _ROUTES = 26, 7
"""Columns of the behaviours, indented by two, and of their routes."""
_LEFT = _LABEL + _ROUTES + 1
_WORDS, _SPARE = 18, 6
"""A column that is so wide has words in its cells, and its name above; it is made wider where there is room."""
_NARROWEST, _EASY = 4, 6
"""A column with a mark and a number."""


def advice_in_lines(advice: Advice, console_width: int, *, whole: bool = False) -> list[Line]:
    """Everything, ready to be shown; ``whole`` shows the rows too that are the same on every target."""
    width = min(_WIDEST, console_width)
    page = Page(width)
    lines = page.lines(title(advice), "bold")
    if not advice.ingresses:
        return lines
    lines += page.lines(environments(advice))
    grid = _grid(advice, width)
    for by_default, name in enumerate(TITLES):
        uses = advice.of(by_default=bool(by_default))
        if uses:
            lines += [_BLANK, *grid.head(name, with_names=not by_default)]
            lines += _section(advice, uses, grid, page, whole=whole, by_default=bool(by_default))
    lines += [_BLANK, *page.lines(_legend(), "dim")]
    for target in advice.targets:
        lines += [_BLANK, ((target.name, "bold"), (f"  {heading(target)}", "dim"))]
        lines += page.lines(" ".join(conclusion(advice, target)), first="  ", rest="  ")
    return lines


def _section(
    advice: Advice, uses: Sequence[Use], grid: _Grid, page: Page, *, whole: bool, by_default: bool
) -> Iterator[Line]:
    rows, rest = shown(uses, whole=whole)
    for use in rows:
        yield grid.row(use)
    for sentence in same_everywhere(rest):
        yield from page.lines(sentence, "dim", first="  ", rest="  ")
    yield grid.rule()
    for name, verdicts in TOTALS:
        counts = [len(advice.having(target, *verdicts, by_default=by_default)) for target in grid.targets]
        yield grid.total(name, counts)


def _legend() -> str:
    told = (Verdict.TRANSLATED, Verdict.BUILTIN, Verdict.APPROXIMATED, Verdict.UNTRANSLATED)
    marks = "  ".join(f"{MARKS[verdict]} {name_of(verdict)}" for verdict in told)
    return f"{marks}  {MARKS[LOST]} 9: on 9 routes only"


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns are."""

    targets: tuple[str, ...]
    cell: int

    @property
    def wordy(self) -> bool:
        return self.cell >= _WORDS

    def head(self, name: str, *, with_names: bool) -> Iterator[Line]:
        """The title of a section; the first stands below the names."""
        if with_names and not self.wordy:
            yield from self._stairs()
        left = name.ljust(_LABEL) + ("routes".rjust(_ROUTES) if with_names else "")
        above = self.targets if self.wordy else ["│"] * len(self.targets)
        yield (left.ljust(_LEFT), "bold"), (self._joined(above), "" if self.wordy else "dim")

    def _stairs(self) -> Iterator[Line]:
        """From the last column to the first: a name to the left of its corner, the bars of those above to the right."""
        for index in reversed(range(len(self.targets))):
            name = f"{self.targets[index]} ".rjust(_LEFT + index * self.cell + 1)
            bars = "".join("│".rjust(self.cell) for _ in self.targets[index + 1 :])
            yield (name, ""), (f"┐{bars}", "dim")

    def row(self, use: Use) -> Line:
        routes = str(use.routes) if use.routes else "–"
        left = f"  {use.behaviour.title}".ljust(_LABEL) + routes.rjust(_ROUTES)
        *cells, (last, style) = [self._cell(use, target) for target in self.targets]
        return ((left.ljust(_LEFT), ""), *cells, (last.rstrip(), style))

    def rule(self) -> Line:
        """Above the totals."""
        last = len(self.targets[-1]) if self.wordy else 1
        return ("  ", ""), ("─" * (_LEFT + self.cell * (len(self.targets) - 1) + last - 1), "dim")

    def total(self, name: str, counts: Iterable[int]) -> Line:
        return ((f"  {name}".ljust(_LEFT) + self._joined(map(str, counts)), ""),)

    def _joined(self, texts: Iterable[str]) -> str:
        return "".join(f" {text}".ljust(self.cell) for text in texts).rstrip()

    def _cell(self, use: Use, target: str) -> tuple[str, Style]:
        cell = use.cells[target]
        text = f"{MARKS[cell.verdict]} {name_of(cell.verdict)}" if self.wordy else MARKS[cell.verdict]
        if number := use.partly(target):
            text = self._with_number(text, number)
        return f" {text}".ljust(self.cell), _STYLES.get(cell.verdict, "")

    def _with_number(self, text: str, number: int) -> str:
        """As exact as there is room for; dots say that it is not on all routes."""
        shapes = (f" {number}", str(number), f" {number // 1000}k", f"{number // 1000}k")
        fitting = (shape for shape in shapes if len(text + shape) < self.cell and not shape.strip().startswith("0k"))
        return text + next(fitting, "…")


def _grid(advice: Advice, width: int) -> _Grid:
    names = tuple(target.name for target in advice.targets)
    room = (width - _LEFT) // len(names)
    wordy = max(_WORDS, *(len(name) + 2 for name in names))
    return _Grid(names, min(room, wordy + _SPARE) if room >= wordy else max(_NARROWEST, min(_EASY, room)))
