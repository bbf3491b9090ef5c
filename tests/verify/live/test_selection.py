"""Which probes are sent, and what is said of the others."""

from __future__ import annotations

from converter.verify.live.selection import LeftOut, Wishes, at_usual_port, select
from converter.verify.messages import Request
from converter.verify.probes import Probe

BOTH = ("http", "https")


def probe(host: str = "a.example.com", target: str = "/", **fields: object) -> Probe:
    return Probe(Request(host, target, **fields), "a reason")


def sent(*probes: Probe, **wishes: object) -> tuple[list[Probe], list[LeftOut]]:
    found = select(probes, Wishes(**{"schemes": BOTH, **wishes}))
    return list(found.probes), list(found.left_out)


def test_everything_safe_is_sent() -> None:
    probes = [probe(method=method) for method in ("GET", "HEAD", "OPTIONS")]

    assert sent(*probes) == (probes, [])


def test_methods_that_change_something_and_bodies_wait_for_a_word() -> None:
    safe, post, body = probe(), probe(method="POST"), probe(target="/b", body=5)

    reason = "that might change something; --allow-unsafe sends them"
    assert sent(safe, post, body) == ([safe], [LeftOut(2, reason)])
    assert sent(safe, post, body, unsafe=True) == ([safe, post, body], [])


def test_only_schemes_for_which_both_sides_have_an_address() -> None:
    http, https = probe(), probe(scheme="https")

    left_out = LeftOut(1, "over https, for which not both sides have an address")
    assert sent(http, https, schemes=("http",)) == ([http], [left_out])


def test_a_port_of_its_own_is_left_alone_and_the_usual_one_is_that_of_the_address() -> None:
    tcp, usual = Probe(Request("", port=5432), "TCP port 5432"), probe(port=443, scheme="https")
    web = at_usual_port(Probe(Request("", port=80), "TCP port 80"))

    assert sent(tcp, web, at_usual_port(usual)) == (
        [probe(scheme="https")],
        [LeftOut(2, "without a host, or to other ports than 80 and 443")],
    )
    assert at_usual_port(tcp) == tcp


def test_hosts_are_chosen_by_patterns() -> None:
    probes = [probe("a.example.com"), probe("B.example.com:80"), probe("b.example.org"), probe("example.com")]

    assert sent(*probes, hosts=("B.example.*",)) == (
        [probes[1], probes[2]],
        [LeftOut(2, "for hosts that --host leaves out")],
    )


def test_what_is_the_same_on_the_wire_is_sent_once() -> None:
    """We are who we are: a probe cannot come from another address, nor as somebody who is let in."""
    first = probe()

    assert sent(first, probe(client="192.0.2.1"), probe(identified=True)) == ([first], [])


def test_hosts_take_turns() -> None:
    a = [probe("a.example.com", f"/{number}") for number in range(3)]
    b = [probe("b.example.com", f"/{number}") for number in range(1)]

    assert sent(*a, *b) == ([a[0], b[0], a[1], a[2]], [])


def test_a_budget_leaves_some_for_every_host_and_a_tenth_to_ask_again() -> None:
    probes = [probe(f"{name}.example.com", f"/{number}") for name in "ab" for number in range(20)]
    kept, left_out = sent(*probes, most=10)

    assert [each.request.hostname[0] + each.request.target for each in kept] == [
        *("a/0", "b/0", "a/1", "b/1", "a/2", "b/2", "a/3", "b/3", "a/4"),
    ]
    assert left_out == [LeftOut(31, "that --max-requests 10 has no room for")]


def test_a_budget_that_suffices_is_used_up() -> None:
    probes = [probe(target=f"/{number}") for number in range(10)]

    assert sent(*probes, most=10) == (probes, [])
