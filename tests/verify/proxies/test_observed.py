"""Replies of real proxies in the words of the halves that predict."""

from __future__ import annotations

import base64
import json

from converter.verify.live.reply import Reply
from converter.verify.messages import Answer, Endpoint, Forwarded, Share
from converter.verify.proxies.echo import HEADER
from converter.verify.proxies.observed import disagreements, observed

WEB, API = Endpoint("team", "web", 80), Endpoint("team", "api", 80)


def echoed(*headers: tuple[str, str]) -> tuple[str, str]:
    told = {"backend": str(WEB), "method": "GET", "target": "/", "headers": [("Host", "a"), *headers]}
    return HEADER, base64.b64encode(json.dumps(told).encode()).decode()


def share(endpoint: Endpoint, part: float = 1.0) -> Share:
    return Share(endpoint, part, Forwarded("GET", "a", "/", ()))


def test_an_answer_of_the_proxy_itself() -> None:
    reply = Reply(308, (("Location", "https://a/"), ("Server", "nginx"), ("Strict-Transport-Security", "max-age=1")))

    assert observed(reply, []) == Answer(
        308, location="https://a/", set_headers=(("Strict-Transport-Security", "max-age=1"),)
    )


def test_no_answer_at_all() -> None:
    assert observed(Reply(0, fault="connection refused"), ["X-Own"]) == Answer(0)


def test_what_the_proxy_adds_and_takes_off_shows() -> None:
    reply = Reply(200, (echoed(("X-Noise", "1"), ("X-Added", "2")), ("X-New", "3"), ("Set-Cookie", "a=b")))

    assert observed(reply, ["X-Own"], ["x-noise"]) == Answer(
        shares=(Share(WEB, 1.0, Forwarded("GET", "a", "/", (("X-Added", "2"),))),),
        set_headers=(("X-New", "3"),),
        added_headers=(("Set-Cookie", "a=b"),),
        removed_headers=("x-own",),
    )


def test_what_the_proxy_says_in_place_of_the_backend_shows() -> None:
    reply = Reply(200, (echoed(), ("X-Own", "of the proxy")))

    assert observed(reply, ["X-Own"]).set_headers == (("X-Own", "of the proxy"),)


def test_what_the_proxy_adds_to_what_the_backend_says_shows_as_added() -> None:
    reply = Reply(200, (echoed(), ("X-Own", "of the backend"), ("x-own", "more"), ("X-Own", "still")))
    seen = observed(reply, ["X-Own"])

    assert (seen.set_headers, seen.added_headers, seen.removed_headers) == ((), (("x-own", "more,still"),), ())


def test_several_lines_of_one_header_are_one() -> None:
    (found,) = observed(Reply(200, (echoed(("X-A", "1"), ("x-a", "2")),)), []).shares

    assert found.forwarded
    assert found.forwarded.headers == (("X-A", "1,2"),)


def test_what_is_added_and_what_is_set_compare_alike() -> None:
    predicted = Answer(404, set_headers=(("X-A", "1"),), added_headers=(("X-B", "2"), ("Set-Cookie", "a=b")))

    shown = observed(Reply(404, (("x-a", "1"), ("x-b", "2"), ("set-cookie", "c=d"))), [])
    assert disagreements(predicted, shown) == ()
    shown = observed(Reply(404, (("x-a", "1"), ("x-b", "3"))), [])
    assert [each.aspect for each in disagreements(predicted, shown)] == ["response-headers", "cookie"]


def test_headers_of_the_connection_are_not_expected_at_the_backend() -> None:
    sent = Forwarded("GET", "a", "/", (("Connection", "Upgrade"), ("Upgrade", "websocket")))
    got = Forwarded("GET", "a", "/", (("upgrade", "websocket"),))

    assert disagreements(Answer(shares=(Share(WEB, 1.0, sent),)), Answer(shares=(Share(WEB, 1.0, got),))) == ()


def test_where_chance_decides_each_backend_is_right_and_no_other() -> None:
    predicted = Answer(shares=(share(API, 0.1), share(WEB, 0.9)))

    assert disagreements(predicted, Answer(shares=(share(API),))) == ()
    assert disagreements(predicted, Answer(shares=(share(WEB),))) == ()
    found = disagreements(predicted, Answer(shares=(share(Endpoint("team", "other", 80)),)))
    assert [each.aspect for each in found] == ["backend"]


def test_aspects_that_are_left_out() -> None:
    predicted, seen = Answer(308, location="https://a/"), Answer(308, location="https://b/")

    assert [each.aspect for each in disagreements(predicted, seen)] == ["location"]
    assert disagreements(predicted, seen, besides=["location"]) == ()
