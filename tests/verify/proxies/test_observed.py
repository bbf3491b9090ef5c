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
