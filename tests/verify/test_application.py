"""One whole application on every target: whatever differs there, the report announces it."""

from __future__ import annotations

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
