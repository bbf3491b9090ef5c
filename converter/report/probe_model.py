"""What every form of a report about probes is made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from converter.verify.live.compared import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.verify.live.compared import CheckedProbe
    from converter.verify.live.selection import LeftOut
    from converter.verify.messages import Request

IN_WORDS: Mapping[Outcome, str] = {
    "same": "same",
    "announced": "announced",
    "unannounced": "not announced",
    "unsteady": "unsteady",
    "fault": "no answer",
}


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """Two addresses that were asked the same."""

    tool_version: str
    old: str
    """In words, such as ``192.0.2.1 (lb.example.com)``."""
    new: str
    rows: tuple[CheckedProbe, ...]
    left_out: tuple[LeftOut, ...] = ()
    """Probes that were not sent."""
    notes: tuple[str, ...] = ()
    """What a reader has to know about all of it, a sentence each."""
    stopped: bool = False
    """A side died, so that not all was asked."""

    def outcomes(self) -> dict[Outcome, int]:
        """How many probes each outcome has; none is left out."""
        return counts(self.rows)

    def hosts(self) -> dict[str, list[CheckedProbe]]:
        """The probes of each host, ordered by its name."""
        found: dict[str, list[CheckedProbe]] = {}
        for row in self.rows:
            found.setdefault(row.probe.request.hostname, []).append(row)
        return dict(sorted(found.items()))


def counts(rows: Iterable[CheckedProbe]) -> dict[Outcome, int]:
    number = Counter(row.outcome for row in rows)
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    return {outcome: number[outcome] for outcome in outcomes}


def asked(request: Request) -> str:
    """The request in one line, with the headers that matter."""
    headers = [f"{name}: {value}" for name, value in request.headers]
    if request.server_name and request.server_name != request.hostname:
        headers.append(f"TLS name {request.server_name}")
    if request.body:
        headers.append(f"a body of {request.body} bytes")
    line = f"{request.method} {request.scheme}://{request.host}{request.target}"
    return f"{line} with {', '.join(headers)}" if headers else line
