"""Which annotations have effect: names, values and what an invalid value does."""

from __future__ import annotations

import pytest
from manifests import ingress, outcome, path, rule, table, verdicts

from converter.ledger import Verdict
from converter.routing import AccessList, RateLimit, Redirect

SHOP = "shop.example.com"


def web(**annotations: str) -> dict:
    return ingress("web", rule(SHOP, path("/")), annotations={k.replace("_", "-"): v for k, v in annotations.items()})


def limits(manifest: dict, **options) -> list[RateLimit]:
    behaviours = table(manifest, **options).hosts[0].locations[0].behaviours
    return [behaviour for behaviour in behaviours if isinstance(behaviour, RateLimit)]


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("no-such-thing", "x", ("inert", "annotation.unknown")),
        ("secure-backends", "true", ("inert", "annotation.removed")),
        ("ssl-redirect", "", ("inert", "annotation.empty")),
        ("proxy-read-timeout", "60s", ("inert", "annotation.invalid")),
        ("use-regex", "false", ("inert", "annotation.default")),
        ("cors-max-age", "30", ("inert", "annotation.without-effect")),
        ("limit-rps", "0", ("inert", "annotation.default")),
        ("permanent-redirect-code", "308", ("inert", "annotation.without-effect")),
    ],
)
def test_an_annotation_that_no_location_carries(name: str, value: str, verdict: tuple[str, str]) -> None:
    assert verdicts(ingress("web", rule(SHOP, path("/")), annotations={name: value}))[name] == verdict


def test_an_alias_counts_as_the_real_name() -> None:
    behaviours = table(web(whitelist_source_range="10.0.0.0/8")).hosts[0].locations[0].behaviours

    assert [behaviour.allow for behaviour in behaviours if isinstance(behaviour, AccessList)] == [("10.0.0.0/8",)]


def test_the_real_name_wins_over_its_alias() -> None:
    both = web(whitelist_source_range="10.0.0.0/8", allowlist_source_range="10.1.0.0/16")

    assert verdicts(both)["whitelist-source-range"] == ("inert", "annotation.overridden")


def test_a_value_that_drops_the_ingress_leaves_nothing_of_it() -> None:
    found = outcome(web(permanent_redirect="https://x$request_uri"))

    assert [each.hosts for each in found.tables] == [()]
    assert [(problem.code, problem.severity) for problem in found.problems] == [("ingress-dropped", "error")]
    assert {settlement.verdict for settlement in found.settlements} == {Verdict.INERT}


def test_an_invalid_value_of_a_group_takes_the_group_with_it() -> None:
    redirects = web(temporal_redirect="/relative", permanent_redirect="https://new.example.com")

    behaviours = table(redirects).hosts[0].locations[0].behaviours
    assert [behaviour for behaviour in behaviours if isinstance(behaviour, Redirect)] == []
    assert verdicts(redirects)["permanent-redirect"] == ("inert", "annotation.without-effect")


def test_a_name_that_was_never_read_counts_for_its_intent() -> None:
    limited = web(rate_limit="100", rate_limit_window="1m")

    (limit,) = limits(limited)
    assert (limit.requests, limit.seconds, limit.enforced) == (100, 60, False)


def test_but_not_with_a_strict_source() -> None:
    limited = web(rate_limit="100", rate_limit_window="1m")

    assert [
        b for b in table(limited, strict_source=True).hosts[0].locations[0].behaviours if hasattr(b, "requests")
    ] == []
    assert verdicts(limited, strict_source=True)["rate-limit"] == ("inert", "annotation.unknown")


@pytest.mark.parametrize(
    "annotations",
    [
        {"rate_limit": "100"},
        {"rate_limit": "many", "rate_limit_window": "1m"},
        {"rate_limit": "1", "rate_limit_window": "soon"},
    ],
)
def test_an_intent_that_is_not_plain_is_not_guessed(annotations: dict[str, str]) -> None:
    assert limits(web(**annotations)) == []
    assert verdicts(web(**annotations))["rate-limit"] == ("inert", "rate-limit.unclear")


def test_annotations_of_other_programs_go_where_those_read_them() -> None:
    foreign = {
        "cert-manager.io/cluster-issuer": "letsencrypt",
        "external-dns.alpha.kubernetes.io/ttl": "60",
        "alb.ingress.kubernetes.io/scheme": "internal",
        "example.com/owner": "shop",
    }
    found = outcome(ingress("web", rule(SHOP, path("/")), foreign=foreign))

    assert [(n.place, n.key, n.value) for n in found.tables[0].neighbours] == [
        ("gateway", "cert-manager.io/cluster-issuer", "letsencrypt"),
        ("route", "external-dns.alpha.kubernetes.io/ttl", "60"),
    ]
    codes = {s.origin.key: s.code for s in found.settlements if s.origin.type == "annotation"}
    assert codes == {
        "alb.ingress.kubernetes.io/scheme": "annotation.foreign",
        "example.com/owner": "annotation.foreign",
    }


def test_what_a_canary_says_about_anything_but_its_service_is_the_main_ingresss_affair() -> None:
    main = ingress("main", rule(SHOP, path("/", "main")))
    canary = ingress(
        "canary",
        rule(SHOP, path("/", "next")),
        annotations={"canary": "true", "canary-weight": "10", "enable-cors": "true"},
    )

    found = outcome(canary, main)
    assert [location.backend.service for location in found.tables[0].hosts[0].locations] == ["main"]
    ignored = {s.origin.key.rpartition("/")[2] for s in found.settlements if s.code == "canary.ignored"}
    assert ignored == {"enable-cors", "spec.rules.host"}
