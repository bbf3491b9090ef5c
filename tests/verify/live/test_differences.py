"""Two replies, compared."""

from __future__ import annotations

import pytest

from converter.verify.live.compared import Compared, Fault
from converter.verify.live.differences import HEADERS, differences, faults
from converter.verify.live.marker import parse_marker
from converter.verify.live.reply import Reply
from converter.verify.messages import Request

REQUEST = Request("shop.example.com", "/a/b?c=d", scheme="https")
NONE = Reply(0, fault="connection reset")


def compared(old: Reply, new: Reply, *headers: str, marker: str = "") -> tuple[Compared, ...]:
    return differences(old, new, REQUEST, headers or HEADERS, parse_marker(marker) if marker else None)


def with_headers(*headers: tuple[str, str]) -> Reply:
    return Reply(200, headers)


def test_after_another_status_nothing_else_is_compared() -> None:
    old, new = Reply(308, (("Location", "/x"),)), Reply(404, (("Cache-Control", "no-store"),))

    assert compared(old, new) == (Compared("status", "308", "404"),)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (Reply(200), NONE, (Compared("status", "200", "connection reset"),)),
        (NONE, Reply(404), (Compared("status", "connection reset", "404"),)),
        (NONE, NONE, ()),
        (NONE, Reply(0, fault="no answer in time"), ()),
    ],
)
def test_no_answer_differs_from_an_answer_and_not_from_none(old, new, found) -> None:
    assert compared(old, new) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://shop.example.com/x", "https://shop.example.com:443/x"),
        ("https://shop.example.com", "https://shop.example.com/"),
        ("https://shop.example.com/x", "/x"),
        ("https://shop.example.com/a/x", "x"),
        ("https://shop.example.com/a/b?e", "?e"),
    ],
)
def test_redirects_that_lead_to_the_same_place_are_the_same(one, other) -> None:
    assert compared(Reply(302, (("Location", one),)), Reply(302, (("location", other),))) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://shop.example.com/x", "http://shop.example.com/x"),
        ("https://shop.example.com/x", "https://shop.example.com/x/"),
        ("https://shop.example.com/x", "https://shop.example.com:8443/x"),
        ("https://shop.example.com/x", ""),
        ("http://[broken", "https://shop.example.com/x"),
    ],
)
def test_redirects_that_do_not(one, other) -> None:
    found = compared(Reply(302, (("Location", one),)), Reply(302, (("Location", other),)))

    assert found == (Compared("location", one, other),)


def test_headers_are_compared_whatever_their_case_and_order() -> None:
    old = with_headers(("Cache-Control", "no-store"), ("Strict-Transport-Security", "max-age=1"))
    new = with_headers(("strict-transport-security", "max-age=1"), ("cache-control", "no-store"))

    assert compared(old, new) == ()


def test_a_header_that_is_missing_and_one_with_another_value() -> None:
    old = with_headers(("Cache-Control", "no-store"), ("Access-Control-Allow-Origin", "*"))
    new = with_headers(("Cache-Control", "max-age=5"))

    assert compared(old, new) == (
        Compared("response-headers", "access-control-allow-origin: *", "no access-control-allow-origin"),
        Compared("response-headers", "cache-control: no-store", "cache-control: max-age=5"),
    )


def test_headers_that_nobody_chose_do_not_count() -> None:
    old, new = with_headers(("Date", "today"), ("Server", "nginx")), with_headers(("Server", "envoy"))

    assert compared(old, new) == ()
    assert compared(old, new, "serv*") == (Compared("response-headers", "server: nginx", "server: envoy"),)


def test_of_cookies_only_the_names_are_compared_and_told() -> None:
    old = with_headers(("Set-Cookie", "b=secret; Path=/"), ("Set-Cookie", "a=secret"))

    assert compared(old, with_headers(("Set-Cookie", "a=other"), ("Set-Cookie", "b=other; Secure"))) == ()
    assert compared(old, with_headers(("Set-Cookie", "c=other"))) == (Compared("cookie", "a, b", "c"),)


def test_the_mark_of_the_backend() -> None:
    old, new = with_headers(("X-Pod", "web-1")), with_headers(("X-Pod", "api-1"))

    assert compared(old, new) == ()
    assert compared(old, new, marker="header:X-Pod:^[a-z]+") == (Compared("backend", "web", "api"),)
    assert compared(old, new, marker="header:X-Pod:[0-9]+") == ()


def test_faults_are_missing_answers_and_those_that_say_so() -> None:
    assert faults(Reply(404), Reply(200)) == ()
    assert faults(NONE, Reply(503)) == (Fault("old", "connection reset"), Fault("new", "503"))
    assert faults(Reply(429), Reply(200)) == (Fault("old", "429"),)
