"""Which requests Envoy on this machine is not asked."""

from __future__ import annotations

from typing import Any

from verify.objects import gateway, route, rule

from converter.verify.gateway import Gateways
from converter.verify.messages import Request
from converter.verify.proxies.envoy.unshown import Unshown

Json = dict[str, Any]
NAMED = rule("/named", "web") | {"name": "named"}
FOREIGN = {"type": "ExtensionRef", "extensionRef": {"group": "example.com", "kind": "Middleware", "name": "a"}}


def policy(kind: str, target: Json, **fields: Any) -> Json:
    spec = {"targetRefs": [{"kind": "HTTPRoute", "name": "web", **target}], **fields}
    return {"kind": kind, "metadata": {"name": "own", "namespace": "team"}, "spec": spec}


def predicted(*policies: Json, body: int = 0) -> list[str]:
    """The paths that are left to the prediction."""
    objects = [gateway(), route(NAMED, rule("/foreign", "web", FOREIGN), rule("/", "web")), *policies]
    served, unshown = Gateways(objects), Unshown(objects)
    found = []
    for path in ("/named", "/foreign", "/"):
        request = Request("a.example.com", path, body=body)
        taker = served.taker(request)
        if taker and unshown.hides(taker, request):
            found.append(path)
    return found


def test_a_rule_with_a_filter_of_another_implementation() -> None:
    assert predicted() == ["/foreign"]


def test_the_rules_that_a_policy_names() -> None:
    assert predicted(policy("Policy", {"sectionName": "named"})) == ["/named", "/foreign"]
    assert predicted(policy("Policy", {})) == ["/named", "/foreign", "/"]
    assert predicted(policy("Policy", {"name": "other"})) == ["/foreign"]
    assert predicted(policy("SecurityPolicy", {}, jwt={})) == ["/named", "/foreign", "/"]


def test_what_a_gateway_lets_in() -> None:
    assert predicted(policy("Policy", {"kind": "Gateway", "name": "main"})) == ["/named", "/foreign", "/"]


def test_a_policy_that_changes_no_single_answer_leaves_nothing_to_the_prediction() -> None:
    assert predicted(policy("BackendTrafficPolicy", {}, rateLimit={}, retry={})) == ["/foreign"]


def test_a_limit_that_a_body_as_large_as_what_is_sent_cannot_reach() -> None:
    limit = policy("BackendTrafficPolicy", {"sectionName": "named"}, requestBuffer={"limit": "8Mi"})
    assert predicted(limit, body=1 << 14) == ["/foreign"]
    assert predicted(limit, body=(1 << 23) + 1) == ["/named", "/foreign"]


def test_addresses_reach_envoy_and_expressions_do_not() -> None:
    by_address = {"action": "Allow", "principal": {"clientCIDRs": ["10.0.0.0/8"]}}
    assert predicted(policy("SecurityPolicy", {}, authorization={"rules": [by_address]})) == ["/foreign"]
    by_expression = {"action": "Deny", "cel": "'X-A' in request.headers"}
    everywhere = ["/named", "/foreign", "/"]
    assert predicted(policy("SecurityPolicy", {}, authorization={"rules": [by_address, by_expression]})) == everywhere
