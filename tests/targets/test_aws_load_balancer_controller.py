"""AWS Load Balancer Controller: target groups by Service, certificates of ACM, and what the load balancer lacks."""

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
    return convert(reading(*manifests), target("aws-load-balancer-controller", release("1.6", "standard")), Options())


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


def assert_accepted(result: Conversion, checker: ModuleType) -> None:
    validator = checker.load("v1.6.1", "standard")
    assert [str(violation) for violation in validator.check_all(list(result.objects))] == []
    assert all(validator.has_crd(entry) for entry in result.objects)
