"""What repeats in a report, told once with all its places."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.ledger import Entry, Remark, Verdict
    from converter.problems import Problem


@dataclass(frozen=True, slots=True)
class Group:
    """One thing to know, and where it holds."""

    subject: str
    """What it is about; empty when the message says so itself."""
    code: str
    message: str
    advice: str
    places: tuple[str, ...]


def of_entries(entries: Iterable[Entry], verdict: Verdict) -> list[Group]:
    """What has this verdict, be it the worst of an entry or one beside it."""
    return _group(
        (entry.origin.key, told.code, told.message, told.advice, entry.origin.source.file, entry.origin.source.line)
        for entry in entries
        for told in _told(entry)
        if told.verdict is verdict
    )


def _told(entry: Entry) -> Iterable[Entry | Remark]:
    yield entry
    yield from entry.also


def of_problems(problems: Iterable[Problem]) -> list[Group]:
    return _group(
        ("", problem.code, problem.message, problem.advice, problem.file, problem.line) for problem in problems
    )


def _group(rows: Iterable[tuple[str, str, str, str, str, int]]) -> list[Group]:
    """The groups with most places come first, then those that came first."""
    places: dict[tuple[str, str, str, str], dict[str, None]] = defaultdict(dict)
    for subject, code, message, advice, file, line in rows:
        places[subject, code, message, advice][f"{file}:{line}" if line else file] = None
    groups = [Group(*what, tuple(where)) for what, where in places.items()]
    return sorted(groups, key=lambda group: -len(group.places))
