"""What an API server would say to every golden result, asked without a cluster."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from converter.targets import newest_release

if TYPE_CHECKING:
    from types import ModuleType

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
EXPECTED = sorted(GOLDEN.glob("*/expected/*/objects.yaml"))
PLACEHOLDER = re.compile(r"\$\{\w+\}")
"""Holds what nobody knows yet; any legal text may stand for it."""


def option_of(case: Path, name: str, otherwise: str) -> str:
    """What the options of a case say."""
    options = (case / "options").read_text().split() if (case / "options").exists() else []
    return options[options.index(name) + 1] if name in options else otherwise


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: f"{path.parts[-4]}-{path.parts[-2]}")
def test_an_api_server_accepts_every_golden_result(expected: Path, checker: ModuleType) -> None:
    release = option_of(expected.parents[2], "--gateway-api", newest_release(expected.parent.name))
    version = next(path.name for path in checker.CRD_ROOT.iterdir() if path.name.startswith(f"v{release}."))
    validator = checker.load(version, option_of(expected.parents[2], "--channel", "standard"))
    text = PLACEHOLDER.sub("placeholder", expected.read_text())
    objects = [entry for entry in yaml.safe_load_all(text) if entry]

    assert [str(violation) for violation in validator.check_all(objects)] == []
    assert all(validator.has_crd(entry) for entry in objects)
