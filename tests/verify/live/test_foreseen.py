"""What a conversion announces about live answers, and what it must not excuse."""

from __future__ import annotations

import pytest
from conversions import converted
from manifests import ingress, path, rule, tls

from converter.targets.table import target_table
from converter.verify.live.compared import Compared, header_of
from converter.verify.live.foreseen import Foreseen, Migration
from converter.verify.messages import Request

HOST = "shop.example.com"
CANARY = {"canary": "true", "canary-weight": "20"}


def foreseen(*manifests: dict) -> Foreseen:
    conversion = converted(*manifests)
    return Foreseen(Migration(conversion.tables[0], conversion.objects, conversion.entries, target_table("standard")))


def plain(**annotations: str) -> dict:
    return ingress(
        "web", rule(HOST, path("/")), annotations={key.replace("_", "-"): v for key, v in annotations.items()}
    )


def status(one: str, other: str) -> Compared:
    return Compared("status", one, other)


def header(one: str, other: str) -> Compared:
    return Compared("response-headers", one, other)


def test_a_difference_that_is_foreseen_is_announced() -> None:
    assert foreseen(plain()).codes(status("200", "404"), Request("", "/healthz")) == ("healthz",)


@pytest.mark.parametrize(
    ("difference", "request_"),
    [
        (status("200", "404"), Request(HOST, "/")),
        (status("200", "500"), Request("", "/healthz")),
        (status("404", "200"), Request("", "/healthz")),
        (status("200", "connection reset"), Request("", "/healthz")),
    ],
    ids=["of another request", "another status", "the other way round", "no answer"],
)
def test_what_is_another_difference_is_not(difference, request_) -> None:
    assert foreseen(plain()).codes(difference, request_) == ()


@pytest.mark.parametrize("fault", ["no answer in time", "certificate expired", "no connection in time"])
def test_nobody_announces_an_address_that_fails(fault) -> None:
    secure = Request(HOST, scheme="https")

    assert foreseen(plain()).codes(status("200", "connection refused"), secure) != ()
    assert foreseen(plain()).codes(status("200", fault), secure) == ()


def test_a_lost_rule_excuses_what_it_did_and_nothing_else() -> None:
    lost = foreseen(plain(auth_type="basic", auth_secret="users"))

    assert lost.codes(status("401", "500"), Request(HOST)) == ("access.closed", "path.closed")
    assert lost.codes(status("200", "404"), Request(HOST)) == ()


def test_what_an_implementation_makes_of_an_odd_path_is_announced() -> None:
    assert foreseen(plain()).codes(status("200", "400"), Request(HOST, "/a/../b")) == ("uri-normalization",)
    assert foreseen(plain()).codes(status("200", "400"), Request(HOST, "/a/b")) == ()


def test_a_header_is_excused_by_its_name() -> None:
    secure = ingress("web", rule(HOST, path("/")), tls=[tls(HOST, secret="shop")])
    request = Request(HOST, scheme="https")
    found = foreseen(secure)

    hsts = header("strict-transport-security: max-age=31536000", "no strict-transport-security")
    assert found.codes(hsts, request) == foreseen(secure).codes(hsts, request)
    assert found.codes(header("cache-control: no-store", "no cache-control"), request) == ()
    assert header_of(hsts) == header_of(header("no strict-transport-security", "x")) == "strict-transport-security"


def test_headers_that_the_conversion_is_about_are_known() -> None:
    secure = ingress("web", rule(HOST, path("/")), tls=[tls(HOST, secret="shop")])

    assert foreseen(secure).headers(Request(HOST, scheme="https")) == {"strict-transport-security"}
    assert foreseen(plain(affinity="cookie")).headers(Request(HOST)) == {"set-cookie"}
    assert foreseen(plain()).headers(Request(HOST)) == frozenset()


def test_chance_is_known_where_weights_are() -> None:
    canary = ingress("canary", rule(HOST, path("/", "next")), annotations=CANARY)

    assert foreseen(plain(), canary).by_chance(Request(HOST))
    assert not foreseen(plain()).by_chance(Request(HOST))
