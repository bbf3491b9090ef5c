"""Asks two addresses the same, gently, and learns where they differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from converter.verify.live.compared import CheckedProbe, Compared, SideName, header_of
from converter.verify.live.differences import differences, faults
from converter.verify.live.faults import DEADLY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from converter.verify.live.marker import Marker
    from converter.verify.live.reply import Reply
    from converter.verify.live.sender import AsyncSender
    from converter.verify.messages import Headers, Request, Scheme
    from converter.verify.probes import Probe

    Replies = tuple[Reply, Reply]

_SIDES: tuple[SideName, SideName] = get_args(SideName)
_COOKIE = "cookie"
PATIENCE = 20
"""A side counts as dead when the faults in a row, weighed by ``DEADLY``, come to so much."""


@dataclass(frozen=True, slots=True)
class Question:
    """A probe, with what the conversion says about it in advance."""

    probe: Probe
    headers: Collection[str]
    """Patterns of the headers to compare, in small letters."""
    marker: Marker | None
    announce: Callable[[Compared, Request], tuple[str, ...]]
    """The codes of the entries that announce a difference."""

    def compare(self, replies: Replies) -> tuple[Compared, ...]:
        return differences(*replies, self.probe.request, self.headers, self.marker)


@dataclass(frozen=True, slots=True)
class Manner:
    """How to ask."""

    rate: float
    """Requests a second to each side, at most."""
    concurrency: int
    most: int
    """Requests to each side."""
    extra: Headers = ()
    """Further headers of each request."""


@dataclass(frozen=True, slots=True)
class Death:
    """A side stopped to answer."""

    side: SideName
    scheme: Scheme
    words: str


class Inquiry:
    """What is learned is in ``checked`` at any time, so that an interrupt loses nothing."""

    def __init__(
        self, old: AsyncSender, new: AsyncSender, manner: Manner, tell: Callable[[CheckedProbe], None]
    ) -> None:
        self._senders, self._manner, self._tell = (old, new), manner, tell
        self._sent = 0
        self._next = 0.0
        self._failures: Counter[tuple[SideName, Scheme]] = Counter()
        self.deaths: dict[Scheme, Death] = {}
        self.checked: list[CheckedProbe] = []

    async def ask(self, questions: Iterable[Question]) -> None:
        """Ask all of them, a few at a time; once a side is dead over a scheme, nothing more over that."""
        import asyncio

        waiting = iter(questions)

        async def work() -> None:
            for question in waiting:
                if question.probe.request.scheme not in self.deaths:
                    self._learn(await self._checked(question))

        async with asyncio.TaskGroup() as group:
            for _ in range(self._manner.concurrency):
                group.create_task(work())

    def _learn(self, found: CheckedProbe) -> None:
        self.checked.append(found)
        self._tell(found)

    async def _checked(self, question: Question) -> CheckedProbe:
        request = question.probe.request
        first = await self._replies(request)
        found = question.compare(first)
        if found and self._sent < self._manner.most and request.scheme not in self.deaths:
            second = await self._replies(request)
            steady = _steady(question, first, second)
            if not steady:
                return CheckedProbe(question.probe, "unsteady", found, faults(*first))
            found = steady
        return _judged(question, found, first)

    async def _replies(self, request: Request) -> Replies:
        import asyncio

        self._sent += 1
        await self._turn()
        sent = dressed(request, self._manner.extra)
        old, new = await asyncio.gather(*(sender.send(sent) for sender in self._senders))
        for side, reply in zip(_SIDES, (old, new), strict=True):
            self._note(side, request.scheme, reply)
        return old, new

    async def _turn(self) -> None:
        """Wait until the rate allows one more request."""
        import asyncio

        now = asyncio.get_running_loop().time()
        at = max(now, self._next)
        self._next = at + 1 / self._manner.rate
        await asyncio.sleep(at - now)

    def _note(self, side: SideName, scheme: Scheme, reply: Reply) -> None:
        if reply.fault not in DEADLY:
            self._failures[side, scheme] = 0
            return
        self._failures[side, scheme] += DEADLY[reply.fault]
        if self._failures[side, scheme] >= PATIENCE:
            self.deaths.setdefault(scheme, Death(side, scheme, reply.fault))


def dressed(request: Request, extra: Headers) -> Request:
    """With further headers; what the probe says itself counts more, and cookies stand side by side."""
    own = {name.lower() for name, _ in request.headers}
    both = (*request.headers, *(pair for pair in extra if pair[0].lower() not in own - {_COOKIE}))
    cookies = "; ".join(value for name, value in both if name.lower() == _COOKIE)
    others = tuple(pair for pair in both if pair[0].lower() != _COOKIE)
    return replace(request, headers=(*others, ("Cookie", cookies)) if cookies else others)


def _steady(question: Question, first: Replies, second: Replies) -> tuple[Compared, ...]:
    """What differs both times, without the aspects in which the old side differs from itself."""
    again = {_subject(each): each for each in question.compare(second)}
    own = {_subject(each) for each in question.compare((first[0], second[0]))}
    return tuple(each for each in question.compare(first) if _subject(each) in again and _subject(each) not in own)


def _subject(difference: Compared) -> tuple[str, str]:
    """The aspect and, where it is about headers, the name of the header."""
    return difference.aspect, header_of(difference) if difference.aspect == "response-headers" else ""


def _judged(question: Question, found: Sequence[Compared], replies: Replies) -> CheckedProbe:
    probe, wrong = question.probe, faults(*replies)
    told = tuple(Compared(each.aspect, each.one, each.other, question.announce(each, probe.request)) for each in found)
    if told:
        return CheckedProbe(probe, "announced" if all(each.codes for each in told) else "unannounced", told, wrong)
    return CheckedProbe(probe, "fault" if all(reply.fault for reply in replies) else "same", (), wrong)
