"""What ingress-nginx does although nobody wrote it."""

from __future__ import annotations

import pytest
from manifests import ingress, path, rule, table, tls

SHOP = "shop.example.com"
EVERYWHERE = ["forwarded-headers", "dropped-headers", "uri-normalization"]
ONCE = ["healthz", "undeclared-https"]


def defaults(*manifests: dict) -> list[tuple[str, str]]:
    return [(origin.key, origin.source.name) for origin in table(*manifests).defaults]


def own(manifest: dict) -> set[str]:
    return {key for key, _ in defaults(manifest)} - {*ONCE, *EVERYWHERE}


def test_they_are_told_for_each_ingress_and_those_of_the_controller_once() -> None:
    one, two = (ingress(name, rule(f"{name}.example.com", path("/")), tls=[tls(secret="t")]) for name in ("one", "two"))

    assert defaults(one, two) == [
        *((key, "one") for key in ONCE),
        *((key, name) for name in ("one", "two") for key in (*EVERYWHERE, "connection-reuse")),
    ]


@pytest.mark.parametrize(
    ("manifest", "keys"),
    [
        (ingress("web", rule(SHOP, path("/"))), {"default-certificate"}),
        (ingress("web", rule(SHOP, path("/")), tls=[tls(SHOP, secret="t")]), set()),
        (ingress("web", rule(SHOP, path("/a")), tls=[tls(SHOP, secret="t")]), {"unmatched-paths"}),
        (ingress("web", rule("*.example.com", path("/")), tls=[tls(secret="t")]), {"wildcard-host"}),
        (ingress("web", rule("", path("/a"))), set()),
        (
            ingress("web", rule(SHOP, path("/a")), annotations={"permanent-redirect": "https://a.example.com"}),
            {"default-certificate"},
        ),
    ],
)
def test_what_depends_on_the_hosts(manifest: dict, keys: set[str]) -> None:
    assert own(manifest) == keys


def test_only_the_ingress_that_declares_a_host_first_has_its_defaults() -> None:
    one, two = (ingress(name, rule(SHOP, path(f"/{name}"))) for name in ("one", "two"))

    assert [name for key, name in defaults(one, two) if key in ("default-certificate", "unmatched-paths")] == [
        "one",
        "one",
    ]
