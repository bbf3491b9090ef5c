"""Which facts differ between two sides, and which entries of the ledger announce it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.verify.announced import closeness
from converter.verify.facts import (
    ANSWER,
    FORWARDED_HEADERS,
    HSTS,
    REQUEST_HEADERS,
    RESPONSE_HEADERS,
    SENT_HOST,
    SENT_PATH,
    in_words,
)
from converter.verify.gateway.policies import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.ledger import Entry, Origin, Remark
    from converter.targets.table import TargetTable
    from converter.verify.facts import Facts
    from converter.verify.messages import Request
    from converter.verify.sides import Seen
    from converter.verify.source import Controller

_ASPECTS = {
    SENT_PATH: "path",
    SENT_HOST: "host",
    REQUEST_HEADERS: "request-headers",
    FORWARDED_HEADERS: "forwarded-headers",
    RESPONSE_HEADERS: "response-headers",
    HSTS: "response-headers",
}
_REFUSED = 0
_OF_ANY = 1
"""How closely an entry speaks of a fact that says it of all."""
_TOLD = (Verdict.APPROXIMATED, Verdict.UNTRANSLATED)
_HARMLESS = (Verdict.TRANSLATED, Verdict.BUILTIN, Verdict.INERT)
_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Change:
    fact: str
    part: str
    """Which part of the fact, where it has parts and only some differ."""
    before: str
    """Empty: the fact does not hold."""
    after: str
    verdict: Verdict | None = None
    """The worst of those that announce it; ``None`` when nobody does, or nobody was asked."""
    codes: tuple[str, ...] = ()
    by_default: bool = False
    """It is about what the source controller did although nobody wrote it."""
    silent: bool = False
    """The ledger was asked, and no entry announces it."""


def changes(before: Seen, after: Seen) -> tuple[Change, ...]:
    """The facts that differ, in the order of the facts; after another status nothing further is compared."""
    one, other = before.facts, after.facts
    if before.answer.status != after.answer.status:
        return (Change(ANSWER, "", str(one[ANSWER]), str(other[ANSWER])),)
    names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    if not names:
        return ()
    pair = [{name: side[name] for name in names if name in side} for side in (one, other)]
    return _differing(*map(_frozen, pair))


_Frozen = tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...]


def _frozen(facts: Facts) -> _Frozen:
    return tuple((name, tuple(value.items()) if isinstance(value, dict) else value) for name, value in facts.items())


def _thawed(facts: _Frozen) -> Facts:
    return {name: dict(value) if isinstance(value, tuple) else value for name, value in facts}


@lru_cache(maxsize=4096)
def _differing(one: _Frozen, other: _Frozen) -> tuple[Change, ...]:
    """DeepDiff takes milliseconds for a pair, and most pairs are seen more than once."""
    from deepdiff import DeepDiff

    before, after = _thawed(one), _thawed(other)
    found = [
        _change(level.path(output_format="list"), before, after)
        for levels in DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0).values()
        for level in levels
    ]
    order = {name: rank for rank, name in enumerate({**before, **after})}
    return tuple(sorted(found, key=lambda change: (order[change.fact], change.part)))


def _change(path: Sequence[str], before: Facts, after: Facts) -> Change:
    fact, *parts = path
    if not parts:
        return Change(fact, "", in_words(before.get(fact, "")), in_words(after.get(fact, "")))
    values = [side.get(fact, "") for side in (before, after)]
    one, other = (value.get(parts[0], "") if isinstance(value, dict) else "" for value in values)
    return Change(fact, parts[0], one, other)


def is_policy(fact: str) -> bool:
    """Whether it is a fact that need not show in the answer to one request."""
    return fact != ANSWER and fact not in _ASPECTS


@dataclass(frozen=True, slots=True)
class Announcer:
    """The ledger, asked about the changes of one host."""

    entries: Sequence[Entry]
    """Of the Ingresses that have a part in the host, and of the controller; one for each code is enough."""
    by_origin: Mapping[Origin, Entry]
    target: TargetTable
    controller: Controller

    def announced(self, change: Change, before: Seen, after: Seen, request: Request) -> Change | None:
        """The change with who announces it; ``None`` for a policy that the objects need not name to keep it."""
        if not is_policy(change.fact):
            aspect = _ASPECTS.get(change.fact) or _aspect(before, after)
            # What entries say of https alone is that the connection is refused.
            refused = after.answer.status == _REFUSED
            asked = (request if refused else replace(request, scheme="http"), self.controller)
            close = [closeness(entry, aspect, asked, self.target) for entry in self.entries]
            best = max(close, default=0)
            return _told(change, [e for e, rank in zip(self.entries, close, strict=True) if rank and rank == best])
        asked_for = (origin.told for origin in before.origins.get(change.fact, ()))
        own = [self.by_origin[origin] for origin in asked_for if origin in self.by_origin]
        if change.fact not in NAMED and own and all(each.verdict in _HARMLESS for each in own):
            return None
        fresh = not change.before
        if fresh and change.fact not in before.origins:
            return _told(change, self._in_its_place(change.fact, request))
        # What is in force for the first time may be a translation of what was never read.
        return _told(change, own if fresh else [each for each in own if _verdicts(each) or self._is_judged(each)])

    def _in_its_place(self, fact: str, request: Request) -> list[Entry]:
        """Who says that the target has a policy for which the source had another one."""
        asked = (request, self.controller)
        word = fact.replace(" ", "-")
        return [each for each in self.entries if closeness(each, word, asked, self.target) > _OF_ANY]

    def _is_judged(self, entry: Entry) -> bool:
        """Whether a user said of what differs that it does not."""
        row = self.target.find(entry.code)
        return row is not None and row.judged


def _aspect(before: Seen, after: Seen) -> str:
    if before.answer.status != after.answer.status:
        return "status"
    return "location" if before.answer.location or after.answer.location else "backend"


def _told(change: Change, entries: Sequence[Entry]) -> Change:
    if not entries:
        return replace(change, silent=True)
    found = {entry.code: entry.verdict for entry in entries}
    for entry in entries:
        found.update(_verdicts(entry))
    codes = sorted(found, key=lambda code: (-_RANK[found[code]], code))
    told = [code for code in codes if found[code] in _TOLD] or codes
    default = all(entry.origin.type == "default" for entry in entries)
    return replace(change, verdict=found[told[0]], codes=tuple(told), by_default=default)


def _verdicts(entry: Entry) -> dict[str, Verdict]:
    """What a person has to hear of, by code."""
    told: tuple[Entry | Remark, ...] = (entry, *entry.also)
    return {each.code: each.verdict for each in told if each.verdict in _TOLD}


def one_of_each_code(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that say the same; those that somebody wrote before those of the controller."""
    found: dict[tuple[str, ...], Entry] = {}
    for entry in sorted(entries, key=lambda each: each.origin.type == "default"):
        found.setdefault((entry.code, *(remark.code for remark in entry.also)), entry)
    return list(found.values())
