"""Two sides that are asked the same: how gently, what counts as a difference, and when it is given up."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from itertools import count

import pytest
from verify.live.servers import Speak, asked_of, closed_port, reset, response, saying, serving

from converter.verify.live.compared import CheckedProbe, Compared, Fault
from converter.verify.live.differences import HEADERS
from converter.verify.live.inquiry import Death, Inquiry, Manner, Question, dressed
from converter.verify.live.sender import Address, AsyncSender
from converter.verify.messages import Request
from converter.verify.probes import Probe

ROOT = Probe(Request("shop.example.com"), "the root")
OK, MISSING, BROKEN = (saying(response(status)) for status in ("200 OK", "404 Not Found", "503 Service Unavailable"))


def probes(number: int) -> list[Probe]:
    return [Probe(Request("shop.example.com", f"/{index}"), "a path") for index in range(number)]


def nobody(difference: Compared, request: Request) -> tuple[str, ...]:
    return ()


def questions(asked: Sequence[Probe], announce=nobody) -> list[Question]:
    return [Question(probe, HEADERS, None, announce) for probe in asked]


def inquire(
    trust, ports: tuple[int, int], asked: Sequence[Question], timeout: float = 2.0, **manner: object
) -> Inquiry:
    """Ask fast, unless it is said how."""
    old, new = (AsyncSender(Address("127.0.0.1", {"http": port}), trust, timeout=timeout) for port in ports)
    how = Manner(**{"rate": 10_000.0, "concurrency": 4, "most": 100, **manner})
    inquiry = Inquiry(old, new, how, lambda _: None)

    async def run() -> None:
        async with old, new:
            await inquiry.ask(asked)

    asyncio.run(run())
    return inquiry


@pytest.fixture
def checked(trust):
    """What is learned when two servers are asked for the root."""

    def call(old: Speak, new: Speak, announce=nobody, **manner: object) -> CheckedProbe:
        with serving(old) as one, serving(new) as other:
            return inquire(trust, (one.port, other.port), questions([ROOT], announce), **manner).checked[0]

    return call


def in_turn(*speeches: Speak) -> Speak:
    """Another speech for each request; the last one from then on."""
    number = count()

    def speak(connection: socket.socket, asked: bytes) -> None:
        speeches[min(next(number), len(speeches) - 1)](connection, asked)

    return speak


STATUS = (Compared("status", "200", "404"),)


def test_the_same_is_the_same(checked) -> None:
    assert checked(OK, OK) == CheckedProbe(ROOT, "same")


def test_a_difference_that_nobody_announces(checked) -> None:
    assert checked(OK, MISSING) == CheckedProbe(ROOT, "unannounced", STATUS)


def test_a_difference_that_somebody_announces(checked) -> None:
    found = checked(OK, MISSING, lambda difference, _: ("a.code",) if difference == STATUS[0] else ())

    assert found == CheckedProbe(ROOT, "announced", (Compared("status", "200", "404", ("a.code",)),))


def test_one_difference_that_is_not_announced_is_enough(checked) -> None:
    old = saying(response("200 OK", "Cache-Control: no-store", "Allow: GET"))
    found = checked(old, OK, lambda difference, _: ("a.code",) if "cache" in difference.one else ())

    assert (found.outcome, [each.codes for each in found.differences]) == ("unannounced", [(), ("a.code",)])


def test_one_side_without_an_answer_differs(checked) -> None:
    assert checked(OK, reset) == CheckedProbe(
        ROOT, "unannounced", (Compared("status", "200", "connection reset"),), (Fault("new", "connection reset"),)
    )


def test_both_sides_without_an_answer_are_a_fault(checked) -> None:
    wrong = (Fault("old", "connection reset"), Fault("new", "connection closed without an answer"))

    assert checked(reset, saying()) == CheckedProbe(ROOT, "fault", (), wrong)


def test_an_error_on_both_sides_is_the_same_and_told(checked) -> None:
    assert checked(BROKEN, BROKEN) == CheckedProbe(ROOT, "same", (), (Fault("old", "503"), Fault("new", "503")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OK, in_turn(MISSING, OK)),
        (in_turn(OK, MISSING), MISSING),
        (in_turn(OK, BROKEN), MISSING),
    ],
    ids=["the new side came round", "the old side came round", "the old side differs from itself"],
)
def test_what_differs_only_once_is_unsteady(checked, old, new) -> None:
    assert checked(old, new) == CheckedProbe(ROOT, "unsteady", STATUS)


def test_a_new_side_that_is_wrong_in_several_ways_is_no_excuse(checked) -> None:
    assert checked(OK, in_turn(MISSING, BROKEN)) == CheckedProbe(ROOT, "unannounced", STATUS)


def test_an_unsteady_header_hides_no_other_difference(checked) -> None:
    old = in_turn(*(saying(response("200 OK", f"Cache-Control: {each}", "Allow: GET")) for each in "ab"))
    found = checked(old, saying(response("200 OK", "Cache-Control: c")))

    assert found == CheckedProbe(ROOT, "unannounced", (Compared("response-headers", "allow: GET", "no allow"),))


def test_a_spent_budget_asks_nobody_again(checked) -> None:
    assert checked(OK, in_turn(MISSING, OK), most=1) == CheckedProbe(ROOT, "unannounced", STATUS)


def test_both_sides_get_each_request_once(trust) -> None:
    with serving(OK) as old, serving(OK) as new:
        inquire(trust, (old.port, new.port), questions(probes(20)))

    expected = sorted(f"GET /{index} shop.example.com" for index in range(20))
    assert sorted(asked_of(old.asked)) == sorted(asked_of(new.asked)) == expected


def test_the_rate_is_kept_by_all_together(trust) -> None:
    with serving(OK) as old, serving(OK) as new:
        start = time.monotonic()
        inquire(trust, (old.port, new.port), questions(probes(11)), rate=20.0, concurrency=8)
        took = time.monotonic() - start

    assert 0.5 <= took < 2


def test_no_more_are_under_way_than_is_allowed(trust) -> None:
    under_way, most = [0], [0]

    def slow(connection: socket.socket, asked: bytes) -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        time.sleep(0.05)
        under_way[0] -= 1
        OK(connection, asked)

    with serving(OK) as old, serving(slow) as new:
        inquire(trust, (old.port, new.port), questions(probes(12)), concurrency=3)

    assert most == [3]


def test_a_dead_side_is_not_asked_for_ever(trust) -> None:
    with serving(OK) as old:
        inquiry = inquire(trust, (old.port, closed_port()), questions(probes(100)), concurrency=1)

    assert inquiry.deaths == {"http": Death("new", "http", "connection refused")}
    assert len(old.asked) == 5
    assert {row.outcome for row in inquiry.checked} == {"unannounced"}


def test_a_side_that_is_stuck_is_not_waited_for_all_day(trust) -> None:
    with serving(OK) as old, serving(lambda _connection, _asked: time.sleep(3)) as new:
        inquiry = inquire(trust, (old.port, new.port), questions(probes(100)), concurrency=8, timeout=0.5)

    assert inquiry.deaths == {"http": Death("new", "http", "no answer in time")}
    assert 20 <= len(old.asked) < 40


def test_single_failures_are_no_death(trust) -> None:
    with serving(OK) as old, serving(in_turn(*[reset, reset, OK] * 10)) as new:
        inquiry = inquire(trust, (old.port, new.port), questions(probes(20)))

    assert (inquiry.deaths, len(inquiry.checked)) == ({}, 20)


def test_headers_of_the_user_come_besides_those_of_the_probe() -> None:
    request = Request("a", headers=(("X-Canary", "always"), ("Cookie", "canary=1")))
    extra = (("x-canary", "mine"), ("X-Token", "t"), ("cookie", "session=2"))

    assert dressed(request, extra).headers == (
        ("X-Canary", "always"),
        ("X-Token", "t"),
        ("Cookie", "canary=1; session=2"),
    )
    assert dressed(Request("a"), ()).headers == ()
