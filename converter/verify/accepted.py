"""Differences that people decided on: what they take, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from converter.verify.gateway.paths import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.verify.check import Checked, Judged


@dataclass(frozen=True, slots=True)
class Acceptance:
    reason: str
    host: str = "*"
    path: str = "*"
    """Both are patterns of a shell; a star stands for slashes and dots, too. A path is meant however it is sent."""
    aspect: str = ""
    """Empty: any."""
    file: str = ""
    line: int = 0

    def takes(self, row: Checked, difference: Judged) -> bool:
        request = row.probe.request
        return (
            self.aspect in ("", difference.aspect)
            and fnmatchcase(request.hostname, self.host.lower())
            and any(fnmatchcase(path, self.path) for path in (request.path, normalised(request.path)))
        )


def accept(
    rows: Iterable[Checked], acceptances: Sequence[Acceptance]
) -> tuple[tuple[Checked, ...], tuple[Acceptance, ...]]:
    """The rows with the reasons for what somebody takes, and the acceptances that no unannounced difference needs."""
    used: set[Acceptance] = set()

    def judged(row: Checked, difference: Judged) -> Judged:
        if difference.outcome != "unannounced":
            return difference
        taking = [each for each in acceptances if each.takes(row, difference)]
        used.update(taking)
        return replace(difference, accepted=taking[0].reason) if taking else difference

    found = tuple(
        replace(row, differences=tuple(judged(row, each) for each in row.differences)) if row.differences else row
        for row in rows
    )
    return found, tuple(each for each in acceptances if each not in used)
