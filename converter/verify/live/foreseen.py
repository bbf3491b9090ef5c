"""What a conversion says in advance about the answers to a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from converter.verify.announced import speakers
from converter.verify.compare import Difference, differences
from converter.verify.gateway import Gateways
from converter.verify.ledgers import Ledger
from converter.verify.live.compared import header_of
from converter.verify.live.faults import DECLINED
from converter.verify.messages import Request
from converter.verify.source import Controller
from converter.verify.source.paths import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.gateway.objects import Json
    from converter.ledger import Entry
    from converter.routing import RoutingTable
    from converter.targets.table import TargetTable
    from converter.verify.live.compared import Compared
    from converter.verify.messages import Answer

_SHOWING_ELSEWHERE = frozenset({"status", "backend", "path", "host"})
"""Where these differ somebody else answers, or somebody who is asked something else, so that anything may differ."""
_NO_CONNECTION = (0, 421)
"""Refused, or opened for another host."""
_ANYBODY = Request("").client


@dataclass(frozen=True, slots=True)
class Migration:
    """What one controller does, and what was made of it."""

    table: RoutingTable
    objects: Sequence[Json]
    entries: Sequence[Entry]
    target: TargetTable


class Foreseen:
    """Of one migration, ready to be asked about many requests."""

    def __init__(self, migration: Migration) -> None:
        self._migration = migration
        self._controller = Controller(migration.table)
        self._gateways = Gateways(migration.objects)
        self._ledger = Ledger(migration.entries)

    def headers(self, request: Request) -> frozenset[str]:
        """The response headers that one of the sides sets or takes off, in small letters."""
        answers = self._answers(request)
        named = (name.lower() for answer in answers for name, _ in (*answer.set_headers, *answer.added_headers))
        return frozenset((*named, *(name for answer in answers for name in answer.removed_headers)))

    def by_chance(self, request: Request) -> bool:
        """Whether one of several backends answers, as chance has it."""
        return any(len(answer.shares) > 1 for answer in self._answers(request))

    def codes(self, difference: Compared, request: Request) -> tuple[str, ...]:
        """Of the entries of the ledger that announce the difference.

        They excuse only what is foreseen for this very request: a path that is not found is no lost rate limit, though
        that would be another status as well. Nobody announces that an address cannot be reached.
        """
        if difference.aspect == "status" and not all(map(_may_be_meant, (difference.one, difference.other))):
            return ()
        entries = self._ledger.of_host(self._controller.hosts.find(request.hostname))
        found: dict[str, None] = {}
        for asked in _ways_to_ask(request):
            for each, meant in self._explanations(difference, asked):
                told = speakers(entries, each.aspect, (meant, self._controller), self._migration.target)
                found.update(dict.fromkeys(remark.code for remark in told))
        if not found and normalised(request.path) != request.path:
            # What becomes of such a path is up to each implementation.
            return tuple(entry.code for entry in entries if self._is_about_odd_paths(entry))
        return tuple(found)

    def _is_about_odd_paths(self, entry: Entry) -> bool:
        row = self._migration.target.find(entry.code)
        return row is not None and any(word.endswith(":odd-path") for word in row.differs)

    def _explanations(self, difference: Compared, request: Request) -> Iterator[tuple[Difference, Request]]:
        """Foreseen differences that could show as this one, with the request that an entry has to be about."""
        source, target = self._answers(request)
        # What entries say of https alone is that the connection is of no use.
        meant = request if target.status in _NO_CONNECTION else replace(request, scheme="http")
        for each in differences(source, target):
            if _explains(each, difference) and _fit((source, target), difference):
                yield each, meant

    def _answers(self, request: Request) -> tuple[Answer, Answer]:
        return self._controller.answer(request), self._gateways.answer(request)


def _ways_to_ask(request: Request) -> Iterator[Request]:
    """Whoever asks may be let in or not: where we stand, and what our headers are worth, nobody foresees."""
    for client, identified in product(dict.fromkeys((request.client, _ANYBODY)), (False, True)):
        yield replace(request, client=client, identified=identified)


def _may_be_meant(status: str) -> bool:
    return status.isdigit() or status in DECLINED


def _explains(foreseen: Difference, difference: Compared) -> bool:
    if foreseen.aspect == difference.aspect == "response-headers":
        return f"{header_of(difference)}:" in f"{foreseen.source}; {foreseen.target}".lower()
    return foreseen.aspect == difference.aspect or foreseen.aspect in _SHOWING_ELSEWHERE


def _fit(answers: tuple[Answer, Answer], difference: Compared) -> bool:
    """Whether both sides do what was foreseen of them, as far as that is certain: a backend says what it likes."""
    told = zip(answers, (difference.one, difference.other), strict=True)
    return difference.aspect != "status" or all(_is_as_foreseen(answer, status) for answer, status in told)


def _is_as_foreseen(answer: Answer, status: str) -> bool:
    if answer.status is None:
        return True
    return status in DECLINED if answer.status == 0 else status == str(answer.status)
