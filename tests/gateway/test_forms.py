"""Every kind and every field that a prediction reads has a form, so that no object ends in a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from broken import ask, places, questions, repositories
from watched import Read, has_form, watched

from converter.gateway.form import flaws
from converter.gateway.forms import FORMS, GROUPS
from converter.gateway.forms.kong import PLUGINS
from converter.gateway.unread import unread
from converter.verify.gateway import backends, extensions, guards, listeners, policies, routes

Json = dict[str, Any]
FIELDS = sorted(guards.FIELDS | policies.FIELDS)
KINDS = sorted(
    {kind for kind, _ in FIELDS}.union(backends.THROUGH, extensions.KINDS, listeners.LISTENER_SETS, routes.KINDS)
)
WHO = (("kind",), ("apiVersion",), ("metadata", "name"), ("metadata", "namespace"))
TO_WHOM = (("metadata",), ("spec",), ("spec", "targetRefs"), ("spec", "targetRef"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_is_read_has_a_form(kind: str) -> None:
    assert kind in FORMS
    assert GROUPS[kind]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_field_that_is_read_has_a_form(kind: str, field: str) -> None:
    if kind == "KongPlugin":
        assert field in PLUGINS
    elif kind == "AuthorizationPolicy":
        assert field in FORMS[kind]["spec!"].fields["action"]
    else:
        assert has_form(FORMS[kind], ("spec", field))


@pytest.fixture(scope="module")
def read() -> set[Read]:
    """What a prediction asks of objects of all targets."""
    found: set[Read] = set()
    for objects in repositories():
        ask([watched(entry, found) for entry in objects], questions(objects))
    return found


@pytest.mark.slow
def test_whatever_is_asked_of_an_object_has_a_form(read: set[Read]) -> None:
    others = {
        (kind, fields)
        for kind, fields in read
        if fields not in WHO and not (kind in FORMS and has_form(FORMS[kind], fields))
    }
    assert sorted((kind, ".".join(fields)) for kind, fields in others if fields not in TO_WHOM) == []
    # Nothing without a form says to whom it belongs.
    unknown = {kind for kind, _ in others}
    made = (entry for objects in repositories() for entry in objects if entry["kind"] in unknown)
    assert {entry["kind"] for entry in made if {"targetRefs", "targetRef"}.intersection(entry["spec"])} == set()


@pytest.mark.slow
def test_what_a_conversion_makes_and_what_a_form_describes_has_no_flaw() -> None:
    found = [entry for objects in repositories() for entry in objects if entry["kind"] in FORMS]
    assert [(entry, flaw) for entry in found for flaw in flaws(entry)] == []
    # Nor is anything passed over.
    assert [(entry, part) for entry in found for part in unread(entry)] == []


@pytest.mark.slow
def test_what_has_no_flaw_can_be_asked() -> None:
    asked = 0
    for place in places():
        requests = questions(place.objects)
        for changed in place.changed():
            if not list(flaws(changed)):
                asked += ask(place.among(changed), requests)
    assert asked > 10_000
