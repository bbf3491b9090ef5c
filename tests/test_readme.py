"""What the README shows is what the tool does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from converter.cli import group

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture
def result(monkeypatch: pytest.MonkeyPatch):
    """The main command as the README prints it."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    command = next(block for kind, block in BLOCKS if kind == "sh")
    arguments = re.search(r"\.venv/bin/ingress-migrate (.*)", command)
    assert arguments
    return CliRunner().invoke(group, arguments[1].split())


def test_the_example_is_the_golden_case() -> None:
    block = next(block for kind, block in BLOCKS if kind == "yaml")

    assert block == (ROOT / "golden/first-example/input/ingress.yaml").read_text()


def test_the_objects_are_the_last_that_come_out(result) -> None:
    shown = [block for kind, block in BLOCKS if kind == "yaml"][1]

    assert result.stdout.endswith("---\n" + shown)
    assert len(list(yaml.safe_load_all(shown))) == 2
    assert len(list(yaml.safe_load_all(result.stdout))) == 5


def test_the_summary_is_the_real_one(result) -> None:
    assert result.stderr in [block for kind, block in BLOCKS if not kind]


def test_there_are_two_commands() -> None:
    """The checks of a change run them as they stand: the first converts, the second tests."""
    first, second = [block for kind, block in BLOCKS if kind == "sh"]

    assert "ingress-migrate convert golden/first-example/input" in first
    assert ".venv/bin/pytest" in second
