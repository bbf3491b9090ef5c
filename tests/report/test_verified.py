"""What a person signs: the numbers, then what nobody announced, with the places to open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report.comparisons import NOTES, STALE, comparison, lost, row, unannounced

from converter.report.verified import verified
from converter.report.verified_model import PREDICTED, Comparison, asked
from converter.verify.messages import Request


def text(given: Comparison, width: int = 80, **options: Any) -> str:
    return "".join("".join(piece for piece, _ in line) + "\n" for line in verified(given, width, **options))


def test_the_whole_page() -> None:
    assert (
        text(comparison(notes=NOTES, stale=STALE))
        == """\
Verified 7 probes on 2 hosts: 1 same, 2 announced, 1 accepted, 3 NOT ANNOUNCED.

Not announced: these requests get something else, and nobody said so
  shop.example.com
    ! status: shop/web:80 → 404  3 probes
      before  Ingress shop/web, path /api (ingress.yaml:14)
      after   no rule of HTTPRoute shop/web (routes.yaml:3) takes it at listener
              http of Gateway shop/nginx
      GET https://shop.example.com/API  (/api in other letters)
      GET https://shop.example.com/API/  (/API with a slash at the end)
      and 1 more probe

Accepted: somebody decided on these
  = moved in May  1 probe on 1 host
    GET https://shop.example.com/old  backend: shop/old:80 → shop/new:80

Announced: the report of the conversion says so
  ~ untranslated [body-size]  1 probe on 1 host
    Nothing limits bodies.
    → Limit them in the application.
    GET https://other.example.com/api  status: 413 → shop/web:80
  ~ approximated [forwarded-headers]  1 probe on 1 host
    The headers are others.
    GET https://shop.example.com/api  forwarded-headers: x-scheme: https → none

routes.yaml:3: Gateway shop/nginx is not there.
  → Name its file.

accepted.yaml:4: this accepts nothing that differs unannounced; remove it: gone
  since June

1 difference is not announced: mend the place named, or accept it with a reason.
"""
    )


def test_nothing_unannounced_is_said_in_small_letters() -> None:
    assert (
        text(Comparison((row("/"),)))
        == """\
Verified 1 probe on 1 host: 1 same, 0 announced, 0 accepted, 0 not announced.

Nothing differs that the report of the conversion does not announce.
"""
    )


def test_nothing_to_ask_is_said() -> None:
    assert text(Comparison(())) == "Verified nothing: no host and no path was found to ask for.\n"


def test_everything_is_shown_on_demand() -> None:
    shown = text(comparison(), whole=True).partition("All probes\n")[2]
    assert shown.startswith(
        """\
  shop.example.com
    GET https://shop.example.com/  (the path itself)  same
    GET https://shop.example.com/API  (/api in other letters)  NOT ANNOUNCED:
      status
"""
    )


def test_differences_that_repeat_what_was_asked_show_it_with_each_request() -> None:
    rows = [row(path, unannounced("path", path, f"/x{path}")) for path in ("/a", "/b")]
    shown = text(Comparison(tuple(rows)))
    assert "    ! path: /a → /x/a  2 probes\n" in shown
    assert "      GET https://shop.example.com/b  (the path itself)  path: /b → /x/b\n" in shown


def test_one_cause_in_two_environments_is_told_of_each() -> None:
    rows = (lost("/a", "a", environment="prod"), lost("/a", "a", environment="test"))
    shown = text(Comparison(rows))
    assert "  shop.example.com in prod\n" in shown
    assert "  shop.example.com in test\n" in shown


def test_many_causes_are_counted() -> None:
    rows = [lost("/a", "a", host=f"h{number:02}.example.com") for number in range(35)]
    assert "… and 5 more groups; --report FILE has them all" in text(Comparison(tuple(rows)))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    shown = text(comparison(notes=NOTES, stale=STALE), width)
    assert max(map(len, shown.splitlines())) <= width


def test_other_words_for_other_sides() -> None:
    words = replace(PREDICTED, heading="Asked", before="old", after="new", clean="Both say the same.")
    shown = text(comparison(words=words))
    assert shown.startswith("Asked 7 probes")
    assert "      old  Ingress shop/web" in shown
    assert text(Comparison((row("/"),), words)).endswith("Both say the same.\n")


ASKED = {
    "GET http://a.example.com/x?y=1": Request("a.example.com", "/x?y=1"),
    "POST https://a.example.com/ with A: b and a body of 2 bytes": Request(
        "a.example.com", method="POST", scheme="https", headers=(("A", "b"),), body=2
    ),
    "GET https://a.example.com/ over a connection for b.example.com": Request(
        "a.example.com", scheme="https", server_name="b.example.com"
    ),
    "a connection to port 9000": Request("", port=9000),
}


@pytest.mark.parametrize("words", ASKED)
def test_a_request_is_one_line(words: str) -> None:
    assert asked(ASKED[words]) == words
