"""Objects that people wrote: what would be refused is told with its line, and all else can be answered for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from converter.gateway.form import flaws, without_nulls
from converter.read.located import load

Json = dict[str, Any]
GOLDEN = Path(__file__).resolve().parent.parent.parent / "golden"
ROUTE = """\
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: nginx}]
  rules:
  - matches:
    - path: {type: Prefix, value: /}
    filters:
    - type: URLRewrite
    backendRefs:
    - port: "80"
"""

PATHS = "Exact, PathPrefix, RegularExpression"


def test_every_flaw_has_its_field_and_line() -> None:
    content, _ = load(ROUTE, 1)
    assert [(flaw.line, f"{flaw.path} {flaw.message}") for flaw in flaws(content)] == [
        (9, "spec.rules[0].filters[0].urlRewrite is missing"),
        (11, "spec.rules[0].backendRefs[0].name is missing"),
        (11, "spec.rules[0].backendRefs[0].port is not a whole number"),
        (7, f"spec.rules[0].matches[0].path.type is none of {PATHS}"),
    ]


def of_spec(kind: str, spec: Json) -> list[tuple[str, str]]:
    """The flaws of an object that has a name."""
    found = flaws({"kind": kind, "metadata": {"name": "it"}, "spec": spec})
    return [(flaw.path, flaw.message) for flaw in found]


def test_an_object_has_a_name_and_a_spec() -> None:
    assert [f"{flaw.path} {flaw.message}" for flaw in flaws({"kind": "Gateway", "metadata": {}})] == [
        "metadata.name is missing",
        "spec is missing",
    ]
    assert [f"{flaw.path} {flaw.message}" for flaw in flaws({"kind": "Gateway", "metadata": "it", "spec": 5})] == [
        "metadata is no mapping",
        "spec is no mapping",
    ]
    assert list(flaws({"kind": "Namespace", "metadata": {"name": "shop"}})) == []


def test_whoever_wrote_a_label_wrote_a_text() -> None:
    metadata = {"name": "shop", "labels": {"team": "shop", "since": 2020}, "annotations": ["x"]}
    assert [f"{flaw.path} {flaw.message}" for flaw in flaws({"kind": "Namespace", "metadata": metadata})] == [
        "metadata.annotations is no mapping",
        "metadata.labels.since is not a text",
    ]


def test_a_network_has_to_be_one() -> None:
    condition = {"field": "source-ip", "sourceIPConfig": {"values": ["10.0.0.0/8", "2001:db8::/32", "10.0.0.0/64"]}}
    assert of_spec("ListenerRuleConfiguration", {"conditions": [condition]}) == [
        ("spec.conditions[0].sourceIPConfig.values[2]", "is no network of addresses")
    ]


def test_a_text_that_has_a_grammar_is_told_with_an_example() -> None:
    rules = [{"rate": rate} for rate in ("5r/s", "300r/m", "5 a second")]
    assert of_spec("RateLimitPolicy", {"rateLimit": {"local": {"rules": rules}}}) == [
        ("spec.rateLimit.local.rules[2].rate", "is no rate such as 5r/s")
    ]


def test_a_weight_is_not_below_0() -> None:
    references = [{"name": "web", "weight": weight} for weight in (0, 1, -1)]
    assert of_spec("HTTPRoute", {"rules": [{"backendRefs": references}]}) == [
        ("spec.rules[0].backendRefs[2].weight", "is no whole number from 0 on")
    ]


def test_some_fields_are_a_number_or_a_text() -> None:
    assert of_spec("BackendTrafficPolicy", {"requestBuffer": {"limit": 1000}}) == []
    assert of_spec("BackendTrafficPolicy", {"requestBuffer": {"limit": "8Mi"}}) == []
    assert of_spec("BackendTrafficPolicy", {"requestBuffer": {"limit": True}}) == [
        ("spec.requestBuffer.limit", "is not a whole number or a text")
    ]


def test_what_only_another_engine_reads_is_no_flaw() -> None:
    body = {"pattern": r"^/\pL+/(", "substitution": ""}
    assert of_spec("HTTPRouteFilter", {"urlRewrite": {"path": {"replaceRegexMatch": body}}}) == []


def test_an_api_server_takes_null_for_nothing() -> None:
    content, _ = load("kind: Gateway\nspec:\n  listeners:\n  addresses: [null, {value: null}]\n", 1)
    found = without_nulls(content)
    assert found == {"kind": "Gateway", "spec": {"addresses": [None, {}]}}
    assert found["spec"].line == 3
    assert content["spec"]["listeners"] is None
