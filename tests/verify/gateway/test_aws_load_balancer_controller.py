"""What is read from a ListenerRuleConfiguration: whom a rule takes, what it answers, whom it asks."""

from __future__ import annotations

from typing import Any

import pytest

from converter.verify.gateway import answer
from converter.verify.messages import Answer, Request
from converter.verify.sides import Target

HOST = "shop.example.com"
Json = dict[str, Any]


def configuration(name: str, **spec: Any) -> Json:
    return {"kind": "ListenerRuleConfiguration", "metadata": {"name": name}, "spec": spec}


def sources(*networks: str, **more: Any) -> Json:
    return {"field": "source-ip", "sourceIPConfig": {"values": list(networks)}, **more}


def fixed(status: int) -> Json:
    return {"type": "fixed-response", "fixedResponseConfig": {"statusCode": status}}


def rule(*paths: str, by: str = "", service: str = "", **more: Any) -> Json:
    reference = {"group": "gateway.k8s.aws", "kind": "ListenerRuleConfiguration", "name": by}
    named = [{"type": "ExtensionRef", "extensionRef": reference}] if by else []
    return {
        "matches": [{"path": {"type": "PathPrefix", "value": path}} for path in paths],
        "filters": [*named, *more.get("filters", [])],
        **({"backendRefs": [{"name": service, "port": 80}]} if service else {}),
    }


def cluster(rules: list[Json], *others: Json, protocol: str = "HTTP") -> list[Json]:
    listener = {"name": "web", "protocol": protocol, "port": 80 if protocol == "HTTP" else 443}
    gateway = {"kind": "Gateway", "metadata": {"name": "alb"}, "spec": {"listeners": [listener]}}
    spec = {"parentRefs": [{"name": "alb"}], "rules": rules}
    return [gateway, {"kind": "HTTPRoute", "metadata": {"name": "web"}, "spec": spec}, *others]


def taken(objects: list[Json], client: str, path: str = "/") -> str:
    """Who answers: the Service, or a status."""
    found = answer(objects, Request(HOST, path, client=client))
    return str(found.status or found.shares[0].endpoint)


LISTED = cluster(
    [rule("/", by="bad"), rule("/", by="good", service="web"), rule("/", by="rest")],
    configuration("bad", conditions=[sources("10.9.0.0/16")], actions=[fixed(403)]),
    configuration("good", conditions=[sources("10.0.0.0/8", "2001:db8::/32")]),
    configuration("rest", actions=[fixed(401)]),
)


@pytest.mark.parametrize(
    ("client", "expected"),
    [("10.1.1.1", "web:80"), ("2001:db8::1", "web:80"), ("10.9.1.1", "403"), ("192.0.2.1", "401")],
)
def test_the_first_rule_whose_addresses_fit_takes_the_request(client: str, expected: str) -> None:
    assert taken(LISTED, client) == expected


def test_the_lists_are_told_whichever_rule_takes_the_request() -> None:
    seen = Target(LISTED).see(Request(HOST, client="10.1.1.1"))
    assert seen.facts == {
        "answer": "web:80",
        "addresses": {"allowed": "10.0.0.0/8, 2001:db8::/32", "denied": "10.9.0.0/16"},
    }


def test_a_condition_may_be_for_some_matches_alone() -> None:
    objects = cluster(
        [rule("/open", "/closed", by="some", service="web")],
        configuration("some", conditions=[sources("10.0.0.0/8", matchIndexes=[1])]),
    )
    assert [taken(objects, "192.0.2.1", path) for path in ("/open", "/closed")] == ["web:80", "404"]
    assert taken(objects, "10.1.1.1", "/closed") == "web:80"


def test_several_conditions_have_to_hold_together() -> None:
    objects = cluster(
        [rule("/", by="both", service="web")],
        configuration("both", conditions=[sources("10.0.0.0/8"), sources("10.1.0.0/16")]),
    )
    assert [taken(objects, client) for client in ("10.1.1.1", "10.2.1.1")] == ["web:80", "404"]


@pytest.mark.parametrize(
    ("query", "expected"), [({"query": "a=b"}, "?a=b"), ({}, "?x=1"), ({"query": "#{query}&y=2"}, "?x=1&y=2")]
)
def test_a_redirect_leads_to_the_query_that_it_is_told(query: Json, expected: str) -> None:
    redirect = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}
    objects = cluster(
        [rule("/", by="query", filters=[redirect])],
        configuration("query", actions=[{"type": "redirect", "redirectConfig": query}]),
    )
    assert answer(objects, Request(HOST, "/a?x=1")) == Answer(301, location=f"https://{HOST}/a{expected}")


LOGIN = {"authorizationEndpoint": "https://id.example.com/authorize"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (LOGIN, Answer(302, location="https://id.example.com/authorize")),
        ({**LOGIN, "onUnauthenticatedRequest": "deny"}, Answer(401)),
    ],
)
def test_a_login_keeps_out_whoever_shows_nothing(body: Json, expected: Answer) -> None:
    objects = cluster(
        [rule("/", by="login", service="web")],
        configuration("login", actions=[{"type": "authenticate-oidc", "authenticateOIDCConfig": body}]),
        protocol="HTTPS",
    )
    assert answer(objects, Request(HOST, scheme="https")) == expected
    assert answer(objects, Request(HOST, scheme="https", identified=True)).shares


def test_a_login_that_anybody_may_skip_keeps_nobody_out() -> None:
    body = {**LOGIN, "onUnauthenticatedRequest": "allow"}
    objects = cluster(
        [rule("/", by="login", service="web")],
        configuration("login", actions=[{"type": "authenticate-oidc", "authenticateOIDCConfig": body}]),
        protocol="HTTPS",
    )
    assert answer(objects, Request(HOST, scheme="https")).shares


def test_a_configuration_that_is_not_there_changes_nothing() -> None:
    assert taken(cluster([rule("/", by="gone", service="web")]), "192.0.2.1") == "web:80"
