"""What the spec of an object refers to in other namespaces."""

from __future__ import annotations

from typing import Any

import pytest

from converter.gateway.grants import Reference
from converter.gateway.references import at_home
from converter.gateway.releases import KindForm

FORM = KindForm("Policy", "example.com/v1")


@pytest.mark.parametrize("spec", [{}, {"name": "web"}, {"list": [{"name": "a", "values": ["b"]}], "number": 3}])
def test_what_names_no_namespace_stays_as_it_is(spec: dict[str, Any]) -> None:
    assert at_home(spec, FORM, "team") == (spec, set())


def test_a_reference_within_the_namespace_does_not_name_it() -> None:
    spec = {"users": {"name": "people", "namespace": "team"}, "to": [{"name": "web", "namespace": "team", "port": 80}]}

    assert at_home(spec, FORM, "team") == ({"users": {"name": "people"}, "to": [{"name": "web", "port": 80}]}, set())


@pytest.mark.parametrize(
    ("reference", "group", "kind"),
    [
        ({"name": "x", "namespace": "other"}, "", "Secret"),
        ({"name": "x", "namespace": "other", "port": 80}, "", "Service"),
        ({"name": "x", "namespace": "other", "kind": "Backend", "group": "example.com"}, "example.com", "Backend"),
    ],
)
def test_a_reference_into_another_namespace_needs_a_grant(reference: dict[str, Any], group: str, kind: str) -> None:
    said, found = at_home({"at": {"refs": [reference]}}, FORM, "team")

    assert said == {"at": {"refs": [reference]}}
    assert found == {Reference(("Policy", "team"), "other", group, kind, "x", "example.com")}
