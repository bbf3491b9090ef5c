"""What a person sees of two addresses that were asked the same."""

from __future__ import annotations

from report.probed import NOTHING, REPORT, SAME, row

from converter.report.page import Line
from converter.report.probe_model import ProbeReport
from converter.report.probe_terminal import probe_terminal, requests
from converter.verify.messages import Request
from converter.verify.probes import Probe


def text(lines: list[Line]) -> str:
    return "".join("".join(piece for piece, _ in line) + "\n" for line in lines)


def seen(report: ProbeReport, width: int = 100, *, whole: bool = False) -> str:
    return text(probe_terminal(report, width, whole=whole))


def test_something_of_everything() -> None:
    assert (
        seen(REPORT)
        == """\
old: 192.0.2.1 (lb.example.com), http on port 80, https on port 443
new: 198.51.100.7, http on port 80, https on port 443

Not announced: the conversion says nothing of these differences
  status: 200 → 404
    GET http://shop.example.com/a (the path itself)
    GET http://shop.example.com/a/ with X-Canary: always (/a with a slash at the end)
    GET https://shop.example.com/b (the path itself)
  redirect: none → /<b>|*
    GET https://shop.example.com/b (the path itself)

Unsteady: a side gave another answer when it was asked again
  backend: web → api
    GET http://blog.example.com/c (the path itself)

Announced: the report of the conversion says so
  strict-transport-security: max-age=1 → none [hsts]
    GET https://shop.example.com/0 (the path itself)
    GET https://shop.example.com/1 (the path itself)
    GET https://shop.example.com/2 (the path itself)
    and 2 more, on 1 host in all

No answer from either side
  old: no answer in time; new: connection reset
    → The proxy or its backend is slow or stuck; --timeout waits longer.
    GET http://blog.example.com/d (the path itself)

The same on both sides, but not well
  both sides: 503
    GET http://api.example.com/e (the path itself)

host              asked  same  announced  not announced  unsteady  no answer
shop.example.com      9     1          5              3         -          -
blog.example.com      2     -          -              -         1          1

Nothing else differs, on 2 hosts: api.example.com, quiet.example.com.

Not sent: 3 probes that might change something; --allow-unsafe sends them.
Certificates were not checked.
13 probes on 4 hosts: 3 same, 5 announced, 3 not announced, 1 unsteady, 1 no answer.
"""
    )


def test_a_narrow_terminal() -> None:
    assert seen(REPORT, 60).startswith("""\
old: 192.0.2.1 (lb.example.com), http on port 80, https on
     port 443
new: 198.51.100.7, http on port 80, https on port 443

Not announced: the conversion says nothing of these
differences
  status: 200 → 404
    GET http://shop.example.com/a (the path itself)
    GET http://shop.example.com/a/ with X-Canary: always (/a
      with a slash at the end)
    GET https://shop.example.com/b (the path itself)
  redirect: none → /<b>|*
    GET https://shop.example.com/b (the path itself)

""")


def test_nothing_differs() -> None:
    assert (
        seen(SAME)
        == """\
old: 192.0.2.1
new: 198.51.100.7

Nothing differs, on 2 hosts: blog.example.com, shop.example.com.

2 probes on 2 hosts: 2 same.
"""
    )


def test_nothing_was_asked() -> None:
    assert seen(NOTHING).endswith("\nNothing was asked.\n")


def test_all_of_it() -> None:
    everything = seen(REPORT, whole=True)

    assert "    GET https://shop.example.com/4 (the path itself)\n" in everything
    assert "\nquiet.example.com " in everything


def test_many_hosts_are_cut_short_and_the_worst_come_first() -> None:
    rows = [row("announced", host=f"h{number:02}.example.com") for number in range(30)]
    report = ProbeReport("1", "a", "b", (*rows, row("unannounced", host="worst.example.com")))
    lines = seen(report).splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("host "))

    assert lines[start + 1].startswith("worst.example.com ")
    assert lines[start + 21] == "… and 11 more hosts; --all shows them"
    assert "h29.example.com" in seen(report, whole=True)


def test_control_characters_of_a_server_reach_no_terminal() -> None:
    from converter.verify.live.compared import Compared

    evil = row("unannounced", "/", Compared("location", "\x1b]0;evil\x07", "\x1b[2J\n"), host="a\x1b.example.com")

    assert "\x1b" not in seen(ProbeReport("1", "a", "b", (evil,)))


def test_requests_with_their_reasons() -> None:
    probes = [
        Probe(Request("shop.example.com", "/api/"), "/api with a slash at the end"),
        Probe(Request("shop.example.com", f"/{'long/' * 8}", "OPTIONS"), "a preflight of a long path"),
    ]

    assert (
        text(requests(probes, 80))
        == f"""\
GET http://shop.example.com/api/  /api with a slash at the end
OPTIONS http://shop.example.com/{"long/" * 8}
  a preflight of a long path
"""
    )
