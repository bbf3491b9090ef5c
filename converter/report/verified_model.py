"""What every form of a comparison is made from: requests, what both sides did with them, and what is said of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.verify.check import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.ledger import Remark
    from converter.problems import Problem
    from converter.verify.accepted import Acceptance
    from converter.verify.check import Checked, Outcome
    from converter.verify.messages import Request
    from converter.verify.places import Place

_USUAL = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference of a row."""

    outcome: Outcome
    aspect: str
    subject: str
    """What part of the aspect, where it has parts."""
    before: str
    after: str
    remarks: tuple[Remark, ...] = ()
    """Who announces it."""
    accepted: str = ""
    """Why somebody takes it."""

    @property
    def topic(self) -> str:
        return self.subject or self.aspect

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(remark.code for remark in self.remarks)

    def in_words(self) -> str:
        return f"{self.topic}: {self.before or 'none'} → {self.after or 'none'}"


@dataclass(frozen=True, slots=True)
class Row:
    """One request that was asked on both sides."""

    environment: str
    host: str
    location: str
    """What part of the host it is about, such as ``prefix /api``."""
    request: str
    """``GET https://shop.example.com/api with X-Canary: always``."""
    reason: str
    """Why it was asked."""
    findings: tuple[Finding, ...] = ()
    source: Place | None = None
    target: Place | None = None
    """Who served it, for rows with a difference that nobody announces."""

    @property
    def outcome(self) -> Outcome:
        return max((each.outcome for each in self.findings), key=OUTCOMES.index, default="same")

    @property
    def title(self) -> str:
        """The host for people, with its environment where there are several."""
        return f"{self.host} in {self.environment}" if self.environment else self.host


@dataclass(frozen=True, slots=True)
class Words:
    """What is compared, in the words of a report."""

    heading: str
    before: str
    after: str
    clean: str
    """The last sentence when nothing is unannounced."""
    unannounced: str
    """The title above what is."""


PREDICTED = Words(
    heading="Verified",
    before="before",
    after="after",
    clean="Nothing differs that the report of the conversion does not announce.",
    unannounced="Not announced: these requests get something else, and nobody said so",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole run."""

    rows: tuple[Row, ...]
    words: Words = PREDICTED
    notes: tuple[Problem, ...] = ()
    """What was taken for granted, and what could not be judged."""
    stale: tuple[Acceptance, ...] = ()
    """Decisions that nothing needs any more."""

    def counts(self) -> dict[Outcome, int]:
        """Rows by outcome; none is left out."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def hosts(self) -> int:
        return len({row.title for row in self.rows})


def placed(note: Problem) -> str:
    """Where a note is about, as the beginning of its line; empty for what is about the run."""
    return f"{note.file}:{note.line}: " if note.line else f"{note.file}: " if note.file else ""


def row_of(checked: Checked) -> Row:
    """A row of a comparison that was predicted."""
    findings = tuple(
        Finding(each.outcome, each.aspect, each.subject, each.before, each.after, each.announced, each.accepted)
        for each in checked.differences
    )
    return Row(
        checked.environment,
        checked.host or "(any other host)",
        checked.location,
        asked(checked.probe.request),
        checked.probe.reason,
        findings,
        checked.source,
        checked.target,
    )


def asked(request: Request) -> str:
    """A request on one line."""
    if request.port and not request.host:
        return f"a connection to port {request.port}"
    port = f":{request.port}" if request.port not in (0, _USUAL[request.scheme]) else ""
    text = f"{request.method} {request.scheme}://{request.host}{port}{request.target}"
    headers = ", ".join(f"{name}: {value}" for name, value in request.headers)
    body = f"a body of {request.body} bytes" if request.body else ""
    if beside := " and ".join(filter(None, (headers, body))):
        text += f" with {beside}"
    if request.server_name:
        text += f" over a connection for {request.server_name}"
    return text


def worst_of(rows: Sequence[Row]) -> Outcome:
    return max((row.outcome for row in rows), key=OUTCOMES.index, default="same")
