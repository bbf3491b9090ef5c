"""The road from end to end: whatever comes in, each thing has one verdict and an API server takes what comes out."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from conversions import converted, of_kind, only, served, verdicts
from gateway.limits import violations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifests import ingress, path, reading, rule, service, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.inventory import take_stock
from converter.ledger import Verdict
from converter.pipeline import convert, convert_for_each
from converter.targets import target
from converter.write import dump

Json = dict[str, Any]
SHOP = "shop.example.com"

HOSTS = [SHOP, "www.shop.example.com", "*.example.com", "", "shop-example.com", "a.b.example.com", "a-b.example.com"]
PATHS = ["/", "/a", "/a/", "/a/b", "/A", "/a(/|$)(.*)", "/(.*)", "/a|/b", "/é x", "/..", "/(?=a)", "/%2f"]
ANNOTATIONS: dict[str, list[str]] = {
    "rewrite-target": ["/", "/$1", "/$2", "/new/$2", "$uri", "https://example.com/x"],
    "use-regex": ["true", "false"],
    "ssl-redirect": ["true", "false"],
    "force-ssl-redirect": ["true"],
    "permanent-redirect": ["https://example.com/new", "/here"],
    "permanent-redirect-code": ["308", "300"],
    "temporal-redirect": ["https://example.com"],
    "app-root": ["/home"],
    "from-to-www-redirect": ["true"],
    "server-alias": ["alias.example.com", "shop.example.com,b.example.com"],
    "limit-rps": ["5", "0"],
    "limit-rpm": ["9"],
    "preserve-trailing-slash": ["true"],
    "canary": ["true"],
    "proxy-body-size": ["8m"],
}
FOREIGN = {"cert-manager.io/cluster-issuer": ["one", "two"], "external-dns.alpha.kubernetes.io/target": ["a", "b"]}


def chosen(values: dict[str, list[str]]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={key: st.sampled_from(options) for key, options in values.items()})


paths = st.builds(
    path,
    st.sampled_from(PATHS),
    st.sampled_from(["web", "api"]),
    st.sampled_from(["Prefix", "Exact", "ImplementationSpecific"]),
    st.sampled_from([80, "http"]),
)
rules = st.builds(lambda host, found: rule(host, *found), st.sampled_from(HOSTS), st.lists(paths, max_size=3))
entries = st.builds(
    lambda hosts, secret: tls(*hosts, secret=secret),
    st.lists(st.sampled_from([host for host in HOSTS if host]), max_size=2),
    st.sampled_from(["", "one", "two"]),
)


@st.composite
def ingress_sets(draw: st.DrawFn) -> list[Json]:
    """Up to four Ingresses of two namespaces that are in each other's way."""
    found = []
    for index in range(draw(st.integers(1, 4))):
        rules_ = draw(st.lists(rules, max_size=3))
        parts: Json = {
            "namespace": draw(st.sampled_from(["team-a", "team-b"])),
            "annotations": draw(chosen(ANNOTATIONS)),
            "foreign": draw(chosen(FOREIGN)),
            "tls": draw(st.lists(entries, max_size=2)),
        }
        if not rules_ or draw(st.booleans()):
            parts["defaultBackend"] = {"service": {"name": "rest", "port": {"number": 80}}}
        found.append(ingress(f"web-{index}", *rules_, **parts))
    return found


releases = st.one_of(
    st.tuples(st.sampled_from(["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6"]), st.just("standard")),
    st.tuples(st.sampled_from(["1.0", "1.3", "1.5"]), st.just("experimental")),
)
options = st.fixed_dictionaries(
    {
        "to": st.sampled_from(["standard", "envoy-gateway"]),
        "sharing": st.sampled_from(["shared", "namespace", "ingress"]),
        "default_certificate": st.sampled_from([("", ""), ("edge", "default")]),
    }
)


@given(ingress_sets(), releases, options)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_comes_in(ingresses: list[Json], release: tuple[str, Any], options: Json) -> None:
    """Nothing raises, every origin has one verdict, every object is legal, and a second run is the same."""
    version, channel = release
    result = converted(*ingresses, version=version, channel=channel, **options)
    again = converted(*ingresses, version=version, channel=channel, **options)

    opened = [
        origin for each in take_stock(reading(*ingresses).documents, "")[0].ingresses for origin in each.origins()
    ]
    judged = Counter(entry.origin for entry in result.entries)
    assert {judged[origin] for origin in opened} <= {1}
    assert max(judged.values(), default=1) == 1
    assert violations(result.objects, rule_matches=8 if version in ("1.0", "1.1") else 64) == []
    made = {(e["kind"], e["metadata"].get("namespace", ""), e["metadata"]["name"]) for e in result.objects}
    named = {(r.kind, r.namespace, r.name) for entry in result.entries for r in entry.results}
    assert named <= made
    assert dump(result.objects) == dump(again.objects)
    assert result.entries == again.entries


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_documents_does_not_matter_where_ages_are_known(random: Random) -> None:
    manifests = [
        ingress("old", rule(SHOP, path("/", "old"), path("/a", "old")), creationTimestamp="2024-01-01T00:00:00Z"),
        ingress("young", rule(SHOP, path("/", "young"), path("/b")), creationTimestamp="2024-01-02T00:00:00Z"),
        ingress("other", rule("*.example.com", path("/a|/b")), namespace="team-b", annotations={"use-regex": "true"}),
        ingress("tls", rule("", path("/")), tls=[tls(SHOP, secret="shop")], annotations={"limit-rps": "5"}),
        service("web", {"name": "http", "port": 80}),
    ]
    shuffled = random.sample(manifests, len(manifests))

    assert dump(converted(*shuffled).objects) == dump(converted(*manifests).objects)


