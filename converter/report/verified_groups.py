"""Differences with one cause, told once: three hundred requests that one lost rule answers are one thing to mend."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from converter.report.verified_model import Finding, Row
    from converter.verify.check import Outcome

_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}
_ALIKE = ("status", "backend", "policy")
"""Aspects whose texts are the same wherever the cause is; those of others repeat what was asked."""


@dataclass(frozen=True, slots=True)
class Group:
    finding: Finding
    """The first of them."""
    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def hosts(self) -> int:
        return len({row.title for row in self.rows})


def unannounced(rows: Iterable[Row]) -> dict[str, list[Group]]:
    """By host; those with most requests first."""

    def cause(row: Row, finding: Finding) -> Hashable:
        texts = (finding.before, finding.after) if finding.aspect in _ALIKE else ()
        return row.title, finding.aspect, finding.subject, texts, row.source, row.target

    found: dict[str, list[Group]] = defaultdict(list)
    for group in _grouped(rows, "unannounced", cause):
        found[group.first.title].append(group)
    return {host: sorted(groups, key=lambda group: -len(group.rows)) for host, groups in found.items()}


def accepted(rows: Iterable[Row]) -> list[Group]:
    """By the reason."""
    return list(_grouped(rows, "accepted", lambda _, finding: finding.accepted))


def announced(rows: Iterable[Row]) -> list[Group]:
    """By the codes; what is lost first, then those of most requests."""
    found = _grouped(rows, "announced", lambda _, finding: finding.codes)
    return sorted(found, key=lambda group: (-_RANK[group.finding.remarks[0].verdict], -len(group.rows)))


def _grouped(rows: Iterable[Row], outcome: Outcome, key: Callable[[Row, Finding], Hashable]) -> Iterator[Group]:
    found: dict[Hashable, tuple[Finding, dict[int, Row]]] = {}
    for number, row in enumerate(rows):
        for finding in row.findings:
            if finding.outcome == outcome:
                found.setdefault(key(row, finding), (finding, {}))[1][number] = row
    return (Group(finding, tuple(each.values())) for finding, each in found.values())
