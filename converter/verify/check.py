"""Whether the objects do what the source controller did, request by request, and whether the ledger says where not.

Objects that people wrote are held against the Ingresses just the same. What the ledger announces is about the objects
that a conversion makes, so it excuses a difference of others only where those would differ in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from converter.verify.announced import speakers
from converter.verify.compare import Difference, differences
from converter.verify.doors import Doors, gateways_of, of_gateways
from converter.verify.facts import told
from converter.verify.gateway.hostnames import intersects
from converter.verify.gateway.routes import KINDS
from converter.verify.ledgers import Ledger
from converter.verify.places import Place, Places
from converter.verify.source import Controller

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.ledger import Entry, Remark
    from converter.routing import RoutingTable
    from converter.targets.table import TargetTable
    from converter.verify.messages import Answer, Request
    from converter.verify.probes import Probe
    from converter.verify.written import Identity, Written

Outcome = Literal["same", "announced", "accepted", "unannounced"]
OUTCOMES: tuple[Outcome, ...] = ("same", "announced", "accepted", "unannounced")
"""From the one that nobody has to look at to the one that nobody knew of."""
_NO_CONNECTION = (0, 421)
"""Refused, or opened for another host."""
_WHO = ("status", "location", "backend")
"""Aspects that are told by who answers."""


class Answering(Protocol):
    """One side, predicted or real."""

    def answer(self, request: Request) -> Answer:
        """What a client gets for the request."""


@dataclass(frozen=True, slots=True)
class Case:
    """One routing table, and the objects that are to do the same."""

    table: RoutingTable
    entries: Sequence[Entry]
    target: TargetTable
    own: Sequence[Mapping[str, Any]]
    """The objects that a conversion makes."""
    objects: Sequence[Mapping[str, Any]]
    """Those that are checked."""
    written: Mapping[Identity, Written] = field(default_factory=dict)
    """Where those stand that people wrote."""
    environment: str = ""

    def of_its_gateways(self) -> Case:
        """Without the Gateways of other controllers, which have addresses of their own."""
        own = of_gateways(self.own, gateways_of(self.table, self.entries, self.own))
        if self.own is self.objects:
            return replace(self, own=own, objects=own)
        names = gateways_of(self.table, self.entries, self.objects)
        # Routes of other names may attach to anything.
        return replace(self, own=own, objects=of_gateways(self.objects, names) if names else self.objects)

    def concerned(self) -> list[Mapping[str, Any]]:
        """The objects without routes for other hosts than those of the Ingresses."""
        names = [name for host in self.table.hosts for name in host.names]
        return [entry for entry in self.objects if entry["kind"] not in KINDS or _is_for_any(entry, names)]


def _is_for_any(route: Mapping[str, Any], names: Iterable[str]) -> bool:
    own = [name.lower() for name in route["spec"].get("hostnames") or ()]
    return not own or any(intersects(one, name) for one in own for name in names)


@dataclass(frozen=True, slots=True)
class Judged:
    """One difference."""

    aspect: str
    """As ``compare.Aspect``, or ``policy`` for what does not show in an answer."""
    before: str
    after: str
    subject: str = ""
    """Which policy it is."""
    announced: tuple[Remark, ...] = ()
    """What the ledger says about it."""
    accepted: str = ""
    """Why somebody takes it."""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(remark.code for remark in self.announced)

    @property
    def outcome(self) -> Outcome:
        return "accepted" if self.accepted else "announced" if self.announced else "unannounced"


@dataclass(frozen=True, slots=True)
class Checked:
    """One request, and what becomes of it on both sides."""

    environment: str
    host: str
    """As it is declared, for people; ``Request.hostname`` where nobody declares it."""
    location: str
    """Which location of the source controller serves it, such as ``prefix /api``; empty for none."""
    probe: Probe
    before: Answer
    after: Answer
    differences: tuple[Judged, ...]
    source: Place | None = None
    target: Place | None = None
    """Who serves it on either side; looked up only for what nobody announces."""

    @property
    def outcome(self) -> Outcome:
        return max((each.outcome for each in self.differences), key=OUTCOMES.index, default="same")


def check(
    case: Case, probes: Iterable[Probe], before: Answering | None = None, after: Answering | None = None
) -> tuple[Checked, ...]:
    """Ask both sides each probe; the sides are predicted unless others are given."""
    judge = _Judge(case, before, after)
    return tuple(map(judge.check, probes))


class _Judge:
    def __init__(self, case: Case, before: Answering | None, after: Answering | None) -> None:
        self._case = case
        self._controller = Controller(case.table)
        doors = Doors(case.objects)
        self._own = doors if case.own is case.objects else Doors(case.own)
        self._before, self._after = before or self._controller, after or doors
        self._ledger = Ledger(case.entries)
        self._places = Places(self._controller, doors, self._own, case.objects, case.written)

    def check(self, probe: Probe) -> Checked:
        request = probe.request
        before, after = self._before.answer(request), self._after.answer(request)
        found = tuple(self._judged(request, before, after))
        host = self._controller.hosts.find(request.hostname)
        location = self._controller.location(request)
        checked = Checked(
            self._case.environment,
            host.name if host and host.name else request.hostname,
            f"{location.match.kind} {location.match.value}" if location else "",
            probe,
            before,
            after,
            found,
        )
        if checked.outcome != "unannounced":
            return checked
        return replace(checked, source=self._places.before(request), target=self._places.after(request, after))

    def _judged(self, request: Request, before: Answer, after: Answer) -> Iterable[Judged]:
        found = differences(before, after)
        if not found:
            return
        excused = found if self._case.own is self._case.objects else differences(before, self._own.answer(request))
        for each in found:
            one, other = _in_words(each, request, before, after)
            announced = self._announced(each, request, after, self._speaking(each, request, excused))
            yield Judged(each.aspect, one, other, announced=announced)

    def _speaking(self, difference: Difference, request: Request, excused: Sequence[Difference]) -> Sequence[Entry]:
        """Entries that are about objects which differ as those of a conversion do.

        Where the latter let another answer, nobody knows how they would have sent the request on; then what the source
        controller did by itself is excused, for nobody asked for it.
        """
        entries = self._ledger.of_host(self._controller.hosts.find(request.hostname))
        if shows(excused, difference):
            return entries
        if difference.aspect not in _WHO and any(each.aspect in _WHO for each in excused):
            return [entry for entry in entries if entry.origin.type == "default"]
        return ()

    def _announced(
        self, difference: Difference, request: Request, after: Answer, entries: Sequence[Entry]
    ) -> tuple[Remark, ...]:
        # What entries say of https alone is that the connection is of no use.
        asked = request if after.status in _NO_CONNECTION else replace(request, scheme="http")
        return speakers(entries, difference.aspect, (asked, self._controller), self._case.target)


def shows(excused: Iterable[Difference], difference: Difference) -> bool:
    """Whether the objects of a conversion differ in the same way, or, where headers are listed, in more of them."""
    for each in excused:
        if each.aspect == difference.aspect:
            pairs = ((difference.source, each.source), (difference.target, each.target))
            if each.aspect.endswith("headers"):
                return all(_parts(one) <= _parts(other) for one, other in pairs)
            return all(one == other for one, other in pairs)
    return False


def _parts(listed: str) -> set[str]:
    return set(filter(None, listed.split("; ")))


def _in_words(difference: Difference, request: Request, before: Answer, after: Answer) -> tuple[str, str]:
    if difference.aspect in _WHO:
        words = told(before, request), told(after, request)
        if words[0] != words[1]:
            return words
    return difference.source, difference.target
