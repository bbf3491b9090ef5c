"""The locations of a host, as nginx matches them; section 4 of what is known about ingress-nginx."""

from __future__ import annotations

import pytest
from manifests import host, ingress, locations, outcome, path, rule, served, service, tls

from converter.routing import (
    AccessList,
    AnyOf,
    BodyLimit,
    ClientCertificate,
    ExternalAuth,
    Guard,
    Hsts,
    IdleTimeout,
    Password,
    PlainHttp,
    RateLimit,
    Redirect,
    Refusal,
    RegexPath,
    Retries,
    Rewrite,
    SslRedirect,
)

SHOP = "shop.example.com"


def test_longer_paths_come_before_shorter_ones_and_equal_lengths_from_z_to_a() -> None:
    web = ingress("web", rule(SHOP, path("/"), path("/a"), path("/bb", "b"), path("/b"), path("/aa")))

    assert locations(SHOP, web) == [
        "prefix /bb → b:80",
        "prefix /aa → web:80",
        "prefix /b → web:80",
        "prefix /a → web:80",
        "prefix / → web:80",
    ]


def test_a_missing_path_type_and_implementation_specific_are_prefix() -> None:
    old = ingress("old", rule(SHOP, path("/", kind="ImplementationSpecific")))

    assert locations(SHOP, old) == ["prefix / → web:80"]


def test_exact_and_prefix_of_one_path_are_two_locations() -> None:
    web = ingress("web", rule(SHOP, path("/a", "exact", "Exact"), path("/a", "prefix"), path("/")))

    assert locations(SHOP, web) == ["exact /a → exact:80", "prefix /a → prefix:80", "prefix / → web:80"]


def test_a_host_without_a_root_gets_one_that_answers_404() -> None:
    assert locations(SHOP, ingress("web", rule(SHOP, path("/a")))) == ["prefix /a → web:80", "prefix / → -"]


@pytest.mark.parametrize("annotations", [{"use-regex": "true"}, {"rewrite-target": "/x"}])
def test_one_regex_or_rewrite_makes_every_location_of_the_host_a_regex(annotations: dict[str, str]) -> None:
    """Of other Ingresses and namespaces as well, and Exact ones."""
    first = ingress("first", rule(SHOP, path("/a")), namespace="a", annotations=annotations)
    second = ingress("second", rule(SHOP, path("/bb", kind="Exact")), namespace="b")

    assert locations(SHOP, first, second) == ["regex /bb → web:80", "regex /a → web:80", "regex / → -"]


@pytest.mark.parametrize("annotations", [{"use-regex": "false"}, {"rewrite-target": "/"}, {}])
def test_neither_a_switched_off_regex_nor_a_rewrite_to_the_path_itself_does(annotations: dict[str, str]) -> None:
    assert locations(SHOP, ingress("only", rule(SHOP, path("/")), annotations=annotations)) == ["prefix / → web:80"]


def test_the_added_root_has_the_rewrite_of_the_oldest_ingress() -> None:
    """There the target is another path, so the host is in regex mode although no written path is rewritten."""
    only = ingress("only", rule(SHOP, path("/a")), annotations={"rewrite-target": "/a"})

    assert locations(SHOP, only) == ["regex /a → web:80", "regex / → -"]


def test_regex_mode_stays_within_the_host() -> None:
    regex = ingress("regex", rule("a.example.com", path("/")), annotations={"use-regex": "true"})
    plain = ingress("plain", rule("b.example.com", path("/")))

    assert locations("a.example.com", regex, plain) == ["regex / → web:80"]
    assert locations("b.example.com", regex, plain) == ["prefix / → web:80"]


def behaviours(*manifests: dict, at: str = "prefix / → web:80") -> list:
    return list(next(each for each in host(SHOP, *manifests).locations if served(each) == at).behaviours)


ALWAYS = (BodyLimit, IdleTimeout, Retries)
"""Wherever a backend answers, by default or by annotation."""


def kinds(*manifests: dict, at: str = "prefix / → web:80") -> list[type]:
    return [type(behaviour) for behaviour in behaviours(*manifests, at=at) if not isinstance(behaviour, ALWAYS)]


def test_without_tls_plain_http_stays() -> None:
    assert kinds(ingress("web", rule(SHOP, path("/")))) == [Hsts]


