"""What every form of report is made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.ledger import Entry
    from converter.problems import Problem, Severity

_AS_TOLD = (Verdict.TRANSLATED, Verdict.APPROXIMATED, Verdict.BUILTIN, Verdict.INERT, Verdict.UNTRANSLATED)


@dataclass(frozen=True, slots=True)
class SourceText:
    """Lines of a file that hold one Ingress, for people to read."""

    file: str
    line: int
    """The line of the file that the text begins on."""
    text: str
    name: str
    """Of the Ingress."""
    built: str = ""
    """The kustomization or chart that changed it before it was converted."""


@dataclass(frozen=True, slots=True)
class ReportedPart:
    """What came in and what was made of it, in one environment."""

    environment: str
    sources: tuple[SourceText, ...]
    objects: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One run: what came in, what was made of it, and a verdict for every part."""

    tool_version: str
    target: str
    gateway_api: str
    channel: str
    parts: tuple[ReportedPart, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    documents: int
    """Ingress documents that were read."""
    files: int
    controller: str = "ingress-nginx"
    """Whose defaults the entries without an author are."""

    @property
    def objects(self) -> tuple[Mapping[str, Any], ...]:
        """Those of all parts."""
        return tuple(each for part in self.parts for each in part.objects)

    def without_objects(self) -> Report:
        """The same run with nothing made of it."""
        return replace(self, parts=tuple(replace(part, objects=()) for part in self.parts))

    def kinds(self) -> dict[str, int]:
        """How many objects of each kind there are, in the order they were made."""
        return dict(Counter(str(each["kind"]) for each in self.objects))

    def verdicts(self) -> dict[Verdict, int]:
        """How many entries each verdict has; none is left out."""
        counts = Counter(entry.verdict for entry in self.entries)
        return {verdict: counts[verdict] for verdict in _AS_TOLD}

    def problems_of(self, severity: Severity) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == severity]
