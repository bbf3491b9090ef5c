"""Every golden case, as it was converted and with one thing wrong: what is wrong is found, and nothing else is."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from verify.faults import FAULTS, Fault, faults

from converter.cli import diff
from converter.cli.conversion import Converted, convert_paths
from converter.verify.check import Case, Checked, check
from converter.verify.kept import check_policies
from converter.verify.probes import probes
from converter.verify.written import Written, identity_of

Json = dict[str, Any]
GOLDEN = Path(__file__).resolve().parent.parent.parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
MANY = ("more-than-64-hosts", "more-than-64-hosts-before-listener-sets")
"""What is wrong there is wrong in smaller cases, too."""
UNASKED = (
    "snippet-conditions",
    "snippet-conditions-beside-a-canary",
    "snippet-locations",
    "snippet-with-hostile-values",
)
"""Rules with conditions of their own, which no probe asks for at every path."""
TARGETS = ("standard", "envoy-gateway")
_MOST_PLACES = 6
"""Of one fault in one case; a case with seventy paths has seventy like places."""

SHADOWED = "another rule takes every request that this one could"
HARMLESS = {
    # The pattern of everything is longer, so it comes first, as it does in nginx.
    ("an-identity-rewrite-before-other-patterns", "(?i)^/a.*"): SHADOWED,
    ("an-identity-rewrite-before-other-patterns", "/wrong"): SHADOWED,
    ("an-identity-rewrite-before-other-patterns", "name a-wrong"): SHADOWED,
    ("an-identity-rewrite-before-other-patterns", "port 81"): SHADOWED,
    ("an-identity-rewrite-before-other-patterns", "timeouts {'request': '0s'}"): SHADOWED,
    # A pattern of everything comes before every prefix; the ledger says so.
    ("hostless-regex-ingress", "/hello"): SHADOWED,
    ("hostless-regex-ingress", "/HELLO"): SHADOWED,
    ("hostless-regex-ingress", "/wrong"): SHADOWED,
    ("hostless-regex-ingress", "name hello-wrong"): SHADOWED,
    ("hostless-regex-ingress", "port 81"): SHADOWED,
    # These stand beside / in one rule.
    ("an-invalid-access-rule-refuses-everybody", "Exact /admin"): SHADOWED,
    ("an-invalid-access-rule-refuses-everybody", "PathPrefix /ADMIN"): SHADOWED,
    ("canary-by-header-pattern-reaches-all-paths-of-its-service", "PathPrefix /ABOUT"): SHADOWED,
}
"""Places, by case and what they say, where a change changes no request, each with the reason."""


@cache
def converted(name: str, target: str) -> Converted:
    options = GOLDEN / name / "options"
    extra = options.read_text().split() if options.exists() else []
    context = diff.command.make_context("diff", ["input", "-t", target, "--no-config", *extra])
    given = dict(context.params)
    with pytest.MonkeyPatch.context() as patch, context:
        patch.chdir(GOLDEN / name)
        return convert_paths(given.pop("paths"), given)


def checked(name: str, target: str, objects: list[Json] | None = None) -> Iterator[Checked]:
    (part,) = converted(name, target).parts
    own = list(part.conversion.objects)
    found = own if objects is None else objects
    written = {identity_of(each): Written(each, "routes.yaml", 1) for each in found}
    for table in part.conversion.tables:
        case = Case(table, part.conversion.entries, part.target.table, own, found, written)
        case = case if len(part.conversion.tables) == 1 else case.of_its_gateways()
        yield from check_policies(case)
        yield from check(case, probes(table, case.concerned()))


def told(rows: Iterator[Checked]) -> list[str]:
    return [
        f"{row.probe.request.method} {row.probe.request.scheme}://{row.probe.request.host}{row.probe.request.target}: "
        f"{[each for each in row.differences if each.outcome == 'unannounced']} at {row.target}"
        for row in rows
        if row.outcome == "unannounced"
    ]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CASES)
def test_what_a_conversion_makes_differs_in_nothing_that_it_does_not_announce(name: str, target: str) -> None:
    assert told(checked(name, target)) == []


def is_harmless(name: str, fault: str, found: Fault, objects: list[Json]) -> bool:
    if fault == "listener-without-host":
        return has_no_other_use(found, objects)
    return any(name == case and found.place.find(text) >= 0 for case, text in HARMLESS)


def has_no_other_use(found: Fault, objects: list[Json]) -> bool:
    """A listener that takes further hosts changes nothing if no other may take them and its routes' hosts have some.

    Their https was refused and is answered with 404 then, which is what ingress-nginx says to hosts of nobody.
    """
    listener, host = found.place.split()
    routes = [entry["spec"] for entry in objects if entry["kind"] == "HTTPRoute"]
    attached = [spec for spec in routes if any(parent["sectionName"] == listener for parent in spec["parentRefs"])]
    holders = [entry for entry in objects if entry["kind"] in ("Gateway", "ListenerSet")]
    listeners = [each for entry in holders for each in entry["spec"]["listeners"]]
    own = next(each for each in listeners if each["name"] == listener)
    wider = [each for each in listeners if each["port"] == own["port"] and each.get("hostname", "*")[:1] == "*"]
    served = {host, *(each.get("hostname") for each in listeners if each["port"] == own["port"])}
    return wider in ([], [own]) and all(served.issuperset(spec.get("hostnames", [""])) for spec in attached)


def seeded(name: str, target: str, fault: str) -> list[Fault]:
    (part,) = converted(name, target).parts
    objects = list(part.conversion.objects)
    kind, change = FAULTS[fault]
    found = [each for each in faults(objects, kind, change) if not is_harmless(name, fault, each, objects)]
    return found[:: 1 + len(found) // _MOST_PLACES]


def names(row: Checked, fault: str, found: Fault) -> bool:
    """Whether the message leads to the place: it names the object, or the grant that is missing for it."""
    return (
        found.name in str(row.target)
        or (fault == "grant-gone" and "HTTPRoute" in str(row.target))
        or (fault == "grant-gone" and "ReferenceGrant" in str(row.target))
    )


def not_found(name: str, target: str, fault: str, found: list[Fault]) -> list[str]:
    missed = []
    for each in found:
        rows = (row for row in checked(name, target, each.objects) if row.outcome == "unannounced")
        if not any(names(row, fault, each) for row in rows):
            missed.append(f"{each.name}: {each.place}")
    return missed


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["first-example", "exact-beside-prefix", "canary-by-header-cookie-and-weight"])
def test_a_fault_is_found_and_named(name: str, fault: str) -> None:
    assert not_found(name, "envoy-gateway", fault, seeded(name, "envoy-gateway", fault)) == []


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", [name for name in CASES if name not in (*MANY, *UNASKED)])
def test_every_fault_is_found_and_named(name: str, target: str) -> None:
    missed = {fault: not_found(name, target, fault, seeded(name, target, fault)) for fault in FAULTS}
    assert {fault: places for fault, places in missed.items() if places} == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_some_case_has_a_place_for_the_fault(fault: str) -> None:
    places = (found for name in CASES if name not in MANY for found in seeded(name, "standard", fault))
    assert next(places, None)


def test_every_reason_to_leave_out_a_change_is_needed() -> None:
    used = {
        (case, text)
        for case, text in HARMLESS
        for target in TARGETS
        for kind, change in FAULTS.values()
        for found in faults(list(converted(case, target).objects), kind, change)
        if text in found.place
    }
    assert used == set(HARMLESS)


def reordered(objects: list[Json]) -> list[Json]:
    """Keys and objects the other way round."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    return [turned(each) for each in reversed(objects)]


