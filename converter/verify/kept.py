"""Whether policies are kept that do not show in one answer: limits, times, tries, cross-origin rules.

They hold for a whole way, so each way is looked at once and not probe by probe.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from converter.ledger import Remark
from converter.verify.changes import Announcer, changes, is_policy
from converter.verify.check import Case, Checked, Judged
from converter.verify.doors import Doors
from converter.verify.gateway.policies import NAMED
from converter.verify.ledgers import Ledger
from converter.verify.messages import Request, Scheme
from converter.verify.places import Places
from converter.verify.probes import Probe
from converter.verify.sides import Source, Target
from converter.verify.ways import ways_of_table
from converter.verify.words import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from converter.verify.changes import Change
    from converter.verify.sides import Seen
    from converter.verify.ways import Way

ASPECT = "policy"
_TIMES = {"request": "request timeout", "backendRequest": "backend timeout"}


def check_policies(case: Case) -> tuple[Checked, ...]:
    """A row for every way of the source controller; what differs alike over http and https is told of one."""
    return tuple(_Keeper(case).rows())


class _Keeper:
    def __init__(self, case: Case) -> None:
        self._case = case
        self._source, self._target = Source(case.table), Target(case.objects)
        self._own = self._target if case.own is case.objects else Target(case.own)
        ledger, controller = Ledger(case.entries), self._source.controller
        self._announcers = {
            name: Announcer(ledger.of_host(host), ledger.by_origin, case.target, controller)
            for host in case.table.hosts
            for name in host.names
        }
        self._remarks = dict(_remarks(case))
        self._doors, self._own_doors = Doors(case.objects), Doors(case.own)
        self._places = Places(controller, self._doors, self._own_doors, case.objects, case.written)

    def rows(self) -> Iterator[Checked]:
        for way in ways_of_table(self._case.table):
            known: set[Judged] = set()
            for target in way.targets[:1]:
                for scheme in get_args(Scheme):
                    row = self._row(way, target, scheme)
                    if not known or not known.issuperset(row.differences):
                        yield row
                    known.update(row.differences)

    def _row(self, way: Way, target: str, scheme: Scheme) -> Checked:
        asked = Request(way.asked, target, way.method, scheme, way.headers)
        request = self._source.let_in(asked)
        before, after = self._source.see(request), self._target.see(request)
        found = (*self._judged(way, request, before, after), *self._switched_on(request))
        host = self._source.controller.hosts.find(request.hostname)
        row = Checked(
            self._case.environment,
            host.name if host and host.name else request.hostname,
            f"{way.match.kind} {way.match.value}",
            Probe(request, "what holds there whatever is answered"),
            before.answer,
            after.answer,
            found,
        )
        if row.outcome != "unannounced":
            return row
        return replace(row, source=self._places.before(request), target=self._places.after(request, after.answer))

    def _judged(self, way: Way, request: Request, before: Seen, after: Seen) -> Iterator[Judged]:
        found = [change for change in changes(before, after) if is_policy(change.fact)]
        if not found:
            return
        excused = found if self._own is self._target else changes(before, self._own.see(request))
        for change in found:
            subject = ", ".join(filter(None, (change.fact, change.part)))
            judged = Judged(ASPECT, change.before, change.after, subject)
            if change in excused or _by_default(change, before):
                told = self._announcers[way.host].announced(change, before, after, request)
                if told is not None:
                    yield replace(judged, announced=tuple(self._remarks[code] for code in told.codes))
            elif change.fact in NAMED or change.fact in before.facts:
                yield judged

    def _switched_on(self, request: Request) -> Iterator[Judged]:
        """Times without a limit, where an implementation has one unless it is told."""
        taker, own = self._doors.taker(request), self._own_doors.taker(request)
        for field, name in _TIMES.items():
            endless = own and _endless(own.rule, field)
            if endless and taker and field not in taker.rule.get("timeouts", {}):
                yield Judged(ASPECT, "no limit", "left to the implementation", name)


def _endless(rule: Mapping[str, Any], field: str) -> bool:
    text = rule.get("timeouts", {}).get(field, "")
    return bool(text) and seconds(text) == "0 s"


def _by_default(change: Change, before: Seen) -> bool:
    """Whether nobody asked for what differs."""
    origins = before.origins.get(change.fact, ())
    return bool(origins) and all(origin.type == "default" for origin in origins)


def _remarks(case: Case) -> Iterable[tuple[str, Remark]]:
    for entry in case.entries:
        yield entry.code, Remark(entry.verdict, entry.code, entry.message, entry.advice)
        yield from ((remark.code, remark) for remark in entry.also)
