"""A report about probes as a person reads it: what is the same for many of them is told once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.report.probe_model import IN_WORDS
from converter.report.words import counted
from converter.verify.live.compared import header_of
from converter.verify.live.faults import ADVICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.report.probe_model import ProbeReport
    from converter.verify.live.compared import CheckedProbe, Compared, Outcome

_TITLES: tuple[tuple[Outcome, str], ...] = (
    ("unannounced", "Not announced: the conversion says nothing of these differences"),
    ("unsteady", "Unsteady: a side gave another answer when it was asked again"),
    ("announced", "Announced: the report of the conversion says so"),
    ("fault", "No answer from either side"),
)
_ASPECTS = {"location": "redirect", "cookie": "cookies"}
_TOO_FAST = "Fewer at a time may be let through; lower --rate."
_MOST_CODES = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Probes of which the same is to be said."""

    text: str
    advice: str
    rows: tuple[CheckedProbe, ...]


@dataclass(frozen=True, slots=True)
class Section:
    outcome: Outcome
    title: str
    groups: tuple[Group, ...]


def sections(report: ProbeReport) -> Iterator[Section]:
    """What needs a look, the worst first; last what went wrong on both sides alike."""
    for outcome, title in _TITLES:
        rows = [row for row in report.rows if row.outcome == outcome]
        if rows:
            yield Section(outcome, title, _groups(rows))
    wrong = [row for row in report.rows if row.outcome == "same" and row.faults]
    if wrong:
        yield Section("same", "The same on both sides, but not well", _groups(wrong))


def _groups(rows: Iterable[CheckedProbe]) -> tuple[Group, ...]:
    """The largest first."""
    found: dict[tuple[str, str], list[CheckedProbe]] = {}
    for row in rows:
        for text in _texts(row):
            found.setdefault((text, _advice(row)), []).append(row)
    groups = (Group(text, advice, tuple(of_it)) for (text, advice), of_it in found.items())
    return tuple(sorted(groups, key=lambda group: -len(group.rows)))


def _texts(row: CheckedProbe) -> list[str]:
    return [in_words(each) for each in row.differences] or [faults_in_words(row)]


def in_words(difference: Compared) -> str:
    """``status: 200 → 404``, with the codes that announce it."""
    shown = ", ".join(difference.codes[:_MOST_CODES])
    more = len(difference.codes) - _MOST_CODES
    codes = f" [{shown}{f' and {more} more' if more > 0 else ''}]" if shown else ""
    if difference.aspect == "response-headers":
        name = header_of(difference)
        one, other = (_value(side, name) for side in (difference.one, difference.other))
        return f"{name}: {one} → {other}{codes}"
    name = _ASPECTS.get(difference.aspect, difference.aspect)
    return f"{name}: {difference.one or 'none'} → {difference.other or 'none'}{codes}"


def _value(told: str, name: str) -> str:
    return told.removeprefix(f"{name}: ") if told.startswith(f"{name}:") else "none"


def faults_in_words(row: CheckedProbe) -> str:
    """What went wrong on which side."""
    words = {fault.words for fault in row.faults}
    if len(words) == 1 and len(row.faults) > 1:
        return f"both sides: {words.pop()}"
    return "; ".join(f"{fault.side}: {fault.words}" for fault in row.faults)


def _advice(row: CheckedProbe) -> str:
    for fault in row.faults:
        if fault.words in ADVICE:
            return ADVICE[fault.words]
        if fault.words == "429":
            return _TOO_FAST
    return ""


def summary(report: ProbeReport) -> str:
    """The numbers in a sentence."""
    if not report.rows:
        return "Nothing was asked."
    start = f"{counted(len(report.rows), 'probe')} on {counted(len(report.hosts()), 'host')}"
    numbers = [f"{number} {IN_WORDS[outcome]}" for outcome, number in report.outcomes().items() if number]
    return f"{start}: {', '.join(numbers)}."
