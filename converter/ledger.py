"""One verdict for everything that came in.

Reading an object *opens* entries, later stages *settle* them, and :func:`close` gives every entry that nobody
settled the verdict ``untranslated``: forgetting something cannot make it disappear.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SubjectType = Literal["annotation", "field", "default", "directive"]


class Verdict(StrEnum):
    """What became of one thing that came in; the order is from harmless to lost."""

    INERT = "inert"
    """It had no effect in the source controller either."""
    BUILTIN = "builtin"
    """The target does it by itself."""
    TRANSLATED = "translated"
    """The target does the same."""
    APPROXIMATED = "approximated"
    """The target does nearly the same; the message states the difference."""
    UNTRANSLATED = "untranslated"
    """It had effect and is lost; the advice says what a person can do."""


_TOLD = (Verdict.APPROXIMATED, Verdict.UNTRANSLATED)
"""Verdicts that a person has to hear of, also beside a worse one."""
_IN_PARTS = "in-parts"
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Source:
    """The object an entry belongs to, and the line its subject stands on."""

    kind: str
    namespace: str
    name: str
    file: str
    line: int
    environment: str = ""
    """Whose version of the object this is, where several are built from one file; see ``converter.read``."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a thing came from: an annotation or a field of one object, a directive in its text, or a default.

    It is the identity of a ledger entry: two equal origins are one entry.
    """

    source: Source
    type: SubjectType
    key: str
    value: str
    written: Origin | None = None
    """What a person wrote, where this is only what that means; see ``controllers/ingress_nginx/house.py``."""
    text_line: int = 0
    """The line of the file that a text of several lines begins on; 0 where its lines are not those of the file."""
    whole: Origin | None = None
    """What it is a part of, such as the annotation around a directive; the entry of the whole sums up its parts."""

    @property
    def told(self) -> Origin:
        """The one that the ledger names."""
        return self.written or self


@dataclass(frozen=True, slots=True)
class Result:
    """The field of an emitted object that an entry became."""

    kind: str
    namespace: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A verdict on one entry that is not its only one."""

    verdict: Verdict
    code: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a stage has to say about one entry."""

    origin: Origin
    verdict: Verdict
    code: str
    """Stable and dotted, for example ``rate-limit.burst-lost``."""
    message: str
    advice: str = ""
    results: tuple[Result, ...] = ()
    also: tuple[Remark, ...] = ()
    """Further things that are lost or differ, beside the worst."""

    @property
    def sums_up(self) -> bool:
        """Whether the entries of its parts say all that it says."""
        return self.code.rpartition(".")[2] == _IN_PARTS


Entry = Settlement
"""A closed entry has the shape of the settlement that closed it."""


def close(opened: Iterable[Origin], settlements: Iterable[Settlement]) -> tuple[Entry, ...]:
    """The final entries, ordered by file, line and key.

    An entry that several stages settled keeps the worst verdict with its message, and the results of all of them.
    """
    by_origin: dict[Origin, list[Settlement]] = defaultdict(list)
    for settlement in settlements:
        by_origin[settlement.origin.told].append(settlement)
    for whole, parts in _by_whole(by_origin.values()).items():
        by_origin[whole.told].append(_sum(whole.told, parts))
    for origin in opened:
        if origin not in by_origin:
            by_origin[origin].append(_forgotten(origin))
    entries = [_combine(group) for group in by_origin.values()]
    return tuple(sorted(entries, key=_order))


def join(parts: Iterable[Iterable[Entry]]) -> tuple[Entry, ...]:
    """Closed entries of parts that may have some in common, as one ledger."""
    by_origin: dict[Origin, list[Entry]] = defaultdict(list)
    for part in parts:
        for entry in part:
            by_origin[entry.origin].append(entry)
    entries = (group[0] if len(group) == 1 else _combine(group) for group in by_origin.values())
    return tuple(sorted(entries, key=_order))


def _combine(group: Sequence[Settlement]) -> Entry:
    worst = max(group, key=lambda settlement: _SEVERITY[settlement.verdict])
    results = tuple(dict.fromkeys(result for settlement in group for result in settlement.results))
    others = {
        Remark(s.verdict, s.code, s.message, s.advice): None
        for settlement in group
        for s in _verdicts(settlement)
        if s.verdict in _TOLD and s.code != worst.code
    }
    also = tuple(sorted(others, key=lambda remark: (-_SEVERITY[remark.verdict], remark.code)))
    return Settlement(worst.origin.told, worst.verdict, worst.code, worst.message, worst.advice, results, also)


def _by_whole(groups: Iterable[Sequence[Settlement]]) -> dict[Origin, list[Entry]]:
    found: dict[Origin, list[Entry]] = defaultdict(list)
    for group in groups:
        if whole := group[0].origin.whole:
            found[whole].append(_combine(group))
    return found


def _sum(whole: Origin, parts: Sequence[Entry]) -> Entry:
    """What became of the whole is the worst of what became of its parts."""
    worst = max((part.verdict for part in parts), key=_SEVERITY.__getitem__)
    counts = Counter(part.verdict for part in parts)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in reversed(Verdict) if counts[verdict])
    results = tuple(dict.fromkeys(result for part in parts for result in part.results))
    message = f"It was read line by line: {told}; each has an entry of its own."
    return Settlement(whole, worst, f"{whole.type}.{_IN_PARTS}", message, results=results)


def _verdicts(settlement: Settlement) -> tuple[Settlement | Remark, ...]:
    return (settlement, *settlement.also)


def _forgotten(origin: Origin) -> Settlement:
    return Settlement(
        origin,
        Verdict.UNTRANSLATED,
        f"{origin.type}.untranslated",
        f"{origin.key} is not carried over.",
        "Check whether the application needs it, and configure it on the Gateway by hand.",
    )


def _order(entry: Entry) -> tuple[str, int, str, str, str, str, str, str]:
    source, origin = entry.origin.source, entry.origin
    where = (source.file, source.line, source.kind, source.namespace, source.name)
    return (*where, origin.type, origin.key, origin.value)
