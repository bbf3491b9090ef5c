"""What repeats in a report, told once with all its places."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.ledger import Entry, Remark, Source
    from converter.problems import Problem
    from converter.report.model import Report

_MOST_ENVIRONMENTS = 3
"""Named with one place."""
_MOST_SUBJECTS = 8
"""Named with one group."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, and in which environments it holds; of only one environment, none is named."""

    file: str
    line: int
    """0 for what concerns a whole file."""
    environments: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Without environments, as an editor takes it."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        if not self.environments:
            return self.address
        hidden = len(self.environments) - _MOST_ENVIRONMENTS
        more = f" and {hidden} more" if hidden > 0 else ""
        return f"{self.address} ({', '.join(self.environments[:_MOST_ENVIRONMENTS])}{more})"


@dataclass(frozen=True, slots=True)
class Group:
    """One thing to know, and where it holds."""

    tone: str
    """A verdict, or the severity of a problem."""
    code: str
    message: str
    advice: str
    subjects: tuple[str, ...]
    """What it is about; nothing when the message says so itself."""
    places: tuple[Place, ...]

    @property
    def subject(self) -> str:
        """In one text, in which a prefix is not written again where the one before had it, too."""
        pairs = pairwise(("", *self.subjects[:_MOST_SUBJECTS]))
        text = ", ".join(each.removeprefix(_prefix(before)) for before, each in pairs)
        hidden = len(self.subjects) - _MOST_SUBJECTS
        return f"{text} and {hidden} more" if hidden > 0 else text


def _prefix(key: str) -> str:
    """That of an annotation, with its slash; behind a blank stands a part of its value."""
    return key[: key.partition(" ")[0].rfind("/") + 1]


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
        ((verdict, told.code, told.message, told.advice), entry.origin.key, *_where(entry.origin.source))
        for entry in entries
        for told in _told(entry)
        if told.verdict is verdict
    )


def _where(source: Source) -> tuple[str, int, str]:
    return source.file, source.line, source.environment


def _told(entry: Entry) -> Iterable[Entry | Remark]:
    """Without what its parts say again."""
    if not entry.sums_up:
        yield entry
    yield from entry.also


def of_problems(problems: Iterable[Problem]) -> list[Group]:
    return _group(
        ((each.severity, each.code, each.message, each.advice), "", each.file, each.line, "") for each in problems
    )


_What = tuple[str, str, str, str]
"""Tone, code, message and advice."""


def _group(rows: Iterable[tuple[_What, str, str, int, str]]) -> list[Group]:
    """The groups with most places come first, then those that came first."""
    found: dict[_What, dict[tuple[str, int], dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    subjects: dict[_What, dict[str, None]] = defaultdict(dict)
    for what, subject, file, line, environment in rows:
        found[what][file, line][environment] = None
        subjects[what][subject] = None
    groups = [Group(*what, tuple(filter(None, subjects[what])), tuple(_places(found[what]))) for what in found]
    return sorted(groups, key=lambda group: -len(group.places))


def _places(where: Mapping[tuple[str, int], Iterable[str]]) -> Iterable[Place]:
    for (file, line), environments in where.items():
        yield Place(file, line, tuple(filter(None, environments)))
