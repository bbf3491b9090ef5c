"""GKE Gateway: timeouts and session cookies by the GCPBackendPolicy of a Service, and what the load balancer lacks."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import Conversion, convert
from converter.targets import target

HOST = "shop.example.com"


def web(name: str = "web", **annotations: str) -> dict[str, Any]:
    named = {key.replace("_", "-"): value for key, value in annotations.items()}
    return ingress(name, rule(HOST, path(f"/{name}")), annotations=named, tls=[tls(HOST, secret="shop")])


def converted(*manifests: dict[str, Any]) -> Conversion:
    return convert(reading(*manifests), target("gke", release("1.6", "standard")), Options())


def policies(result: Conversion, kind: str = "GCPBackendPolicy") -> list[dict[str, Any]]:
    return [entry for entry in result.objects if entry["kind"] == kind]


def codes(result: Conversion, key: str) -> set[tuple[str, str]]:
    return {(str(entry.verdict), entry.code) for entry in result.entries if entry.origin.key.endswith(key)}


def test_the_time_between_two_bytes_becomes_that_for_the_whole_response(checker: ModuleType) -> None:
    result = converted(web(proxy_read_timeout="3600"))

    assert policies(result) == [
        {
            "apiVersion": "networking.gke.io/v1",
            "kind": "GCPBackendPolicy",
            "metadata": {"name": "web-backend"},
            "spec": {"targetRef": {"group": "", "kind": "Service", "name": "web"}, "default": {"timeoutSec": 3600}},
        }
    ]
    assert codes(result, "proxy-read-timeout") == {("approximated", "idle-timeout")}
    assert_accepted(result, checker)


def test_a_session_cookie_is_the_load_balancers_own(checker: ModuleType) -> None:
    result = converted(web(affinity="cookie", session_cookie_max_age="99999999", session_cookie_path="/a"))

    assert [entry["spec"]["default"] for entry in policies(result)] == [
        {"sessionAffinity": {"type": "GENERATED_COOKIE", "cookieTtlSec": 1_209_600}}
    ]
    assert_accepted(result, checker)


def test_one_policy_holds_what_several_ingresses_ask_for(checker: ModuleType) -> None:
    result = converted(web("one", proxy_read_timeout="90"), web("two", affinity="cookie"))

    assert [entry["spec"]["default"] for entry in policies(result)] == [
        {"timeoutSec": 90, "sessionAffinity": {"type": "GENERATED_COOKIE"}}
    ]
    assert_accepted(result, checker)


def test_endpoints_are_chosen_by_a_policy_of_their_own(checker: ModuleType) -> None:
    result = converted(web(load_balance="ewma"))

    assert policies(result, "GCPTrafficDistributionPolicy") == [
        {
            "apiVersion": "networking.gke.io/v1",
            "kind": "GCPTrafficDistributionPolicy",
            "metadata": {"name": "web-distribution"},
            "spec": {
                "targetRefs": [{"group": "", "kind": "Service", "name": "web"}],
                "default": {"localityLbAlgorithm": "LEAST_REQUEST"},
            },
        }
    ]
    assert codes(result, "load-balance") == {("approximated", "load-balance")}
    assert_accepted(result, checker)


@pytest.mark.parametrize("annotations", [{"affinity": "cookie"}, {"upstream_hash_by": "$request_uri"}])
def test_an_algorithm_without_effect_is_not_written(annotations: dict[str, str]) -> None:
    result = converted(web(load_balance="ewma", **annotations))

    assert policies(result, "GCPTrafficDistributionPolicy") == []
    assert codes(result, "load-balance") == {("inert", "load-balance.overridden")}


def test_whether_requests_are_logged_is_said_for_the_service(checker: ModuleType) -> None:
    result = converted(web(enable_access_log="false"))

    assert [entry["spec"] for entry in policies(result)] == [
        {"targetRef": {"group": "", "kind": "Service", "name": "web"}, "default": {"logging": {"enabled": False}}}
    ]
    assert codes(result, "enable-access-log") == {("translated", "enable-access-log")}
    assert_accepted(result, checker)


def test_nothing_is_written_for_what_nobody_asked_for() -> None:
    assert policies(converted(web())) == []


def test_a_redirect_has_a_status_that_the_load_balancer_knows() -> None:
    result = converted(web())
    found = [
        each["requestRedirect"]["statusCode"]
        for entry in result.objects
        if entry["kind"] == "HTTPRoute"
        for route_rule in entry["spec"]["rules"]
        for each in route_rule.get("filters", [])
        if each["type"] == "RequestRedirect"
    ]

    assert found == [301]


def test_a_host_in_regex_mode_is_reported() -> None:
    assert codes(converted(web(use_regex="true")), "spec.rules.http.paths") == {("untranslated", "path.regex-lost")}


def assert_accepted(result: Conversion, checker: ModuleType) -> None:
    validator = checker.load("v1.6.1", "standard")
    assert [str(violation) for violation in validator.check_all(list(result.objects))] == []
    assert all(validator.has_crd(entry) for entry in result.objects)