def split(objects: list[Json]) -> list[Json]:
    """A route for each rule."""
    found = []
    for entry in objects:
        rules = entry["spec"].get("rules", []) if entry["kind"] == "HTTPRoute" else []
        if len(rules) < 2:
            found.append(entry)
            continue
        for number, rule in enumerate(rules):
            part = copy.deepcopy(entry)
            part["metadata"]["name"] += f"-part-{number:02}"
            part["spec"]["rules"] = [copy.deepcopy(rule)]
            found.append(part)
    return found


def merged(objects: list[Json]) -> list[Json]:
    """Routes of one namespace for the same hosts and listeners become one."""
    found: list[Json] = []
    for entry in copy.deepcopy(objects):
        same = next((each for each in found if key_of(each) == key_of(entry)), None)
        if entry["kind"] == "HTTPRoute" and same:
            same["spec"]["rules"] += entry["spec"]["rules"]
        else:
            found.append(entry)
    return found


def key_of(entry: Json) -> tuple[str, ...]:
    spec = entry["spec"]
    if entry["kind"] != "HTTPRoute":
        return entry["kind"], entry["metadata"]["name"], entry["metadata"].get("namespace", "")
    return "HTTPRoute", entry["metadata"].get("namespace", ""), str(spec.get("hostnames")), str(spec["parentRefs"])


def names_a_route(entry: Json) -> bool:
    return any(each.get("kind") == "HTTPRoute" for each in entry.get("spec", {}).get("targetRefs", []))


@pytest.mark.parametrize("form", [reordered, split, merged])
@pytest.mark.parametrize("name", [name for name in CASES if name not in MANY])
def test_another_form_of_the_same_routes_is_no_difference(name: str, form: Any) -> None:
    objects = list(converted(name, "envoy-gateway").objects)
    if form is not reordered and any(names_a_route(each) for each in objects):
        pytest.skip("policies name the routes, so they would hold for others")
    assert told(checked(name, "envoy-gateway", form(objects))) == []
