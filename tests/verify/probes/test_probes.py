"""What is asked of a whole migration: few requests, each with a reason, and all that could show a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import convert
from converter.targets import target
from converter.verify.probes import probes

if TYPE_CHECKING:
    from converter.verify.messages import Request

Json = dict[str, Any]
SHOP = "shop.example.com"
SECURED = [tls(SHOP, "other.example.com", secret="shop")]


def asked(*manifests: Json, to: str = "standard", objects: list[Json] | None = None) -> list[tuple[str, str]]:
    result = convert(reading(*manifests), target(to, release("1.6", "standard")), Options())
    found = probes(result.tables[0], result.objects if objects is None else objects)
    return [(shown(probe.request), probe.reason) for probe in found]


def shown(request: Request) -> str:
    parts = [f"{request.method} {request.scheme}://{request.host}{request.target}"]
    parts += [f"{name}={value}" for name, value in request.headers]
    parts += [f"from {request.client}"] if request.client != "203.0.113.7" else []
    parts += ["identified"] if request.identified else []
    parts += [f"body {request.body}"] if request.body else []
    parts += [f"port {request.port}"] if request.port else []
    parts += [f"handshake {request.server_name}"] if request.server_name else []
    return ", ".join(parts)


def further(plain: Json, changed: Json) -> list[tuple[str, str]]:
    """What is asked because of the change."""
    known = set(asked(plain))
    return [probe for probe in asked(changed) if probe not in known]


def test_a_small_shop() -> None:
    assert asked(ingress("web", rule(SHOP, path("/"), path("/api", "api")), tls=SECURED)) == [
        ("GET http://undeclared.invalid/", "the root"),
        ("GET https://undeclared.invalid/", "the root"),
        ("HEAD http://undeclared.invalid/", "method HEAD"),
        ("POST http://undeclared.invalid/, body 2", "method POST"),
        ("OPTIONS http://undeclared.invalid/", "method OPTIONS"),
        ("GET https://shop.example.com/", "the root"),
        ("GET http://shop.example.com/", "the root"),
        ("HEAD https://shop.example.com/", "method HEAD"),
        ("POST https://shop.example.com/, body 2", "method POST"),
        ("OPTIONS https://shop.example.com/", "method OPTIONS"),
        ("POST https://shop.example.com/, body 1048576", "a body as large as allowed"),
        ("POST https://shop.example.com/, body 1048577", "a body larger than allowed"),
        ("GET http://shop.example.com/?a=1&b=%2F", "with a query"),
        ("GET http://shop.example.com/?a=/", "with a query that ends in a slash"),
        ("GET https://shop.example.com/below", "below /"),
        ("GET http://shop.example.com/below", "below /"),
        ("GET https://shop.example.com/api", "the path itself"),
        ("GET http://shop.example.com/api", "the path itself"),
        ("GET https://shop.example.com/api/", "/api with a slash at the end"),
        ("GET http://shop.example.com/api/", "/api with a slash at the end"),
        ("GET https://shop.example.com/api/below", "below /api"),
        ("GET http://shop.example.com/api/below", "below /api"),
        ("GET https://shop.example.com/apix", "beside /api, with the same beginning"),
        ("GET https://shop.example.com/API", "/api in other letters"),
        ("GET https://shop.example.com/ap%69", "/api with a letter encoded"),
        ("GET https://shop.example.com/api%2Fbelow", "below /api, with the slash encoded"),
        ("GET https://shop.example.com/api//below", "below /api, with two slashes"),
        ("GET https://shop.example.com/api/../below", "out of /api by two dots"),
        ("GET http://undeclared.invalid/healthz", "the health check of the controller"),
        ("GET https://SHOP.EXAMPLE.COM/", "the host in capitals"),
        ("GET https://shop.example.com:443/", "the host with its port"),
        ("GET http://shop.example.com/, X-Forwarded-Proto=https", "X-Forwarded-Proto: https from the client"),
        (
            "GET http://shop.example.com/, X-Forwarded-Host=forged.invalid",
            "X-Forwarded-Host: forged.invalid from the client",
        ),
    ]


def test_the_same_input_gives_the_same_requests() -> None:
    one, other = (ingress(name, rule(f"{name}.example.com", path("/"))) for name in ("one", "other"))

    assert asked(one, other) == asked(other, one)


def test_names_just_beside_a_wildcard_are_asked_for() -> None:
    found = asked(ingress("web", rule("*.example.com", path("/"))))

    assert ("GET http://any.example.com/", "the root") in found
    assert ("GET http://any.other.example.com/", "two labels under *.example.com") in found
    assert ("GET http://example.com/", "no label under *.example.com") in found


def test_an_apex_that_is_declared_is_no_name_beside_the_wildcard() -> None:
    found = asked(ingress("web", rule("*.example.com", path("/")), rule("example.com", path("/"))))

    assert not [reason for _, reason in found if reason.startswith("no label")]


def test_a_declared_host_is_asked_for_paths_of_those_that_would_take_it_otherwise() -> None:
    found = asked(
        ingress("web", rule(SHOP, path("/a"))),
        ingress("wide", rule("*.example.com", path("/wide"))),
        ingress("all", rule("", path("/all"))),
    )

    assert (f"GET http://{SHOP}/wide/below", "a path of *.example.com") in found
    assert (f"GET http://{SHOP}/all/below", "a path of all other hosts") in found


def test_a_connection_is_used_for_another_host() -> None:
    hosts = rule(SHOP, path("/")), rule("other.example.com", path("/"))

    assert (
        f"GET https://{SHOP}/, handshake other.example.com",
        "over a connection that was opened for other.example.com",
    ) in asked(ingress("web", *hosts, tls=SECURED))
    assert not [text for text, _ in asked(ingress("web", *hosts)) if "handshake" in text]


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        (
            {"enable-cors": "true", "cors-allow-origin": "https://*.example.com"},
            [
                ("Origin=https://any.other.example.com", "of a page from https://any.other.example.com"),
                (
                    "OPTIONS Origin=https://any.example.com, Access-Control-Request-Method=GET",
                    "what a page from https://any.example.com asks first",
                ),
                ("Origin=https://any.example.com", "of a page from https://any.example.com"),
                (
                    "OPTIONS Origin=https://elsewhere.invalid, Access-Control-Request-Method=GET",
                    "what a page from https://elsewhere.invalid asks first",
                ),
                ("Origin=https://elsewhere.invalid", "of a page from https://elsewhere.invalid"),
            ],
        ),
        (
            {"allowlist-source-range": "10.0.0.0/8"},
            [("from 10.0.0.0", "the root"), ("from 192.0.2.1", "of a client at 192.0.2.1")],
        ),
        (
            {"affinity": "cookie", "session-cookie-name": "stay"},
            [("Cookie=stay=known", "of a client with a cookie stay")],
        ),
        (
            {"permanent-redirect": "https://example.com/new"},
            [],
        ),
    ],
    ids=["cors", "addresses", "affinity", "redirect"],
)
def test_what_a_location_does_is_asked_for(annotations: dict[str, str], expected: list[tuple[str, str]]) -> None:
    changed = ingress("web", rule(SHOP, path("/")), annotations=annotations)
    of_root = [
        (text.replace(f"GET http://{SHOP}/, ", "").replace(f"http://{SHOP}/, ", ""), reason)
        for text, reason in further(ingress("web", rule(SHOP, path("/"))), changed)
        if f"GET http://{SHOP}/, " in text or (text.startswith("OPTIONS") and "Origin" in text)
    ]

    assert of_root == expected


def test_a_canary_is_asked_for_by_its_header_and_its_cookie() -> None:
    settings = {"canary": "true", "canary-by-header": "X-Canary", "canary-by-cookie": "canary"}
    main = ingress("web", rule(SHOP, path("/")))
    found = asked(main, ingress("canary", rule(SHOP, path("/", "next")), annotations=settings))

    assert [reason for _, reason in found if reason.startswith("canary")] == [
        "canary header X-Canary: always",
        "canary header X-Canary: never",
        "canary header X-Canary: other",
        "canary cookie canary=always",
        "canary cookie canary=never",
        "canary cookie canary=other",
        "canary header and cookie that disagree",
    ]


def test_who_is_kept_out_is_asked_for_with_and_without_what_lets_in() -> None:
    settings = {"auth-url": "http://auth.team.svc.cluster.local/check"}
    found = asked(ingress("web", rule(SHOP, path("/admin")), annotations=settings))

    assert (f"GET http://{SHOP}/admin, identified", "the path itself") in found
    assert (f"GET http://{SHOP}/admin", "of a client who shows nothing") in found


def test_conditions_of_routes_that_people_wrote_are_nearly_met() -> None:
    match = {
        "path": {"type": "Exact", "value": "/hand"},
        "headers": [{"name": "X-Team", "value": "blue"}],
        "queryParams": [{"name": "v", "value": "2"}],
        "method": "PUT",
    }
    route = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "hand", "namespace": "team"},
        "spec": {"hostnames": [SHOP], "rules": [{"matches": [match]}]},
    }
    found = asked(ingress("web", rule(SHOP, path("/"))), objects=[route])

    assert [each for each in found if "/hand" in each[0]] == [
        (f"PUT http://{SHOP}/hand?v=2, X-Team=blue", "PUT, X-Team: blue, ?v=2, as a rule asks"),
        (f"PUT http://{SHOP}/hand?v=2, X-Team=other", "X-Team: other, which no rule asks for"),
        (f"PUT http://{SHOP}/hand, X-Team=blue", "without the query that a rule asks for"),
    ]


def test_nothing_is_asked_of_nothing() -> None:
    foreign = ingress("web", rule(SHOP, path("/")), annotations={"proxy-body-size": "$(nope)"})
    result = convert(reading(foreign), target("standard", release("1.6", "standard")), Options())

    assert all(probes(table, ()) == () for table in result.tables if not table.hosts)
