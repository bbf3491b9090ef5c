"""AWS Load Balancer Controller: who gets through by address, fixed answers, target groups, certificates of ACM."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import Conversion, convert
from converter.targets import target
from converter.targets.carry import LostAccess
from converter.verify.gateway import Gateways
from converter.verify.messages import Request
from converter.verify.source import answer

HOST = "shop.example.com"


def web(name: str = "web", **annotations: str) -> dict[str, Any]:
    named = {key.replace("_", "-"): value for key, value in annotations.items()}
    return ingress(name, rule(HOST, path(f"/{name}")), annotations=named, tls=[tls(HOST, secret="shop")])


def converted(*manifests: dict[str, Any], lost_access: LostAccess = "omit") -> Conversion:
    to = target("aws-load-balancer-controller", release("1.6", "standard"), lost_access)
    return convert(reading(*manifests), to, Options())


def plain(*paths: dict[str, Any], name: str = "web", **annotations: str) -> dict[str, Any]:
    """Without TLS, so that one route says all."""
    named = {key.replace("_", "-"): value for key, value in annotations.items()}
    return ingress(name, rule(HOST, *(paths or [path("/web")])), annotations=named)


def rules(result: Conversion) -> list[dict[str, Any]]:
    return [rule for entry in result.objects if entry["kind"] == "HTTPRoute" for rule in entry["spec"].get("rules", [])]


def said(result: Conversion) -> list[tuple[list[str], list[str], int]]:
    """Of each rule its paths, the networks that it is for, and the status that it answers with."""
    specs = {
        entry["metadata"]["name"]: entry["spec"]
        for entry in result.objects
        if entry["kind"] == "ListenerRuleConfiguration"
    }
    found = []
    for each in rules(result):
        names = [entry["extensionRef"]["name"] for entry in each.get("filters", []) if "extensionRef" in entry]
        spec = specs[names[0]] if names else {}
        networks = [value for c in spec.get("conditions", []) for value in c["sourceIPConfig"]["values"]]
        statuses = [action["fixedResponseConfig"]["statusCode"] for action in spec.get("actions", [])]
        found.append(([match["path"]["value"] for match in each["matches"]], networks, sum(statuses)))
    return found


def configured(result: Conversion) -> list[dict[str, Any]]:
    return [entry for entry in result.objects if entry["kind"] == "TargetGroupConfiguration"]


def codes(result: Conversion, key: str) -> set[tuple[str, str]]:
    return {(str(entry.verdict), entry.code) for entry in result.entries if entry.origin.key.endswith(key)}


def test_a_listener_names_no_secret_and_the_ledger_says_where_the_certificate_has_to_be(checker: ModuleType) -> None:
    result = converted(web())
    gateway = next(entry for entry in result.objects if entry["kind"] == "Gateway")

    assert [listener for listener in gateway["spec"]["listeners"] if listener["protocol"] == "HTTPS"] == [
        {
            "name": "https-shop-example-com",
            "hostname": HOST,
            "port": 443,
            "protocol": "HTTPS",
            "allowedRoutes": {"namespaces": {"from": "Same"}},
        }
    ]
    assert codes(result, "spec.tls") == {("untranslated", "tls.elsewhere")}
    assert_accepted(result, checker)


def test_a_secret_of_another_namespace_needs_no_grant() -> None:
    assert "ReferenceGrant" not in {
        entry["kind"] for entry in converted({**web(), "metadata": {"name": "web", "namespace": "team"}}).objects
    }


@pytest.mark.parametrize(("asked", "written"), [("3600", "3600"), ("99999999", "604800")])
def test_a_session_cookie_is_the_load_balancers_own(asked: str, written: str, checker: ModuleType) -> None:
    result = converted(web(affinity="cookie", session_cookie_max_age=asked))

    assert configured(result) == [
        {
            "apiVersion": "gateway.k8s.aws/v1",
            "kind": "TargetGroupConfiguration",
            "metadata": {"name": "web-targets"},
            "spec": {
                "targetReference": {"group": "", "kind": "Service", "name": "web"},
                "defaultConfiguration": {
                    "targetGroupAttributes": [
                        {"key": "stickiness.enabled", "value": "true"},
                        {"key": "stickiness.type", "value": "lb_cookie"},
                        {"key": "stickiness.lb_cookie.duration_seconds", "value": written},
                    ]
                },
            },
        }
    ]
    assert_accepted(result, checker)


@pytest.mark.parametrize(
    ("protocol", "written"),
    [
        ("HTTPS", {"protocol": "HTTPS"}),
        ("GRPC", {"protocolVersion": "GRPC"}),
        ("GRPCS", {"protocol": "HTTPS", "protocolVersion": "GRPC"}),
    ],
)
def test_what_is_spoken_to_the_backend(protocol: str, written: dict[str, str], checker: ModuleType) -> None:
    result = converted(web(backend_protocol=protocol))

    assert [entry["spec"]["defaultConfiguration"] for entry in configured(result)] == [written]
    assert {verdict for verdict, _ in codes(result, "backend-protocol")} == {"translated"}
    assert_accepted(result, checker)


@pytest.mark.parametrize(
    "annotations",
    [
        {},
        {"backend_protocol": "FCGI"},
        {"backend_protocol": "HTTPS", "proxy_ssl_verify": "on", "proxy_ssl_secret": "a/b"},
    ],
)
def test_what_target_groups_cannot_say_is_not_written(annotations: dict[str, str]) -> None:
    assert configured(converted(web(**annotations))) == []


def test_two_ingresses_that_want_different_cookies_for_a_service_get_the_first(checker: ModuleType) -> None:
    result = converted(
        web("one", affinity="cookie", session_cookie_max_age="60"),
        web("two", affinity="cookie", session_cookie_max_age="90"),
    )

    assert len(configured(result)) == 1
    assert ("approximated", "affinity") in codes(result, "session-cookie-max-age")
    assert any(code == "service-policy.beaten" for _, code in codes(result, "session-cookie-max-age"))
    assert_accepted(result, checker)


def test_listed_clients_get_on_and_the_rest_is_refused(checker: ModuleType) -> None:
    result = converted(plain(path("/"), whitelist_source_range="10.0.0.0/8, 192.0.2.7"))
    (route,) = [entry for entry in result.objects if entry["kind"] == "HTTPRoute"]
    web = [{"path": {"type": "PathPrefix", "value": "/"}}]

    def by(name: str) -> list[dict[str, Any]]:
        reference = {"group": "gateway.k8s.aws", "kind": "ListenerRuleConfiguration", "name": name}
        return [{"type": "ExtensionRef", "extensionRef": reference}]

    assert route["spec"]["rules"] == [
        {
            "matches": web,
            "filters": by("shop-example-com-rule-1-clients"),
            "backendRefs": [{"name": "web", "port": 80}],
        },
        {"matches": web, "filters": by("shop-example-com-rule-2-answer")},
    ]
    assert [entry for entry in result.objects if entry["kind"] == "ListenerRuleConfiguration"] == [
        {
            "apiVersion": "gateway.k8s.aws/v1",
            "kind": "ListenerRuleConfiguration",
            "metadata": {"name": "shop-example-com-rule-1-clients"},
            "spec": {
                "conditions": [{"field": "source-ip", "sourceIPConfig": {"values": ["10.0.0.0/8", "192.0.2.7/32"]}}]
            },
        },
        {
            "apiVersion": "gateway.k8s.aws/v1",
            "kind": "ListenerRuleConfiguration",
            "metadata": {"name": "shop-example-com-rule-2-answer"},
            "spec": {"actions": [{"type": "fixed-response", "fixedResponseConfig": {"statusCode": 403}}]},
        },
    ]
    assert codes(result, "whitelist-source-range") == {("translated", "access.list")}
    assert_accepted(result, checker)


def test_a_refusal_says_whom_it_is_for_in_one_object(checker: ModuleType) -> None:
    result = converted(plain(denylist_source_range="192.0.2.0/24,2001:db8::/32"))

    assert [e["spec"] for e in result.objects if e["kind"] == "ListenerRuleConfiguration"] == [
        {
            "conditions": [{"field": "source-ip", "sourceIPConfig": {"values": ["192.0.2.0/24", "2001:db8::/32"]}}],
            "actions": [{"type": "fixed-response", "fixedResponseConfig": {"statusCode": 403}}],
        }
    ]
    assert said(result) == [(["/web"], ["192.0.2.0/24", "2001:db8::/32"], 403), (["/web"], [], 0)]
    assert_accepted(result, checker)


def test_what_is_denied_comes_before_what_is_allowed() -> None:
    result = converted(plain(whitelist_source_range="10.0.0.0/8", denylist_source_range="10.1.0.0/16"))
    assert said(result) == [(["/web"], ["10.1.0.0/16"], 403), (["/web"], ["10.0.0.0/8"], 0), (["/web"], [], 403)]


@pytest.mark.parametrize(
    ("value", "kind", "sizes"), [("/web", "Prefix", [2, 2, 1]), ("/web", "Exact", [3, 2]), ("/", "Prefix", [3, 2])]
)
def test_a_longer_list_takes_several_rules(value: str, kind: str, sizes: list[int], checker: ModuleType) -> None:
    """Five condition values in a rule: the host takes one, an exact path and / another, any other prefix two."""
    listed = ",".join(f"10.{number}.0.0/16" for number in range(5))
    result = converted(plain(path(value, kind=kind), whitelist_source_range=listed))

    assert [len(networks) for paths, networks, _ in said(result) if paths == [value]] == [*sizes, 0]
    assert_accepted(result, checker)


def test_paths_of_an_ingress_share_their_rules() -> None:
    result = converted(plain(path("/a"), path("/b"), path("/c"), whitelist_source_range="10.0.0.0/8"))
    assert [found for found in said(result) if "/a" in found[0]] == [
        (["/c", "/b", "/a"], ["10.0.0.0/8"], 0),
        (["/c", "/b", "/a"], [], 403),
    ]


def test_a_canary_is_for_listed_clients_alone(checker: ModuleType) -> None:
    result = converted(
        plain(whitelist_source_range="10.0.0.0/8", denylist_source_range="10.1.0.0/16"),
        plain(path("/web", "next"), name="next", canary="true", canary_by_header="X-Next"),
    )
    found = [
        (" ".join(header["value"] for header in match.get("headers", [])), networks, status)
        for each, (_, networks, status) in zip(rules(result), said(result), strict=True)
        for match in each["matches"]
    ]
    assert found == [
        ("", ["10.1.0.0/16"], 403),
        ("always", ["10.1.0.0/16"], 403),
        ("always", ["10.0.0.0/8"], 0),
        ("", ["10.0.0.0/8"], 0),
        ("", [], 403),
    ]
    assert_accepted(result, checker)


LONG = ",".join(f"10.{number}.0.0/16" for number in range(31))


@pytest.mark.parametrize(
    ("lost_access", "code"), [("omit", ("untranslated", "access.crowded")), ("emit", ("untranslated", "access.open"))]
)
def test_a_list_that_is_too_long_for_rules_is_told_and_closes_the_path(lost_access: Any, code: tuple[str, str]) -> None:
    result = converted(plain(whitelist_source_range=LONG), lost_access=lost_access)
    (entry,) = [each for each in result.entries if each.origin.key.endswith("whitelist-source-range")]

    assert code in {(str(each.verdict), each.code) for each in (entry, *entry.also)}
    assert ["backendRefs" in each for each in rules(result)] == [lost_access == "emit"]
    assert said(result) == [(["/web"], [], 0)]


def test_one_network_less_is_not_too_long() -> None:
    result = converted(plain(whitelist_source_range=LONG.rpartition(",")[0]))
    assert len(said(result)) == 16
    assert len([entry for entry in result.objects if entry["kind"] == "HTTPRoute"]) == 1


@pytest.mark.parametrize(
    "annotations", [{}, {"satisfy": "any"}, {"whitelist_source_range": "nonsense"}, {"limit_whitelist": "10.0.0.0/8"}]
)
def test_without_a_list_nobody_is_told_apart(annotations: dict[str, str]) -> None:
    assert [networks for _, networks, _ in said(converted(plain(**annotations)))] == [[]]


@pytest.mark.parametrize(
    "annotations",
    [
        {"satisfy": "any", "auth_type": "basic", "auth_secret": "users"},
        {"auth_url": "http://auth.shop.svc/check"},
    ],
)
def test_what_a_load_balancer_cannot_ask_for_still_closes_the_path(annotations: dict[str, str]) -> None:
    result = converted(plain(whitelist_source_range="10.0.0.0/8", **annotations))
    assert all("backendRefs" not in each for each in rules(result))


networks = st.lists(
    st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "10.1.1.1", "192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"]),
    max_size=6,
    unique=True,
)


@given(
    networks,
    networks,
    st.sampled_from(["10.1.1.1", "10.1.2.3", "10.9.9.9", "192.0.2.1", "198.51.100.9", "2001:db8::1", "203.0.113.7"]),
    st.sampled_from([{}, {"canary-by-header": "X-Next"}, {"canary-by-header": "X-Next", "canary-weight": "20"}]),
    st.sampled_from(["always", "never", "other"]),
    st.sampled_from(["/web", "/", "/web/below"]),
)
def test_the_same_clients_get_the_same(
    allow: list[str], deny: list[str], client: str, canary: dict[str, str], header: str, asked: str
) -> None:
    wanted = {"whitelist-source-range": ",".join(allow), "denylist-source-range": ",".join(deny)}
    lists = {key: value for key, value in wanted.items() if value}
    manifests = [ingress("web", rule(HOST, path("/web"), path("/")), annotations=lists)]
    if canary:
        manifests.append(ingress("next", rule(HOST, path("/web", "next")), annotations={"canary": "true", **canary}))
    result = converted(*manifests)
    if "access.crowded" in {each.code for entry in result.entries for each in (entry, *entry.also)}:
        return
    request = Request(HOST, asked, client=client, headers=(("X-Next", header),))
    before, after = answer(result.tables[0], request), Gateways(result.objects).answer(request)

    assert (before.status, [(s.endpoint, s.part) for s in before.shares]) == (
        after.status,
        [(s.endpoint, s.part) for s in after.shares],
    )


@pytest.mark.parametrize(
    ("snippet", "response"),
    [
        ("return 403;", {"statusCode": 403}),
        ('return 200 "fine";', {"contentType": "text/plain", "messageBody": "fine", "statusCode": 200}),
    ],
)
def test_a_fixed_answer_is_given_by_the_load_balancer(
    snippet: str, response: dict[str, Any], checker: ModuleType
) -> None:
    result = converted(plain(configuration_snippet=snippet))

    assert [e["spec"] for e in result.objects if e["kind"] == "ListenerRuleConfiguration"] == [
        {"actions": [{"type": "fixed-response", "fixedResponseConfig": response}]}
    ]
    assert all("backendRefs" not in each for each in rules(result))
    assert_accepted(result, checker)


@pytest.mark.parametrize("snippet", ["return 444;", f'return 200 "{"x" * 1025}";', 'return 200 "$host";'])
def test_an_answer_that_the_load_balancer_cannot_give_is_told(snippet: str) -> None:
    result = converted(plain(configuration_snippet=snippet))

    assert "ListenerRuleConfiguration" not in {entry["kind"] for entry in result.objects}
    assert {entry.code for entry in result.entries} & {"answer.status", "answer.lost"}


def test_clients_with_a_header_are_refused_before_addresses_are_looked_at(checker: ModuleType) -> None:
    snippet = "if ($http_x_bot = yes) { return 410; }"
    result = converted(plain(path("/"), whitelist_source_range="10.0.0.0/8", configuration_snippet=snippet))

    assert said(result) == [(["/"], [], 410), (["/"], ["10.0.0.0/8"], 0), (["/"], [], 403)]
    assert_accepted(result, checker)


def test_a_redirect_keeps_the_query_of_its_address(checker: ModuleType) -> None:
    result = converted(plain(permanent_redirect="https://new.example.com/start?from=old"))

    assert [e["spec"] for e in result.objects if e["kind"] == "ListenerRuleConfiguration"] == [
        {"actions": [{"type": "redirect", "redirectConfig": {"query": "from=old"}}]}
    ]
    assert codes(result, "permanent-redirect") == {("translated", "redirect.exact")}
    request = Request(HOST, "/web?a=b")
    assert Gateways(result.objects).answer(request) == answer(result.tables[0], request)
    assert_accepted(result, checker)


@pytest.mark.parametrize("address", ["https://new.example.com/start", "https://new.example.com/start?from=a%20b"])
def test_other_redirects_say_nothing_of_a_query(address: str) -> None:
    result = converted(plain(permanent_redirect=address))
    assert "ListenerRuleConfiguration" not in {entry["kind"] for entry in result.objects}


@pytest.mark.parametrize(
    ("weight", "total", "written", "code"),
    [
        ("10", "100", [90, 10], "canary"),
        ("500", "10000", [19, 1], "canary"),
        ("1", "10000", [999, 1], "canary.rounded"),
        ("333", "10001", [999, 34], "canary.rounded"),
    ],
)
def test_weights_are_those_of_target_groups(weight: str, total: str, written: list[int], code: str) -> None:
    result = converted(
        plain(),
        plain(path("/web", "next"), name="next", canary="true", canary_weight=weight, canary_weight_total=total),
    )
    (served,) = [each for each in rules(result) if len(each.get("backendRefs", [])) > 1]

    assert [backend["weight"] for backend in served["backendRefs"]] == written
    (entry,) = [each for each in result.entries if each.origin.key.endswith("canary-weight")]
    assert code in {entry.code, *(remark.code for remark in entry.also)}


@pytest.mark.parametrize(("value", "code"), [("yes", "condition"), ("a,b", "condition.lost"), ("v*", "condition.lost")])
def test_a_header_that_would_mean_more_to_the_load_balancer_is_not_matched(value: str, code: str) -> None:
    snippet = f"if ($http_x_version = '{value}') {{ return 301 https://new.example.com; }}"
    entries = converted(plain(configuration_snippet=snippet)).entries
    assert code in {each.code for entry in entries for each in (entry, *entry.also)}


def assert_accepted(result: Conversion, checker: ModuleType) -> None:
    validator = checker.load("v1.6.1", "standard")
    assert [str(violation) for violation in validator.check_all(list(result.objects))] == []
    assert all(validator.has_crd(entry) for entry in result.objects)
