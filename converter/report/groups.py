"""What repeats in a report, told once with all its places."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.ledger import Entry, Remark
    from converter.problems import Problem
    from converter.report.model import Report


@dataclass(frozen=True, slots=True)
class Group:
    """One thing to know, and where it holds."""

    tone: str
    """A verdict, or the severity of a problem."""
    subject: str
    """What it is about; empty when the message says so itself."""
    code: str
    message: str
    advice: str
    places: tuple[str, ...]


def sections(report: Report) -> Iterable[tuple[str, Sequence[Group]]]:
    """All that a person has to look at under its titles, the worst first."""
    written = [entry for entry in report.entries if entry.origin.type != "default"]
    by_default = [entry for entry in report.entries if entry.origin.type == "default"]
    yield "Errors: not converted, or not valid", of_problems(report.problems_of("error"))
    yield "Untranslated: nothing in the result does this", of_entries(written, Verdict.UNTRANSLATED)
    yield "Approximated: nearly the same; check the difference", of_entries(written, Verdict.APPROXIMATED)
    lost = [*of_entries(by_default, Verdict.UNTRANSLATED), *of_entries(by_default, Verdict.APPROXIMATED)]
    yield f"What {report.controller} did by itself, and is lost or differs", lost
    yield "Notes", of_problems(report.problems_of("note"))


def of_entries(entries: Iterable[Entry], verdict: Verdict) -> list[Group]:
    """What has this verdict, be it the worst of an entry or one beside it."""
    return _group(
        (verdict, entry.origin.key, told.code, told.message, told.advice, *place_of(entry))
        for entry in entries
        for told in _told(entry)
        if told.verdict is verdict
    )


def place_of(entry: Entry) -> tuple[str, int]:
    return entry.origin.source.file, entry.origin.source.line


def place(file: str, line: int) -> str:
    """As a person writes it; what concerns a whole file has no line."""
    return f"{file}:{line}" if line else file


def _told(entry: Entry) -> Iterable[Entry | Remark]:
    yield entry
    yield from entry.also


def of_problems(problems: Iterable[Problem]) -> list[Group]:
    return _group((each.severity, "", each.code, each.message, each.advice, each.file, each.line) for each in problems)


def _group(rows: Iterable[tuple[str, str, str, str, str, str, int]]) -> list[Group]:
    """The groups with most places come first, then those that came first."""
    places: dict[tuple[str, str, str, str, str], dict[str, None]] = defaultdict(dict)
    for tone, subject, code, message, advice, file, line in rows:
        places[tone, subject, code, message, advice][place(file, line)] = None
    groups = [Group(*what, tuple(where)) for what, where in places.items()]
    return sorted(groups, key=lambda group: -len(group.places))
