"""One whole application on every target: whatever differs there, the report announces it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from verify.golden import GOLDEN

from converter.cli import group
from converter.targets import NAMES, OTHERS

INPUT = str(GOLDEN / "a-whole-application" / "input")


@pytest.mark.parametrize("further", ["", "--on-lost-access-control=emit", "--gateway-api=1.2"])
@pytest.mark.parametrize("name", [*NAMES, *OTHERS])
def test_nothing_differs_in_silence(name: str, further: str) -> None:
    arguments = ["verify", INPUT, "-t", name, *filter(None, [further])]
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", NAMES)
def test_its_objects_may_be_kept_by_people(name: str, tmp_path: Path) -> None:
    """Read from files they do what they did, and what is said not to be judged are kinds that nobody reads."""
    run, routes = CliRunner().invoke, str(tmp_path / "routes")
    assert run(group, ["convert", INPUT, "-t", name, "-o", routes, "-q"]).exit_code == 0
    result = run(group, ["verify", INPUT, "-t", name, "--routes", routes, "-o", "json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    kinds = [note["message"].partition(" ")[0] for note in json.loads(result.stdout)["notes"]]
    assert set(kinds) <= {"GatewayExtension", "TargetGroupConfiguration"}
