"""The schema for editors and the reader of the file are of one mind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.cli.settings.keys import overridable_options, sections, shared_options
from converter.cli.settings.load import load_settings
from converter.cli.settings.schema import schema

SCHEMA = schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
KEYS = sorted({*shared_options(), *(name for options in sections().values() for name in options), "paths", "targte"})
VALUES = [
    *("standard", "envoy-gateway", "shared", "skip", "emit", "experimental", "approximated", "patch", "md", "text"),
    *("1.6", "v1.4.1", "1.9", "1.9.0-beta.1", "1", "1.6.1.1", "nginx", "a.b", "a_b", "Team A", "", "-a", "a" * 64),
    *("ns/name", "a/b/c", "ns/a.b", "example.com/gateway", "out", "out/report.json", "${NS}", "x-${NS}/a"),
    *(True, False, 1, 1.6, None),
]
SCALARS = st.sampled_from(VALUES)
OPTIONS = st.dictionaries(st.sampled_from(KEYS), SCALARS | st.lists(SCALARS, max_size=2), max_size=2)
OVERRIDES = st.lists(
    OPTIONS
    | st.builds(
        lambda paths, more: {"paths": paths, **more}, st.sampled_from(["a", ["a", "b/"], [], "", [""]]), OPTIONS
    ),
    max_size=2,
)
FILES = (
    st.builds(
        lambda plain, more: {**plain, **more},
        OPTIONS,
        st.dictionaries(st.sampled_from([*sections(), "overrides"]), OPTIONS | OVERRIDES | SCALARS, max_size=2),
    )
    | OPTIONS
)


def refused(content: Any, folder: Path) -> str:
    file = folder / "c.yaml"
    file.write_text(yaml.safe_dump(content))
    try:
        load_settings(str(file), confined=True)
    except click.UsageError as error:
        return error.message
    return ""


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_option_of_every_converting_command_is_in_it() -> None:
    known = SCHEMA["properties"]

    assert set(known) == {*shared_options(), *sections(), "overrides"}
    assert {name: set(known[name]["properties"]) for name in sections()} == {
        name: set(options) for name, options in sections().items()
    }
    assert set(known["overrides"]["items"]["properties"]) == {"paths", *overridable_options()}


def test_an_option_is_described_as_its_help_does() -> None:
    assert SCHEMA["properties"]["gateway"] == {
        "description": "One Gateway for a class, for each namespace of it, or for each Ingress.",
        "type": "string",
        "enum": ["shared", "namespace", "ingress"],
        "default": "shared",
    }
    assert SCHEMA["properties"]["class"] == {
        "description": "Ingress class that ingress-nginx serves; repeatable. [default: nginx]",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 0}],
    }
    assert SCHEMA["properties"]["strict-source"]["default"] is False


@pytest.mark.parametrize("name", sorted(shared_options()))
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_one_value_is_refused_by_both_or_by_none(name: str, value: Any, tmp_path: Path) -> None:
    message = refused({name: value}, tmp_path)

    assert VALIDATOR.is_valid({name: value}) == (not message), message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(FILES)
def test_a_file_is_refused_by_both_or_by_none(tmp_path: Path, content: Any) -> None:
    message = refused(content, tmp_path)

    assert VALIDATOR.is_valid(content) == (not message), message
