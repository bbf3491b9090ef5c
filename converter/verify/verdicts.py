"""Verdicts that are other ones than in an earlier run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.ledger import Entry


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One subject of one object; a verdict is told with its code, and is empty where there was no such subject."""

    source: str
    """``Ingress team-a/web``."""
    subject: str
    before: str
    after: str


def verdict_changes(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[VerdictChange, ...]:
    """Ordered by object and subject. A subject counts as the same wherever it stands and whatever it says."""
    one, other = _by_subject(before), _by_subject(after)
    gone = {key: told for key, told in one.items() if other.get(key) != told}
    come = {key: told for key, told in other.items() if one.get(key) != told}
    if not gone and not come:
        return ()
    from deepdiff import DeepDiff

    keys: set[tuple[str, str]] = {
        level.path(output_format="list")[0]
        for levels in DeepDiff(gone, come, view="tree", threshold_to_diff_deeper=0).values()
        for level in levels
    }
    return tuple(
        VerdictChange(source, subject, one.get((source, subject), ""), other.get((source, subject), ""))
        for source, subject in sorted(keys)
    )


def _by_subject(entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """Verdict and code, by object and subject; several of one subject are told together."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for entry in entries:
        source = entry.origin.source
        name = f"{source.namespace}/{source.name}" if source.namespace else source.name
        environment = f"{source.environment}: " if source.environment else ""
        key = f"{environment}{source.kind} {name}", entry.origin.key
        found.setdefault(key, {})[f"{entry.verdict.value} [{entry.code}]"] = None
    return {key: ", ".join(told) for key, told in found.items()}