def test_tls_sends_plain_http_to_https() -> None:
    assert kinds(ingress("web", rule(SHOP, path("/")), tls=[tls(SHOP, secret="t")])) == [SslRedirect, Hsts]


def test_tls_of_one_ingress_redirects_the_paths_of_all_of_the_host() -> None:
    secure = ingress("secure", rule(SHOP, path("/a")), tls=[tls(SHOP, secret="t")])
    other = ingress("other", rule(SHOP, path("/")))

    assert kinds(secure, other) == [SslRedirect, Hsts]


def test_ssl_redirect_can_be_switched_off() -> None:
    off = ingress("web", rule(SHOP, path("/")), tls=[tls(SHOP, secret="t")], annotations={"ssl-redirect": "false"})

    assert kinds(off) == [PlainHttp, Hsts]


def test_force_ssl_redirect_needs_no_tls() -> None:
    forced = ingress("web", rule(SHOP, path("/")), annotations={"force-ssl-redirect": "true"})

    assert kinds(forced) == [SslRedirect, Hsts]


@pytest.mark.parametrize(
    ("value", "types"),
    [
        ("/.well-known/acme-challenge/token", [Hsts]),
        ("/.well-known/other", [SslRedirect, Hsts]),
    ],
)
def test_the_path_of_an_acme_challenge_is_never_redirected(value: str, types: list[type]) -> None:
    web = ingress("web", rule(SHOP, path(value, kind="ImplementationSpecific")), tls=[tls(SHOP, secret="t")])

    assert [t for t in kinds(web, at=f"prefix {value} → web:80") if t is not PlainHttp] == types


def test_a_redirect_answers_before_anything_else() -> None:
    old = ingress(
        "old",
        rule(SHOP, path("/")),
        tls=[tls(SHOP, secret="t")],
        annotations={"permanent-redirect": "https://new.example.com", "limit-rps": "5", "force-ssl-redirect": "true"},
    )

    (redirect, hsts) = behaviours(old)
    assert type(hsts) is Hsts
    assert (type(redirect), redirect.status, redirect.host) == (Redirect, 301, "new.example.com")


def test_limits_hold_where_nothing_redirects() -> None:
    limited = ingress("web", rule(SHOP, path("/")), annotations={"limit-rps": "5"})

    assert kinds(limited) == [RateLimit, Hsts]


@pytest.mark.parametrize(
    ("annotations", "guards"),
    [
        ({}, []),
        ({"auth-url": "https://auth.example.com"}, [ExternalAuth]),
        ({"auth-type": "basic", "auth-secret": "users"}, [Password]),
        ({"auth-secret": "users"}, []),
        ({"allowlist-source-range": "10.0.0.0/8", "denylist-source-range": "10.1.0.0/16"}, [AccessList]),
        ({"auth-tls-secret": "shop/ca"}, [ClientCertificate]),
        ({"satisfy": "any", "auth-url": "https://auth.example.com", "denylist-source-range": "10.1.0.0/16"}, [AnyOf]),
        ({"satisfy": "any"}, []),
        ({"permanent-redirect": "https://new.example.com", "auth-url": "https://auth.example.com"}, []),
    ],
)
def test_what_keeps_clients_out(annotations: dict[str, str], guards: list[type]) -> None:
    found = behaviours(ingress("web", rule(SHOP, path("/")), annotations=annotations))

    assert [type(behaviour) for behaviour in found if isinstance(behaviour, Guard)] == guards


def test_a_client_certificate_is_demanded_for_every_path_of_the_host() -> None:
    secure = ingress("secure", rule(SHOP, path("/a")), annotations={"auth-tls-secret": "shop/ca"})
    other = ingress("other", rule(SHOP, path("/")))

    assert kinds(secure, other) == [ClientCertificate, Hsts]


def test_other_guards_hold_for_the_paths_of_their_own_ingress() -> None:
    secure = ingress("secure", rule(SHOP, path("/a")), annotations={"allowlist-source-range": "10.0.0.0/8"})
    other = ingress("other", rule(SHOP, path("/")))

    assert kinds(secure, other) == [Hsts]


@pytest.mark.parametrize(
    ("annotation", "guarded"),
    [({"auth-url": "https://auth.example.com"}, False), ({"allowlist-source-range": "10.0.0.0/8"}, True)],
)
def test_an_acme_challenge_needs_no_login(annotation: dict[str, str], guarded: bool) -> None:
    value = "/.well-known/acme-challenge/token"
    solver = ingress("solver", rule(SHOP, path(value)), annotations=annotation)

    assert bool({ExternalAuth, AccessList} & set(kinds(solver, at=f"prefix {value} → web:80"))) == guarded


