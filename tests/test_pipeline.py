"""The whole road: whatever comes in, everything has one verdict and every object keeps the limits of the API."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifests import PREFIX, ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.gateway.topology import Topology
from converter.pipeline import Conversion, convert
from converter.targets import NAMES, target
from converter.write import dump

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
FORGOTTEN = re.compile(r"(annotation|field|default)\.untranslated\Z")


def run(*manifests: dict, name: str = "standard", version: str = "1.6", **topology: Any) -> Conversion:
    chosen = target(name, release(version, "standard"))
    return convert(reading(*manifests), chosen, Options(), Topology(**topology))


HOSTS = st.sampled_from(["", "a.example.com", "b.a.example.com", "*.example.com", "*.a.example.com", "www.example.com"])
PATHS = st.sampled_from(["/", "/a", "/a/", "/A", "/a/b", "/a(/|$)(.*)", "/(.*)", "/a|/b", "/x//y", "/(?!a)", "/é"])
OWN = [
    *("rewrite-target", "use-regex", "app-root", "from-to-www-redirect", "server-alias", "permanent-redirect"),
    *("temporal-redirect", "limit-rps", "ssl-redirect", "force-ssl-redirect", "canary", "rate-limit", "enable-cors"),
]
VALUES = ["", "true", "false", "/", "/$2", "/a/$1", "5", "https://new.example.com/x?y=z", "c.example.com,~^d"]
ANNOTATIONS = st.dictionaries(st.sampled_from(OWN), st.sampled_from(VALUES), max_size=4)
OTHERS = ["cert-manager.io/issuer", "external-dns.alpha.kubernetes.io/ttl"]
FOREIGN = st.dictionaries(st.sampled_from(OTHERS), st.sampled_from("xy"), max_size=2)
RULES = st.builds(
    lambda host, paths: rule(host, *paths),
    HOSTS,
    st.lists(
        st.builds(
            path,
            PATHS,
            st.sampled_from("abc"),
            st.sampled_from(["Prefix", "Exact", "ImplementationSpecific"]),
            st.sampled_from([80, "http", 0]),
        ),
        max_size=4,
    ),
)
TLS = st.lists(st.builds(tls, HOSTS, secret=st.sampled_from(["", "t", "u"])), max_size=2)


@st.composite
def ingresses(draw: st.DrawFn) -> list[dict]:
    found = []
    for index in range(draw(st.integers(1, 4))):
        namespace = draw(st.sampled_from(["", "a", "b"]))
        found.append(
            ingress(
                f"web-{index}",
                *draw(st.lists(RULES, max_size=3)),
                annotations=draw(ANNOTATIONS),
                foreign=draw(FOREIGN),
                tls=draw(TLS),
                defaultBackend=draw(st.sampled_from([None, {"service": {"name": "rest", "port": {"number": 80}}}])),
                **({"namespace": namespace} if namespace else {}),
            )
        )
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ingresses(),
    st.sampled_from(NAMES),
    st.sampled_from(["1.0", "1.3", "1.5", "1.6"]),
    st.sampled_from(["shared", "namespace", "ingress"]),
    st.sampled_from([("", ""), ("infra", "tls")]),
)
def test_whatever_comes_in(manifests: list[dict], name: str, version: str, sharing: Any, certificate: Any) -> None:
    first, second = (
        run(*manifests, name=name, version=version, sharing=sharing, default_certificate=certificate) for _ in "12"
    )

    assert (dump(first.objects), first.entries) == (dump(second.objects), second.entries)
    assert_settled(manifests, first)
    assert_within_limits(first, version)
    assert_connected(first)


def assert_settled(manifests: list[dict], conversion: Conversion) -> None:
    """Each annotation has one entry, none of them because nobody thought of it."""
    entries = Counter((e.origin.source.name, e.origin.key) for e in conversion.entries if e.origin.type == "annotation")
    patches = {p.line for p in conversion.problems if p.code == "not-whole"}
    written = [
        (manifest["metadata"]["name"], key)
        for manifest in manifests
        for key in manifest["metadata"].get("annotations", {})
        if manifest["spec"].get("rules") or manifest["spec"].get("defaultBackend")
    ]
    assert sorted(entries.elements()) == sorted(written)
    assert len(patches) == sum(1 for m in manifests if not (m["spec"].get("rules") or m["spec"].get("defaultBackend")))
    assert [entry.code for entry in conversion.entries if FORGOTTEN.match(entry.code)] == []


def of_kind(conversion: Conversion, *kinds: str) -> Iterator[Any]:
    return (entry for entry in conversion.objects if entry["kind"] in kinds)


def assert_within_limits(conversion: Conversion, version: str) -> None:
    """Gateway API: the maxItems and CEL rules of Gateway and HTTPRoute."""
    identities = [(e["kind"], e["metadata"].get("namespace"), e["metadata"]["name"]) for e in conversion.objects]
    assert len(set(identities)) == len(identities)
    assert all(LABEL.match(name) for _, _, name in identities)
    if version < "1.5":
        assert not list(of_kind(conversion, "ListenerSet"))
    for holder in of_kind(conversion, "Gateway", "ListenerSet"):
        listeners = holder["spec"]["listeners"]
        assert 1 <= len(listeners) <= 64
        assert len({listener["name"] for listener in listeners}) == len(listeners)
        assert len({(each["port"], each["protocol"], each.get("hostname")) for each in listeners}) == len(listeners)
    for route in of_kind(conversion, "HTTPRoute"):
        rules = route["spec"]["rules"]
        assert 1 <= len(rules) <= 16
        assert len(route["spec"].get("hostnames", [])) <= 16
        assert all(len(each["matches"]) <= 64 for each in rules)
        assert sum(len(each["matches"]) for each in rules) <= 128
        for each in rules:
            types = [entry["type"] for entry in each.get("filters", [])]
            assert max(Counter(types).values(), default=0) <= 1
            assert not {"RequestRedirect", "URLRewrite"} <= set(types)
            assert not ("RequestRedirect" in types and each.get("backendRefs"))


def assert_connected(conversion: Conversion) -> None:
    """Routes attach to listeners that exist, and what crosses a namespace has its grant."""
    sections = {
        (holder["kind"], holder["metadata"].get("namespace", ""), holder["metadata"]["name"], listener["name"])
        for holder in of_kind(conversion, "Gateway", "ListenerSet")
        for listener in holder["spec"]["listeners"]
    }
    granted = {
        (source["kind"], source["namespace"], grant["metadata"]["namespace"], to["kind"], to["name"])
        for grant in of_kind(conversion, "ReferenceGrant")
        for source in grant["spec"]["from"]
        for to in grant["spec"]["to"]
    }
    needed = set()
    for route in of_kind(conversion, "HTTPRoute"):
        own = route["metadata"].get("namespace", "")
        for parent in route["spec"]["parentRefs"]:
            kind = parent.get("kind", "Gateway")
            assert (kind, parent.get("namespace", own), parent["name"], parent["sectionName"]) in sections
        for each in route["spec"]["rules"]:
            for ref in each.get("backendRefs", []):
                if "namespace" in ref:
                    needed.add(("HTTPRoute", own, ref["namespace"], "Service", ref["name"]))
    for holder in of_kind(conversion, "Gateway", "ListenerSet"):
        own = holder["metadata"].get("namespace", "")
        for listener in holder["spec"]["listeners"]:
            for ref in listener.get("tls", {}).get("certificateRefs", []):
                if "namespace" in ref:
                    needed.add((holder["kind"], own, ref["namespace"], "Secret", ref["name"]))
    assert granted == needed


def test_the_order_of_files_changes_nothing_where_ages_are_known() -> None:
    rules = {day: rule("a.example.com", path("/"), path(f"/{day}")) for day in (1, 2, 3)}
    dated = [ingress(f"web-{d}", each, creationTimestamp=f"2024-01-0{d}T00:00:00Z") for d, each in rules.items()]

    assert run(*dated).objects == run(*reversed(dated)).objects


def test_nothing_gives_nothing() -> None:
    conversion = run()

    assert (conversion.objects, conversion.entries, conversion.ingresses) == ((), (), 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_named_default_certificate_opens_https_for_every_host(name: str) -> None:
    conversion = run(ingress("web", rule("a.example.com", path("/"))), name=name, default_certificate=("infra", "tls"))

    assert {e.origin.key: e.code for e in conversion.entries}["default-certificate"] == "default-certificate.named"
    (gateway,) = of_kind(conversion, "Gateway")
    assert [each["name"] for each in gateway["spec"]["listeners"]] == ["http", "https"]


def test_a_limit_that_holds_for_https_alone_is_told_where_nothing_listens() -> None:
    annotations = {"force-ssl-redirect": "true", "limit-rps": "5"}
    conversion = run(ingress("web", rule("a.example.com", path("/")), annotations=annotations), name="envoy-gateway")

    codes = {e.origin.key.removeprefix(PREFIX): e.code for e in conversion.entries if e.origin.type == "annotation"}
    assert codes == {"force-ssl-redirect": "ssl-redirect", "limit-rps": "https.silent"}


def test_hsts_is_sent_over_https_only() -> None:
    annotations = {"ssl-redirect": "false"}
    conversion = run(ingress("web", rule("a.example.com", path("/")), annotations=annotations, tls=[tls(secret="t")]))

    filters = {
        route["metadata"]["name"]: [each["type"] for each in route["spec"]["rules"][0].get("filters", [])]
        for route in of_kind(conversion, "HTTPRoute")
    }
    assert filters == {"a-example-com": ["ResponseHeaderModifier"], "a-example-com-http": []}