def test_without_ages_the_first_document_wins_so_order_matters() -> None:
    one, two = ingress("one", rule(SHOP, path("/", "one"))), ingress("two", rule(SHOP, path("/", "two")))

    assert served(only(converted(one, two), "HTTPRoute")) == ["PathPrefix / → one"]
    assert served(only(converted(two, one), "HTTPRoute")) == ["PathPrefix / → two"]


def test_nothing_becomes_nothing() -> None:
    result = converted()

    assert (result.objects, result.entries, result.ingresses, result.files) == ((), (), 0, 1)
    assert [(problem.code, problem.severity) for problem in result.problems] == [("empty", "note")]


def test_an_ingress_becomes_a_class_a_gateway_and_a_route() -> None:
    result = converted(ingress("web", rule(SHOP, path("/")), namespace="team-a"))

    assert list(result.objects) == [
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "GatewayClass",
            "metadata": {"name": "nginx"},
            "spec": {"controllerName": "example.com/gateway-controller"},
        },
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {"name": "nginx", "namespace": "team-a"},
            "spec": {
                "gatewayClassName": "nginx",
                "listeners": [
                    {
                        "name": "http",
                        "port": 80,
                        "protocol": "HTTP",
                        "allowedRoutes": {"namespaces": {"from": "Same"}},
                    }
                ],
            },
        },
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": {"name": "shop-example-com", "namespace": "team-a"},
            "spec": {
                "parentRefs": [{"name": "nginx", "sectionName": "http"}],
                "hostnames": [SHOP],
                "rules": [
                    {
                        "name": "root",
                        "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                        "backendRefs": [{"name": "web", "port": 80}],
                    }
                ],
            },
        },
    ]
    assert verdicts(result) == {
        "spec.ingressClassName": ("translated", "class"),
        "spec.rules.host": ("translated", "host"),
        "spec.rules.http.paths": ("translated", "path"),
    }


def test_what_the_controller_does_by_itself_is_in_the_ledger_as_well() -> None:
    """ingress-nginx: 1 MB bodies, three tries, 60 s between bytes, header fields, a default certificate."""
    result = converted(ingress("web", rule(SHOP, path("/"))))
    found = {entry.origin.key for entry in result.entries if entry.origin.type == "default"}

    expected = {"body-size", "retries", "idle-timeouts", "forwarded-headers", "uri-normalization", "healthz"}
    assert expected <= found
    assert "wildcard-host" not in found


def test_an_annotation_that_nothing_carries_is_said_to_be_lost() -> None:
    result = converted(ingress("web", rule(SHOP, path("/")), annotations={"auth-url": "https://auth.example.com"}))

    assert verdicts(result)["auth-url"][0] == "untranslated"


def test_an_ingress_of_another_class_makes_nothing() -> None:
    result = converted(ingress("web", rule(SHOP, path("/")), ingressClassName="traefik"))

    assert result.objects == ()
    assert {entry.verdict for entry in result.entries} == {Verdict.INERT}
    assert [problem.code for problem in result.problems] == ["other-class"]


def test_a_default_certificate_opens_https_for_every_host() -> None:
    web = ingress("web", rule(SHOP, path("/")), namespace="team-a")
    result = converted(web, default_certificate=("edge", "wildcard"))

    assert [each["name"] for each in only(result, "Gateway")["spec"]["listeners"]] == ["http", "https"]
    assert list(of_kind(converted(web), "ReferenceGrant")) == []
    assert [each["spec"]["to"] for each in of_kind(result, "ReferenceGrant").values()] == [
        [{"group": "", "kind": "Secret", "name": "wildcard"}]
    ]


def two_controllers(*hosts: str) -> list[Json]:
    classes = ("internal", "external")
    return [
        ingress(name, rule(host, path("/", name)), ingressClassName=name, tls=[tls(host, secret=name)])
        for name, host in zip(classes, hosts, strict=True)
    ]


def test_each_controller_has_a_gateway_of_its_own() -> None:
    result = converted(*two_controllers("a.example.com", "b.example.com"), classes=("internal", "external"))

    assert list(of_kind(result, "Gateway")) == ["external", "internal"]
    assert len(of_kind(result, "HTTPRoute")) == 4


def test_two_controllers_may_serve_one_host() -> None:
    result = converted(*two_controllers(SHOP, SHOP), classes=("internal", "external"))
    backends = {line for route in of_kind(result, "HTTPRoute").values() for line in served(route)}

    assert {"PathPrefix / → internal", "PathPrefix / → external"} <= backends


def test_a_gateway_name_for_two_controllers_loses_no_listener() -> None:
    both = two_controllers("a.example.com", "b.example.com")
    result = converted(*both, classes=("internal", "external"), name="edge")
    listeners = {
        each["name"] for gateway in of_kind(result, "Gateway").values() for each in gateway["spec"]["listeners"]
    }

    assert {"https-a-example-com", "https-b-example-com"} <= listeners


@pytest.mark.parametrize("namespace", ["", "team"])
def test_several_targets_get_what_each_would_get_alone(namespace: str) -> None:
    """Two namespaces that share a host in regex mode need a grant, and so a name for the one that has none."""
    own = ingress("shop", rule(SHOP, path("/a+")), annotations={"limit-rps": "5", "use-regex": "true"})
    other = ingress("more", rule(SHOP, path("/b")), **({"namespace": namespace} if namespace else {}))
    read, options = reading(own, other), Options()
    targets = [target(name, release("1.6", "standard")) for name in ("standard", "envoy-gateway")]
    together = list(convert_for_each(read, targets, options))

    assert together == [convert(read, each, options) for each in targets]
    named = {route["metadata"].get("namespace") for found in together for route in of_kind(found, "HTTPRoute").values()}
    assert named == ({"default"} if namespace else {None})
