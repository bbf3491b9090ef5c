"""Objects that people wrote: what would be refused is told with its line, and all else can be answered for."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from converter.gateway.form import KINDS, flaws
from converter.read.located import load
from converter.verify.messages import Request
from converter.verify.sides import Target

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

PATHS = "Exact, PathPrefix, RegularExpression, ReplaceFullPath, ReplacePrefixMatch"


def test_every_flaw_has_its_field_and_line() -> None:
    content, _ = load(ROUTE, 1)
    assert [(flaw.line, f"{flaw.path} {flaw.message}") for flaw in flaws(content)] == [
        (9, "spec.rules[0].filters[0].urlRewrite is missing"),
        (11, "spec.rules[0].backendRefs[0].name has no value"),
        (11, "spec.rules[0].backendRefs[0].port is not a whole number"),
        (7, f"spec.rules[0].matches[0].path.type is none of {PATHS}"),
    ]


def test_an_object_without_spec_is_none() -> None:
    assert [flaw.message for flaw in flaws({"kind": "Gateway"})] == ["is missing"]


def test_a_pattern_has_to_be_one() -> None:
    body = {"pattern": "(", "substitution": ""}
    spec = {"urlRewrite": {"path": {"replaceRegexMatch": body}}}
    assert [flaw.message for flaw in flaws({"kind": "HTTPRouteFilter", "spec": spec})] == ["is no regular expression"]


def test_a_network_has_to_be_one() -> None:
    condition = {"field": "source-ip", "sourceIPConfig": {"values": ["10.0.0.0/8", "2001:db8::/32", "10.0.0.0/64"]}}
    spec = {"conditions": [condition]}
    assert [(flaw.path, flaw.message) for flaw in flaws({"kind": "ListenerRuleConfiguration", "spec": spec})] == [
        ("spec.conditions[0].sourceIPConfig.values[2]", "is no network of addresses")
    ]


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*/expected/*/objects.yaml")), ids=lambda path: path.parts[-4])
def test_what_a_conversion_makes_has_no_flaw(file: Path) -> None:
    found = [entry for entry in yaml.safe_load_all(file.read_text()) if entry and entry["kind"] in KINDS]
    assert [flaw for entry in found for flaw in flaws(entry)] == []


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def broken(entry: Json, place: tuple[Any, ...]) -> Iterator[Json]:
    """The object with something else in one place, or nothing."""
    for value in (None, 5, "x", [], {}, ["x"], {"a": 1}, True, [None], [{}], "gone"):
        changed = copy.deepcopy(entry)
        parent: Any = changed
        for step in place[:-1]:
            parent = parent[step]
        if value == "gone":
            del parent[place[-1]]
        else:
            parent[place[-1]] = value
        yield changed


def kinds_of_places() -> Iterator[tuple[list[Json], int, tuple[Any, ...]]]:
    """One place of each sort in what the golden cases expect."""
    seen = set()
    for file in sorted(GOLDEN.glob("*/expected/*/objects.yaml")):
        objects = [entry for entry in yaml.safe_load_all(file.read_text()) if entry]
        for index, entry in enumerate(objects):
            for place in places(entry.get("spec"), ("spec",)) if entry["kind"] in KINDS else ():
                sort = entry["kind"], tuple(step if isinstance(step, str) else 0 for step in place)
                if sort not in seen:
                    seen.add(sort)
                    yield objects, index, place


def questions(objects: list[Json]) -> Iterator[Request]:
    found = (name for entry in objects if entry["kind"] == "HTTPRoute" for name in entry["spec"].get("hostnames", []))
    for host in ("example.com", *list(dict.fromkeys(found))[:6]):
        for path in ("/", "/api"):
            yield Request(host, path)
            yield Request(host, path, scheme="https")


@pytest.mark.slow
def test_what_has_no_flaw_can_be_asked() -> None:
    asked = 0
    for objects, index, place in kinds_of_places():
        requests = list(questions(objects))
        for changed in broken(objects[index], place):
            if not list(flaws(changed)):
                target = Target([*objects[:index], changed, *objects[index + 1 :]])
                asked += len([target.see(request) for request in requests])
    assert asked > 1000