def test_an_invalid_list_refuses_everybody() -> None:
    refused = ingress("web", rule(SHOP, path("/")), annotations={"allowlist-source-range": "10.0.0.0/8,"})

    assert kinds(refused) == [Refusal, Hsts]


def test_a_rewrite_keeps_its_pattern_and_target() -> None:
    api = ingress("api", rule(SHOP, path("/api(/|$)(.*)")), annotations={"rewrite-target": "/$2", "use-regex": "true"})

    found = behaviours(api, at="regex /api(/|$)(.*) → web:80")
    assert [type(behaviour) for behaviour in found[:2]] == [RegexPath, Rewrite]
    assert (found[1].pattern, found[1].target) == ("/api(/|$)(.*)", "/$2")


def test_a_rewrite_to_another_address_is_a_redirect_that_keeps_the_query() -> None:
    moved = ingress("moved", rule(SHOP, path("/old")), annotations={"rewrite-target": "https://new.example.com/x"})

    redirect = behaviours(moved, at="regex /old → web:80")[0]
    assert (redirect.status, redirect.host, redirect.path, redirect.keeps_query) == (302, "new.example.com", "/x", True)


@pytest.mark.parametrize(
    ("paths", "redirected"),
    [
        ([path("/docs/")], ["exact /docs → -"]),
        ([path("/docs/", kind="Exact")], ["exact /docs → -"]),
        ([path("/docs")], []),
        ([path("/docs/"), path("/docs")], []),
        ([path("/docs/"), path("/docs", kind="Exact")], []),
        ([path("/")], []),
    ],
)
def test_a_path_with_a_slash_answers_the_one_without_by_301(paths: list[dict], redirected: list[str]) -> None:
    found = host(SHOP, ingress("web", rule(SHOP, *paths))).locations
    answers = [loc for loc in found if any(isinstance(b, Redirect) and b.status == 301 for b in loc.behaviours)]

    assert [served(location) for location in answers] == redirected


def test_in_regex_mode_no_slash_is_added() -> None:
    regex = ingress("web", rule(SHOP, path("/docs/")), annotations={"use-regex": "true"})

    assert locations(SHOP, regex) == ["regex /docs/ → web:80", "regex / → -"]


def test_app_root_redirects_the_bare_root_of_the_whole_host() -> None:
    first = ingress("first", rule(SHOP, path("/")))
    second = ingress("second", rule(SHOP, path("/longer")), annotations={"app-root": "/start"})

    root = host(SHOP, first, second).locations[0]
    (redirect,) = root.behaviours
    assert (served(root), redirect.status, redirect.path) == ("exact / → -", 302, "/start")


def test_the_app_root_of_the_longest_path_wins() -> None:
    first = ingress("first", rule(SHOP, path("/a")), annotations={"app-root": "/short"})
    second = ingress("second", rule(SHOP, path("/longer")), annotations={"app-root": "/long"})

    assert host(SHOP, first, second).locations[0].behaviours[0].path == "/long"


@pytest.mark.parametrize(("port", "number"), [(80, 80), ("http", 80), (8080, 80), ("admin", 81), ("other", None)])
def test_a_port_is_a_number_a_target_or_a_name_of_the_service(port: object, number: int | None) -> None:
    ports = ({"name": "http", "port": 80, "targetPort": 8080}, {"name": "admin", "port": 81})
    web = ingress("web", rule(SHOP, path("/", port=port)))

    assert locations(SHOP, service("web", *ports), web) == [f"prefix / → web:{number}"]


def test_a_number_needs_no_service_but_a_name_does() -> None:
    web = ingress("web", rule(SHOP, path("/a", port="http"), path("/", port=8080)))

    assert locations(SHOP, web) == ["prefix /a → web:None", "prefix / → web:8080"]
    assert [problem.code for problem in outcome(web).problems] == ["port-unknown"]


def test_a_service_outside_the_cluster_is_known_as_such() -> None:
    outside = service("web", {"port": 80}, type="ExternalName", externalName="partner.example.com")
    web = ingress("web", rule(SHOP, path("/")))

    assert [host(SHOP, *each).locations[0].backend.external for each in ((outside, web), (web,))] == [True, False]
