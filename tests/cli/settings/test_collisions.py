"""Objects that two parts make; whole runs are in ``test_overrides``."""

from __future__ import annotations

from typing import Any

from converter.cli.conversion import Part
from converter.cli.settings.collisions import reconcile
from converter.gateway.releases import release
from converter.pipeline import Conversion
from converter.read import Reading
from converter.targets import target

TARGET = target("standard", release("1.6", "standard"), "omit")


def part(*objects: dict[str, Any], environment: str = "") -> Part:
    return Part(environment, Reading((), (), 0), Conversion(objects, (), (), 0, 0), TARGET)


def entry(kind: str, name: str, spec: str) -> dict[str, Any]:
    return {"apiVersion": "a/v1", "kind": kind, "metadata": {"name": name, "namespace": "web"}, "spec": {"to": [spec]}}


def specs(parts: tuple[Part, ...]) -> list[list[str]]:
    return [[each["spec"]["to"][0] for each in part.conversion.objects] for part in parts]


def test_the_first_of_two_versions_stays_and_the_other_is_told() -> None:
    parts, problems = reconcile([part(entry("Gateway", "a", "x")), part(entry("Gateway", "a", "y"))])

    assert specs(parts) == [["x"], []]
    assert [(problem.code, problem.severity) for problem in problems] == [("overrides-collide", "error")]


def test_equal_objects_are_kept_once() -> None:
    parts, problems = reconcile([part(entry("Gateway", "a", "x")), part(entry("Gateway", "a", "x"))])

    assert (specs(parts), problems) == ([["x"], []], ())


def test_environments_are_clusters_of_their_own() -> None:
    one, other = part(entry("Gateway", "a", "x")), part(entry("Gateway", "a", "y"), environment="staging")

    assert reconcile([one, other]) == ((one, other), ())


def test_a_grant_that_says_something_else_is_one_more_grant() -> None:
    grants = [part(entry("ReferenceGrant", "a", spec)) for spec in ("x", "y", "y")]
    parts, problems = reconcile(grants)

    assert (specs(parts), problems) == ([["x"], ["y"], []], ())
    assert parts[1].conversion.objects[0]["metadata"]["name"].startswith("a-")
