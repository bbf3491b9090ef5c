"""How Ingresses merge into virtual hosts: the oldest wins, over namespaces."""

from __future__ import annotations

import pytest
from manifests import host, ingress, locations, path, rule, table, tls, verdicts

from converter.routing import SslRedirect

SHOP = "shop.example.com"


def dated(name: str, day: int, **parts) -> dict:
    return ingress(name, rule(SHOP, path("/", name)), creationTimestamp=f"2024-01-{day:02}T00:00:00Z", **parts)


def test_the_oldest_ingress_owns_a_path() -> None:
    assert locations(SHOP, dated("young", 2), dated("old", 1)) == ["prefix / → old:80"]


def test_of_one_age_the_larger_name_counts_as_older() -> None:
    assert locations(SHOP, dated("a", 1), dated("b", 1)) == ["prefix / → b:80"]


def test_without_dates_the_order_of_the_input_is_the_age() -> None:
    first, second = (ingress(name, rule(SHOP, path("/", name))) for name in ("b", "a"))

    assert locations(SHOP, first, second) == ["prefix / → b:80"]
    assert locations(SHOP, second, first) == ["prefix / → a:80"]


def test_what_loses_a_path_is_told_who_has_it() -> None:
    first, second = (ingress(name, rule(SHOP, path("/", name))) for name in ("first", "second"))

    assert verdicts(first, second)["spec.rules.http.paths"] == ("inert", "path.overridden")


def test_namespaces_do_not_part_a_host() -> None:
    first = ingress("web", rule(SHOP, path("/a", "one")), namespace="a")
    second = ingress("web", rule(SHOP, path("/b", "two")), namespace="b")

    assert [location.backend for location in host(SHOP, first, second).locations][1::-1] == [
        location.backend for location in host(SHOP, first, second).locations if location.backend
    ][::-1]
    assert locations(SHOP, first, second) == ["prefix /b → two:80", "prefix /a → one:80", "prefix / → -"]


def test_a_default_backend_with_rules_serves_the_rest_of_its_hosts() -> None:
    backend = {"service": {"name": "rest", "port": {"number": 80}}}
    web = ingress("web", rule(SHOP, path("/a")), defaultBackend=backend)

    assert locations(SHOP, web) == ["prefix /a → web:80", "prefix / → rest:80"]


def test_only_of_hosts_that_it_declares_first() -> None:
    backend = {"service": {"name": "rest", "port": {"number": 80}}}
    first = ingress("first", rule(SHOP, path("/a")))
    second = ingress("second", rule(SHOP, path("/b")), defaultBackend=backend)

    assert locations(SHOP, first, second)[-1] == "prefix / → -"
    assert verdicts(first, second)["spec.defaultBackend"] == ("inert", "default-backend.unused")


def test_a_default_backend_without_rules_takes_undeclared_hosts() -> None:
    backend = {"service": {"name": "rest", "port": {"number": 80}}}
    catch_all = ingress("catch-all", defaultBackend=backend, annotations={"force-ssl-redirect": "true"})

    assert locations("", catch_all) == ["prefix / → rest:80"]
    assert SslRedirect not in {type(behaviour) for behaviour in host("", catch_all).locations[0].behaviours}


def test_the_first_of_two_catch_alls_wins() -> None:
    one, two = (
        ingress(name, defaultBackend={"service": {"name": name, "port": {"number": 80}}}) for name in ("one", "two")
    )

    assert locations("", one, two) == ["prefix / → one:80"]
    assert verdicts(one, two)["spec.defaultBackend"] == ("inert", "default-backend.overridden")


def test_a_backend_that_is_no_service_is_skipped() -> None:
    odd = {"path": "/static", "pathType": "Prefix", "backend": {"resource": {"kind": "Bucket", "name": "b"}}}

    assert locations(SHOP, ingress("web", rule(SHOP, odd, path("/")))) == ["prefix / → web:80"]
    assert verdicts(ingress("web", rule(SHOP, odd)))["spec.rules.http.paths"] == ("inert", "backend.resource")


