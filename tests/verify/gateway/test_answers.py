"""What the Gateway API leaves open, as Envoy Gateway answers; Envoy itself is asked in ``proxies/envoy``."""

from __future__ import annotations

from typing import Any

import pytest
from verify.objects import (
    authority,
    backend,
    cors,
    gateway,
    header,
    http,
    https,
    mirror,
    on_response,
    pattern,
    prefix,
    redirect,
    rewrite,
    route,
    rule,
)

from converter.verify.gateway import Gateways
from converter.verify.messages import Answer, Request

Json = dict[str, Any]


def answer(request: Request, *objects: Json) -> Answer:
    return Gateways(objects).answer(request)


def service(found: Answer) -> str:
    (share,) = found.shares
    return share.endpoint.service if share.endpoint else ""


def test_routes_of_a_wider_host_name_do_not_stand_in_for_those_of_a_narrower() -> None:
    objects = [
        gateway(),
        route(rule("/", "wide"), name="wide", hostnames=["*.example.com"]),
        route(rule("/shop", "exact"), name="exact", hostnames=["a.example.com"]),
    ]
    assert service(answer(Request("a.example.com", "/shop"), *objects)) == "exact"
    assert answer(Request("a.example.com", "/other"), *objects) == Answer(404)
    assert service(answer(Request("b.example.com", "/other"), *objects)) == "wide"


def test_within_the_host_of_a_listener_all_names_that_cover_it_are_the_same() -> None:
    objects = [
        gateway(http("a.example.com")),
        route(rule("/", "exact"), name="exact", hostnames=["a.example.com"]),
        route(rule("/shop", "wide"), name="wide", hostnames=["*.example.com"]),
        route(rule("/shop/cart", "any"), name="any"),
    ]
    targets = ("/", "/shop", "/shop/cart")
    assert [service(answer(Request("a.example.com", target), *objects)) for target in targets] == [
        "exact",
        "wide",
        "any",
    ]


def test_a_rule_with_a_pattern_that_re2_lacks_is_left_out_as_a_whole() -> None:
    lost = rule("/", "lost", headers=[pattern("X", "(?=a)a")])
    lost["matches"].append({"path": {"type": "Exact", "value": "/beside"}})
    objects = [gateway(), route(lost, rule("/[a-z]", "kept", kind="RegularExpression"))]

    assert answer(Request("h", "/beside"), *objects) == Answer(404)
    assert service(answer(Request("h", "/x"), *objects)) == "kept"


def test_of_conditions_on_one_name_the_first_counts_for_the_rank_too() -> None:
    twice = rule("/", "twice", headers=[header("X", "1"), header("x", "2")], queryParams=[header("q", "1")])
    both = rule("/", "both", headers=[header("X", "1"), header("Y", "1")])
    objects = [gateway(), route(twice, both)]

    assert service(answer(Request("h", "/?q=1", headers=(("X", "1"),)), *objects)) == "twice"
    assert service(answer(Request("h", "/?q=1", headers=(("X", "1"), ("Y", "1"))), *objects)) == "both"


def test_a_port_at_which_nobody_listens_refuses_connections() -> None:
    assert answer(Request("h"), gateway(https())) == Answer(0)
    assert answer(Request("h"), gateway(http("other"))) == Answer(404)


def test_without_a_gateway_nothing_is_known_of_ports() -> None:
    assert answer(Request("h")) == Answer(404)


def test_a_header_with_an_underscore_in_its_name_is_refused() -> None:
    objects = [gateway(), route(rule("/"))]
    assert answer(Request("h", headers=(("x_y", "1"),)), *objects) == Answer(400)
    assert service(answer(Request("h", headers=(("x-y", "_"),)), *objects)) == "web"


CORS = cors(allowOrigins=["https://a.b"], allowMethods=["GET", "PUT"], allowCredentials=True, exposeHeaders=["X"])
EVERYTHING = cors(allowOrigins=["*"], allowMethods=["*"], allowHeaders=["*"])


def asked(origin: str, *headers: tuple[str, str]) -> Request:
    known = (("Origin", origin), ("Access-Control-Request-Method", "PATCH"))
    return Request("h", method="OPTIONS", headers=(*known, *headers))


def test_a_preflight_is_answered_whatever_the_origin_but_names_only_one_that_is_allowed() -> None:
    objects = [gateway(), route(rule("/", "web", CORS, on_response(set=[header("X-Own", "1")])))]
    common = (
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Methods", "GET, PUT"),
        ("Access-Control-Max-Age", "5"),
    )
    assert answer(asked("https://evil"), *objects) == Answer(200, set_headers=common)
    named = (("Access-Control-Allow-Origin", "https://a.b"), ("Access-Control-Expose-Headers", "X"))
    assert answer(asked("https://a.b"), *objects) == Answer(200, set_headers=tuple(sorted((*common, *named))))


def test_a_star_is_said_as_what_was_asked_for() -> None:
    objects = [gateway(), route(rule("/", "web", EVERYTHING))]
    assert dict(answer(asked("https://x", ("Access-Control-Request-Headers", "x-a")), *objects).set_headers) == {
        "Access-Control-Allow-Headers": "x-a",
        "Access-Control-Allow-Methods": "PATCH",
        "Access-Control-Allow-Origin": "https://x",
        "Access-Control-Max-Age": "5",
    }


def test_redirects_know_nothing_of_other_origins() -> None:
    objects = [gateway(), route(rule("/", "", CORS, redirect(hostname="new.example.com")))]
    assert answer(asked("https://a.b"), *objects) == Answer(302, location="http://new.example.com/")


@pytest.mark.parametrize(
    ("filters", "status"),
    [((), 500), ((redirect(hostname="a"),), 302), ((authority(),), 401), ((redirect(hostname="a"), authority()), 401)],
)
def test_response_headers_are_put_on_whatever_answers(filters: tuple[Json, ...], status: int) -> None:
    headers = on_response(set=[header("X-Set", "1")], add=[header("X-Add", "2")], remove=["X-Gone"])
    for order in ((*filters, headers), (headers, *filters)):
        found = answer(Request("h"), gateway(), route(rule("/", "web" if status == 401 else "", *order)))
        assert (found.status, found.set_headers, found.added_headers, found.removed_headers) == (
            status,
            (("X-Set", "1"),),
            (("X-Add", "2"),),
            (),
        )


def test_an_authority_that_may_not_be_asked_lets_nobody_pass() -> None:
    objects = [gateway(), route(rule("/", "web", authority("auth", namespace="other")))]
    assert answer(Request("h", identified=True), *objects) == Answer(500)


def test_no_copy_goes_where_none_is_wanted() -> None:
    objects = [gateway(), route(rule("/", "web", mirror("none", percent=0), mirror("all")))]
    assert [str(each) for each in answer(Request("h"), *objects).mirrors] == ["team/all:80"]


def test_filters_of_the_only_backend_count_like_those_of_the_rule() -> None:
    only = {"backendRefs": [backend("web", filters=[rewrite(path=prefix("/new/"))]), backend("none", weight=0)]}
    (share,) = answer(Request("h", "/"), gateway(), route(only)).shares

    assert share.forwarded
    assert share.forwarded.target == "/new/"
