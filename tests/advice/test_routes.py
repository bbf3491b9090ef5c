"""Which routes a thing holds for."""

from __future__ import annotations

from conversions import converted
from manifests import ingress, path, rule, tls

from converter.advice.routes import Route, Routes

SHOP = rule("shop.example.com", path("/"), path("/api", "api"))
BLOG = rule("blog.example.com", path("/", "blog"))


def routes_of(*manifests, key: str, value: str = "") -> list[str]:
    """Host and path of the routes that the entry with this key is about."""
    conversion = converted(*manifests)
    (origin,) = (
        entry.origin
        for entry in conversion.entries
        if entry.origin.key.endswith(key) and entry.origin.value.startswith(value)
    )
    return sorted(route.host.partition(".")[0] + route.value for route in Routes(conversion.tables, "").of(origin))


def test_an_annotation_holds_for_the_paths_of_its_ingress() -> None:
    limited = ingress("shop", SHOP, annotations={"limit-rps": "5"})
    assert routes_of(limited, ingress("blog", BLOG), key="limit-rps") == ["shop/", "shop/api"]


def test_a_path_is_a_route() -> None:
    assert routes_of(ingress("shop", SHOP), key="spec.rules.http.paths", value="shop.example.com/api") == ["shop/api"]


def test_a_host_has_the_paths_of_other_ingresses_too() -> None:
    other = ingress("more", rule("shop.example.com", path("/more")), annotations={"limit-rps": "5"})
    assert routes_of(ingress("shop", SHOP, tls=[tls("shop.example.com", secret="t")]), other, key="spec.tls") == [
        "shop/",
        "shop/api",
        "shop/more",
    ]


def test_a_default_holds_for_its_ingress_or_for_the_host_that_it_names() -> None:
    both = ingress("both", SHOP, BLOG)
    assert routes_of(both, key="uri-normalization") == ["blog/", "shop/", "shop/api"]
    assert routes_of(both, key="default-certificate", value="blog.example.com") == ["blog/"]


def test_the_404_that_nobody_wrote_is_no_route() -> None:
    conversion = converted(ingress("api", rule("shop.example.com", path("/api"))))
    assert Routes(conversion.tables, "prod").all == {Route("prod", "shop.example.com", "prefix", "/api")}


def test_what_the_controller_was_told_holds_for_all() -> None:
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "ingress-nginx-controller", "namespace": "ingress-nginx"},
        "data": {"use-gzip": "true"},
    }
    assert routes_of(config, ingress("shop", SHOP), ingress("blog", BLOG), key="data.use-gzip") == [
        "blog/",
        "shop/",
        "shop/api",
    ]
