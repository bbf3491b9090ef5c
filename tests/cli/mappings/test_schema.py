"""The schema for editors accepts whatever the reader of the file accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.cli.mappings.load import load_mappings
from converter.cli.mappings.schema import schema
from converter.tables import controller_table
from converter.targets import NAMES
from converter.targets.table import target_table

SCHEMA = schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
EXAMPLE = Path(__file__).parents[3] / "golden" / "house-annotations" / "mappings.yaml"

TEXTS = st.sampled_from(
    ["a", "5m", "{value}", "x {value}", "", " ", "route", "mine.example/b", "limit-rps", "auth-typ", "inert"]
)
SCALARS = TEXTS | st.sampled_from([5, True, None, 1.5])
SETTINGS = st.dictionaries(
    st.sampled_from(["proxy-body-size", "nginx.ingress.kubernetes.io/limit-rps", "whitelist-source-range", "limit"]),
    SCALARS,
    max_size=2,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "sets": SETTINGS,
    "values": st.dictionaries(TEXTS, SETTINGS | SCALARS, max_size=2),
}
CELLS = st.sampled_from(
    ["means", "sets", "values", "inert", "builtin", "untranslated", "goes-to", "advice", "as", "verdict", "note"]
).flatmap(lambda name: st.tuples(st.just(name), VALUES.get(name, SCALARS)))
ROWS = st.lists(CELLS, max_size=3).map(dict)
JUDGED = st.dictionaries(st.sampled_from(["verdict", "message", "advice", "differs"]), SCALARS, max_size=2)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "prefixes": st.lists(st.sampled_from(["a.example", "a.example/", "A", 5]), max_size=2) | SCALARS,
        "annotations": st.dictionaries(
            st.sampled_from(["mine.example/a", "b", "c.example/*", "a b"]), ROWS | SCALARS, max_size=2
        ),
        "targets": st.dictionaries(
            st.sampled_from(["standard", "envoy-gateway", "contour", "envoy"]),
            st.dictionaries(
                st.sampled_from(["healthz", "body-size", "enable-modsecurity", "limit"]), JUDGED, max_size=2
            ),
            max_size=2,
        ),
        "prefix": TEXTS,
    },
)


def refused(content: Any, folder: Path) -> str:
    file = folder / "own.yaml"
    file.write_text(yaml.safe_dump(content))
    try:
        load_mappings([str(file)])
    except click.UsageError as error:
        return error.message
    return ""


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_name_and_every_code_is_in_it() -> None:
    table = controller_table("ingress-nginx")

    assert set(SCHEMA["definitions"]["settings"]["properties"]) == {*table.annotations, *table.aliases}
    for name in NAMES:
        known = set(SCHEMA["definitions"][name]["properties"])
        rows = target_table(name)
        assert known >= {*rows.rows, *rows.defaults, *rows.settings}
        assert known <= {*rows.rows, *rows.defaults, *rows.settings, *table.annotations}


def test_the_example_follows_it() -> None:
    VALIDATOR.validate(yaml.safe_load(EXAMPLE.read_text()))


@pytest.mark.parametrize(
    "content",
    [
        {"prefixs": []},
        {"prefixes": "A_b"},
        {"annotations": {"a b": {"inert": "x"}}},
        {"annotations": {"a": {}}},
        {"annotations": {"a": {"inert": "x", "builtin": "y"}}},
        {"annotations": {"a": {"means": "limit-rps", "advice": "x"}}},
        {"annotations": {"a": {"goes-to": "service"}}},
        {"annotations": {"a": {"values": {"true": {"limit": "5"}}}}},
        {"annotations": {"a": {"values": {"true": None}}}},
        {"targets": {"envoy": {}}},
        {"targets": {"standard": {"limit": {"verdict": "inert"}}}},
        {"targets": {"standard": {"healthz": {"verdict": "fine"}}}},
        {"targets": {"standard": {"healthz": {}}}},
    ],
    ids=str,
)
def test_what_is_plainly_wrong_is_refused_by_both(content: Any, tmp_path: Path) -> None:
    assert not VALIDATOR.is_valid(content)
    assert refused(content, tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(FILES)
def test_what_the_reader_takes_the_schema_takes(tmp_path: Path, content: Any) -> None:
    assert refused(content, tmp_path) or VALIDATOR.is_valid(content)
