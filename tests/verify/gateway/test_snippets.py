"""Lines of nginx in a SnippetsFilter are understood for what they say, whoever wrote them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from manifests import path, reading
from shops import HOST, Json, shop

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import Conversion, convert
from converter.targets import target
from converter.verify.gateway import Gateways
from converter.verify.messages import Request
from converter.verify.sides import Source, Target
from converter.verify.source import answer

AUTH = {"auth_url": "http://auth.ops.svc.cluster.local/check", "auth_signin": "https://login.example.com/?rd=/"}
INSIDE = "10.0.0.1"
OUTSIDE = "192.0.2.1"


def converted(*manifests: Json) -> Conversion:
    chosen = target("nginx-gateway-fabric", release("1.6", "standard"), snippets=True)
    return convert(reading(*manifests), chosen, Options())


def statuses(result: Conversion, *requests: Request) -> list[tuple[int | None, str]]:
    gateways = Gateways(result.objects)
    found = [gateways.answer(each) for each in requests]
    assert [(each.status, each.location) for each in found] == [
        (each.status, each.location) for each in (answer(result.tables[0], request) for request in requests)
    ]
    return [(each.status, each.location) for each in found]


def test_addresses_are_looked_at_line_by_line() -> None:
    result = converted(shop(allowlist_source_range="10.0.0.0/8", denylist_source_range="10.9.0.0/16"))
    clients = (INSIDE, "10.9.0.1", OUTSIDE)

    assert [status for status, _ in statuses(result, *(Request(HOST, "/", client=each) for each in clients))] == [
        None,
        403,
        403,
    ]


def test_whoever_is_unknown_is_sent_to_sign_in() -> None:
    result = converted(shop(**AUTH))
    found = statuses(result, Request(HOST, "/a"), Request(HOST, "/a", identified=True))

    assert found == [(302, "https://login.example.com/?rd=/"), (None, "")]


def test_one_rule_that_lets_in_is_enough() -> None:
    password = {"auth_type": "basic", "auth_secret": "users", "allowlist_source_range": "10.0.0.0/8"}
    result = converted(shop(satisfy="any", **password))
    requests = (
        Request(HOST, "/", client=INSIDE),
        Request(HOST, "/", client=OUTSIDE),
        Request(HOST, "/", client=OUTSIDE, identified=True),
    )

    assert [status for status, _ in statuses(result, *requests)] == [None, 401, None]


def test_an_answer_and_a_path_that_only_nginx_itself_asks_for() -> None:
    closed = converted(shop(configuration_snippet="return 410;"))
    asked = converted(shop(path("/a"), **AUTH))
    (place,) = [
        rule["matches"][0]["path"]["value"]
        for route in asked.objects
        for rule in route.get("spec", {}).get("rules", ())
        if rule["matches"][0]["path"]["type"] == "Exact"
    ]

    assert statuses(closed, Request(HOST, "/")) == [(410, "")]
    assert Gateways(asked.objects).answer(Request(HOST, place, identified=True)).status == 404


def test_a_pattern_rewrites_the_path() -> None:
    written = path("/api/(v[0-9]+)/(.*)", kind="ImplementationSpecific")
    result = converted(shop(written, rewrite_target="/$2/$1"))
    (share,) = Gateways(result.objects).answer(Request(HOST, "/API/v7/a/b?q=1")).shares

    assert share.forwarded
    assert share.forwarded.target == "/a/b/v7?q=1"


EVERYTHING = {
    "allowlist_source_range": "10.0.0.0/8",
    "proxy_next_upstream_tries": "5",
    "configuration_snippet": "sub_filter 'a b' \"c\";\nif ($request_uri ~ /x) { return 403; }\n",
    "server_snippet": "client_header_timeout 9s;",
}
NAMES = ("addresses", "retries", "nginx sub_filter", "nginx if", "nginx client_header_timeout")


def facts(result: Conversion, objects: Any, place: str) -> tuple[Json, Json]:
    request = Request(HOST, place, client=INSIDE)
    sides = Source(result.tables[0]).see(request).facts, Target(objects).see(request).facts
    one, other = ({name: side.get(name) for name in NAMES} for side in sides)
    return one, other


@pytest.mark.parametrize("place", ["/a", "/b"])
def test_both_sides_speak_of_a_line_in_the_same_words(place: str) -> None:
    result = converted(shop(path("/a"), path("/b"), **EVERYTHING))
    before, after = facts(result, result.objects, place)

    assert None not in before.values()
    assert before == after


def test_a_line_that_somebody_takes_out_is_missed() -> None:
    result = converted(shop(path("/a"), **EVERYTHING))
    objects = copy.deepcopy(list(result.objects))
    for each in objects:
        for snippet in each.get("spec", {}).get("snippets", ()):
            snippet["value"] = snippet["value"].replace('sub_filter "a b" c;\n', "")

    before, after = facts(result, objects, "/a")
    assert [name for name in NAMES if before[name] != after[name]] == ["nginx sub_filter"]
