"""A comparison for a person who has to sign it: the numbers, what nobody announced, what somebody took, the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.report.page import ADVICE_LINES, MESSAGE_LINES, Page
from converter.report.verified_groups import accepted, announced, unannounced
from converter.report.verified_model import placed
from converter.report.words import counted, glued, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.report.page import Line, Style
    from converter.report.verified_groups import Group
    from converter.report.verified_model import Comparison, Row
    from converter.verify.check import Outcome

_MOST_GROUPS = 30
_MOST_EXAMPLES = 2
_MOST_CODES = 3
_BLANK: Line = (("", ""),)
_STYLES: dict[Verdict, Style] = {Verdict.UNTRANSLATED: "red", Verdict.APPROXIMATED: "bold yellow"}
NAMES: dict[Outcome, str] = {
    "same": "same",
    "announced": "announced",
    "accepted": "accepted",
    "unannounced": "NOT ANNOUNCED",
}
"""Outcomes as people read them."""


def verified(comparison: Comparison, console_width: int, *, whole: bool = False) -> list[Line]:
    """``whole`` shows every request, also those that get the same."""
    text = _Text(Page(console_width), comparison)
    sections = [
        text.page.lines(f"{comparison.words.heading} {summary(comparison)}", "bold"),
        text.unannounced(),
        text.accepted(),
        text.announced(),
        text.rows() if whole else [],
        text.notes(),
        text.stale(),
        text.end(),
    ]
    return [line for section in sections if section for line in (*section, _BLANK)][:-1]


def summary(comparison: Comparison) -> str:
    """The numbers, in a sentence."""
    if not comparison.rows:
        return "nothing: no host and no path was found to ask for."
    # In capitals it stands out, which nothing should that is not there.
    named = ((number, NAMES[outcome]) for outcome, number in comparison.counts().items())
    counts = ", ".join(f"{number} {glued(name if number else name.lower())}" for number, name in named)
    return f"{counted(len(comparison.rows), 'probe')} on {counted(comparison.hosts, 'host')}: {counts}."


def verdict(comparison: Comparison) -> str:
    """The last sentence."""
    number = sum(len(groups) for groups in unannounced(comparison.rows).values())
    if not number:
        return comparison.words.clean
    verb = "is" if number == 1 else "are"
    return f"{counted(number, 'difference')} {verb} not announced: mend the place named, or accept it with a reason."


def places(group: Group, words: tuple[str, str]) -> list[tuple[str, str]]:
    """Who served the requests, under the names of the sides."""
    found = zip(words, (group.first.source, group.first.target), strict=True)
    return [(word, str(place)) for word, place in found if place]


def where(group: Group) -> str:
    return f"{counted(len(group.rows), 'probe')} on {counted(group.hosts, 'host')}"


def codes(group: Group) -> str:
    found = group.finding.codes
    more = len(found) - _MOST_CODES
    return f"[{', '.join(found[:_MOST_CODES])}{f' and {more} more' if more > 0 else ''}]"


@dataclass(frozen=True, slots=True)
class _Text:
    page: Page
    comparison: Comparison

    def unannounced(self) -> list[Line]:
        found = unannounced(self.comparison.rows)
        if not found:
            return []
        lines, left = self.page.lines(self.comparison.words.unannounced, "bold red"), _MOST_GROUPS
        for host, groups in found.items():
            if left > 0:
                lines += self.page.lines(host, "bold", first="  ", rest="  ")
                for group in groups[:left]:
                    lines += self._unannounced(group)
            left -= len(groups)
        return lines + self._more(-left)

    def _unannounced(self, group: Group) -> list[Line]:
        number = glued(f"  {counted(len(group.rows), 'probe')}")
        lines = self.page.lines(f"{group.finding.in_words()}{number}", "bold red", first="    ! ", rest="      ")
        words = self.comparison.words.before, self.comparison.words.after
        width = max(map(len, words)) + 2
        for word, place in places(group, words):
            first = f"      {glued(f'{word:<{width}}')}"
            lines += self.page.lines(place, first=first, rest=" " * len(first))
        return lines + self._examples(group, told=group.finding.aspect not in ("status", "backend", "policy"))

    def _examples(self, group: Group, *, told: bool) -> list[Line]:
        lines = []
        for row in group.rows[:_MOST_EXAMPLES]:
            own = next((f for f in row.findings if f.topic == group.finding.topic), group.finding)
            text = f"{row.request}  ({row.reason})"
            lines += self.page.lines(
                f"{text}  {own.in_words()}" if told else text, "dim", first="      ", rest="        "
            )
        more = len(group.rows) - _MOST_EXAMPLES
        return lines + (
            self.page.lines(f"and {counted(more, 'more probe')}", "dim", first="      ") if more > 0 else []
        )

    def accepted(self) -> list[Line]:
        found = accepted(self.comparison.rows)
        if not found:
            return []
        lines = self.page.lines("Accepted: somebody decided on these", "bold")
        for group in found:
            lines += self.page.lines(f"{group.finding.accepted}  {glued(where(group))}", first="  = ", rest="    ")
            lines += self._example(group)
        return lines

    def announced(self) -> list[Line]:
        found = announced(self.comparison.rows)
        if not found:
            return []
        lines = self.page.lines("Announced: the report of the conversion says so", "bold")
        for group in found[:_MOST_GROUPS]:
            worst = group.finding.remarks[0]
            head = f"{worst.verdict.value} {glued(codes(group))}  {glued(where(group))}"
            lines += self.page.lines(head, _STYLES.get(worst.verdict, "cyan"), first="  ~ ", rest="    ")
            lines += self.page.lines(worst.message, first="    ", rest="    ", most=MESSAGE_LINES)
            lines += self.page.lines(worst.advice, first="    → ", rest="      ", most=ADVICE_LINES)
            lines += self._example(group)
        return lines + self._more(len(found) - _MOST_GROUPS)

    def _example(self, group: Group) -> list[Line]:
        text = f"{group.first.request}  {group.finding.in_words()}"
        return self.page.lines(text, "dim", first="    ", rest="      ", most=MESSAGE_LINES)

    def _more(self, hidden: int) -> list[Line]:
        if hidden <= 0:
            return []
        return self.page.lines(f"… and {counted(hidden, 'more group')}; --report FILE has them all", first="  ")

    def rows(self) -> list[Line]:
        lines = self.page.lines("All probes", "bold")
        for host, rows in _by_host(self.comparison.rows).items():
            lines += self.page.lines(host, "bold", first="  ", rest="  ")
            for row in rows:
                told = "; ".join(dict.fromkeys(finding.topic for finding in row.findings))
                differing = f"  {NAMES[row.outcome]}: {told}" if told else "  same"
                text = f"{row.request}  ({row.reason}){differing}"
                lines += self.page.lines(text, _row_style(row), first="    ", rest="      ")
        return lines

    def notes(self) -> list[Line]:
        lines = []
        for note in self.comparison.notes:
            lines += self.page.lines(f"{placed(note)}{note.message}", first="", rest="  ")
            lines += self.page.lines(note.advice, first="  → ", rest="    ") if note.advice else []
        return lines

    def stale(self) -> list[Line]:
        lines = []
        for each in self.comparison.stale:
            text = f"{each.file}:{each.line}: this accepts nothing that differs unannounced; remove it: {each.reason}"
            lines += self.page.lines(text, "bold yellow", rest="  ")
        return lines

    def end(self) -> list[Line]:
        bad = self.comparison.counts()["unannounced"]
        return self.page.lines(verdict(self.comparison), "bold red" if bad else "green") if self.comparison.rows else []


def _by_host(rows: Iterable[Row]) -> dict[str, Sequence[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(visible(row.title), []).append(row)
    return dict(found)


def _row_style(row: Row) -> Style:
    styles: dict[Outcome, Style] = {
        "same": "",
        "announced": "cyan",
        "accepted": "bold yellow",
        "unannounced": "bold red",
    }
    return styles[row.outcome]