@pytest.mark.parametrize(
    ("entries", "secret", "guessed"),
    [
        ([tls(SHOP, secret="own")], "own", False),
        ([tls("SHOP.example.com", secret="own")], "own", False),
        ([tls("a.example.com", secret="a"), tls(SHOP, secret="own")], "own", False),
        ([tls(SHOP), tls("a.example.com", secret="a")], "", False),
        ([tls("*.example.com", secret="wild")], "wild", True),
        ([tls(secret="any")], "any", True),
        ([tls("a.example.com", secret="a")], "", True),
    ],
)
def test_the_certificate_of_a_host(entries: list[dict], secret: str, guessed: bool) -> None:
    certificate = host(SHOP, ingress("web", rule(SHOP, path("/")), tls=entries)).certificate

    assert certificate
    assert (certificate.secret, certificate.guessed) == (secret, guessed)


def test_the_first_ingress_with_tls_brings_the_certificate() -> None:
    none = ingress("none", rule(SHOP, path("/a")))
    first = ingress("first", rule(SHOP, path("/b")), tls=[tls(SHOP, secret="first")])
    second = ingress("second", rule(SHOP, path("/c")), tls=[tls(SHOP, secret="second")])

    certificate = host(SHOP, none, first, second).certificate
    assert certificate
    assert certificate.secret == "first"
    assert verdicts(none, first, second)["spec.tls"] == ("inert", "tls.unused")


def test_without_tls_there_is_no_certificate() -> None:
    assert host(SHOP, ingress("web", rule(SHOP, path("/")))).certificate is None


def test_a_wildcard_lends_its_certificate_to_hosts_one_label_below() -> None:
    wild = ingress("wild", rule("*.example.com", path("/")), tls=[tls("*.example.com", secret="wild")])
    hosts = [rule(name, path("/")) for name in (SHOP, "a.shop.example.com", "example.com")]

    certified = {each.name for each in table(wild, ingress("web", *hosts)).hosts if each.certificate}
    assert certified == {"*.example.com", SHOP}


def test_aliases_are_further_names() -> None:
    web = ingress("web", rule(SHOP, path("/")), annotations={"server-alias": "b.example.com,A.example.com"})

    assert host(SHOP, web).names == (SHOP, "a.example.com", "b.example.com")


def test_an_alias_that_is_a_host_of_its_own_is_left_out() -> None:
    web = ingress("web", rule(SHOP, path("/")), annotations={"server-alias": "a.example.com"})
    own = ingress("own", rule("a.example.com", path("/")))

    assert host(SHOP, web, own).names == (SHOP,)
    assert verdicts(web, own)["server-alias"] == ("inert", "server-alias.declared")


def test_the_first_aliases_of_a_host_win() -> None:
    first = ingress("first", rule(SHOP, path("/a")), annotations={"server-alias": "a.example.com"})
    second = ingress("second", rule(SHOP, path("/b")), annotations={"server-alias": "b.example.com"})

    assert host(SHOP, first, second).names == (SHOP, "a.example.com")
    assert verdicts(first, second)["server-alias"] == ("inert", "server-alias.overridden")


@pytest.mark.parametrize(("name", "twin"), [("example.com", "www.example.com"), ("www.example.com", "example.com")])
def test_the_twin_with_or_without_www_redirects(name: str, twin: str) -> None:
    web = ingress("web", rule(name, path("/")), annotations={"from-to-www-redirect": "true"})

    (location,) = host(twin, web).locations
    (redirect,) = location.behaviours
    assert (redirect.status, redirect.host, redirect.keeps_query) == (308, name, True)


def test_a_declared_twin_is_left_alone() -> None:
    web = ingress("web", rule("example.com", path("/")), annotations={"from-to-www-redirect": "true"})
    twin = ingress("twin", rule("www.example.com", path("/")))

    assert locations("www.example.com", web, twin) == ["prefix / → web:80"]


@pytest.mark.parametrize(("listed", "guessed"), [(["example.com", "www.example.com"], False), (["example.com"], True)])
def test_the_twin_is_served_with_the_certificate_of_the_host(listed: list[str], guessed: bool) -> None:
    web = ingress(
        "web",
        rule("example.com", path("/")),
        tls=[tls(*listed, secret="t")],
        annotations={"from-to-www-redirect": "true"},
    )

    certificate = host("www.example.com", web).certificate
    assert certificate
    assert (certificate.secret, certificate.guessed) == ("t", guessed)
