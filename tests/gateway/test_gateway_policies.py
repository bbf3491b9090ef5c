"""Policies for a Gateway, whose rules say for which hosts and paths they hold."""

from __future__ import annotations

from typing import Any

from converter.gateway.drafts import Extension, Note, PathMatch, RequestMatch, RuleDraft
from converter.gateway.gateway_policies import gateway_policies
from converter.gateway.listeners import GatewayId
from converter.gateway.names import Names
from converter.gateway.rendering import RoutePlan
from converter.gateway.routes import MergedRule
from converter.ledger import Origin, Source, Verdict

GATEWAY = GatewayId("edge", "shop")
OWNER = Source("Ingress", "team", "web", "i.yaml", 1)
NOTE = Note(Origin(OWNER, "annotation", "allow", "1"), Verdict.TRANSLATED, "a.code", "Words.", "", "spec.rules")


def asking(word: str, who: str) -> Extension:
    return Extension("Policy", "example.com/v1", "gateway", word, {"action": "DENY", "rules": [{"from": who}]}, (NOTE,))


def rule(path: str, *extensions: Extension, kind: Any = "PathPrefix", to_https: bool = False) -> MergedRule:
    match = PathMatch(kind, path)
    return MergedRule(RuleDraft(match, OWNER, extensions=extensions, to_https=to_https), ((match, RequestMatch()),), ())


def plan(*rules: MergedRule, hosts: tuple[str, ...] = ("a.example.com",)) -> RoutePlan:
    return RoutePlan("team", "route", hosts, rules, (), (), frozenset())


def said(*plans: RoutePlan, gateway: GatewayId = GATEWAY) -> list[Any]:
    """The rules of the only policy."""
    (policy,), _ = gateway_policies([(gateway, each) for each in plans], Names())
    rules: list[Any] = policy["spec"]["rules"]
    return rules


def operations(*plans: RoutePlan) -> list[Any]:
    return [each["to"][0]["operation"] for each in said(*plans)]


def test_one_policy_for_all_routes_that_ask_for_the_same_kind() -> None:
    office = asking("access", "office")
    other = plan(rule("/", asking("access", "home")), hosts=("b.example.com",))
    (policy,), (settled,) = gateway_policies([(GATEWAY, plan(rule("/x", office))), (GATEWAY, other)], Names())

    assert policy == {
        "apiVersion": "example.com/v1",
        "kind": "Policy",
        "metadata": {"name": "shop-access", "namespace": "edge"},
        "spec": {
            "targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "shop"}],
            "action": "DENY",
            "rules": [
                {
                    "from": "office",
                    "to": [{"operation": {"hosts": ["a.example.com", "a.example.com:*"], "paths": ["/x", "/x/*"]}}],
                },
                {"from": "home", "to": [{"operation": {"hosts": ["b.example.com", "b.example.com:*"]}}]},
            ],
        },
    }
    assert [(each.kind, each.namespace, each.name, each.path) for each in settled.results] == [
        ("Policy", "edge", "shop-access", "spec.rules")
    ]


def test_each_purpose_and_each_gateway_has_a_policy_of_its_own() -> None:
    both = plan(rule("/", asking("access", "office"), asking("auth", "office")))
    made, _ = gateway_policies([(GATEWAY, both), (GatewayId("team", "own"), both)], Names())

    assert [(each["metadata"]["namespace"], each["metadata"]["name"]) for each in made] == [
        ("edge", "shop-access"),
        ("edge", "shop-auth"),
        ("team", "own-access"),
        ("team", "own-auth"),
    ]


def test_a_more_specific_rule_that_asks_for_the_same_needs_no_exception() -> None:
    office = asking("access", "office")
    (outer, _) = operations(plan(rule("/", office), rule("/x", office)))

    assert outer.keys() == {"hosts"}


def test_an_exact_path_is_left_out_of_the_prefix_of_that_name() -> None:
    (found,) = operations(plan(rule("/x", asking("access", "office")), rule("/x", kind="Exact"), rule("/y")))

    assert (found["paths"], found["notPaths"]) == (["/x", "/x/*"], ["/x"])


def test_what_would_be_a_pattern_is_taken_in_rather_than_left_out() -> None:
    (found,) = operations(plan(rule("/x", asking("access", "office")), rule("/x/*"), rule("/x/{*}", kind="Exact")))

    assert "notPaths" not in found


def test_a_redirect_to_https_makes_no_hole_in_what_it_leads_to() -> None:
    secure = plan(rule("/", asking("access", "office")))
    (found,) = operations(secure, plan(rule("/x", to_https=True)))

    assert "notPaths" not in found


def test_routes_of_other_hosts_change_nothing() -> None:
    (found,) = operations(plan(rule("/", asking("access", "office"))), plan(rule("/x"), hosts=("b.example.com",)))

    assert found == {"hosts": ["a.example.com", "a.example.com:*"]}


def test_routes_that_ask_for_nothing_make_no_policy() -> None:
    assert gateway_policies([(GATEWAY, plan(rule("/")))], Names()) == ([], [])
