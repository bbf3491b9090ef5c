"""Every folder below ``golden/`` is a case: its input, its options, and what each of its targets makes of it.

``pytest tests/test_golden.py --update-golden`` writes what comes out now; ``git diff`` then shows what changed.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from converter.cli import group
from converter.report import schema
from converter.targets import NAMES

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


def targets_of(case: str) -> list[str]:
    """Those that its file ``targets`` names, or the usual two."""
    named = GOLDEN / case / "targets"
    return named.read_text().split() if named.exists() else ["standard", "envoy-gateway"]


def convert(case: Path, target: str, report: Path) -> tuple[str, str, int]:
    """Objects, report and exit status of one run."""
    options = case / "options"
    extra = options.read_text().split() if options.exists() else []
    arguments = ["convert", "input", "--target", target, "--report", str(report), *extra]
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    return result.stdout, report.read_text(), result.exit_code


def assert_same(expected: Path, actual: str) -> None:
    wanted = expected.read_text() if expected.exists() else ""
    if wanted == actual:
        return
    name = expected.relative_to(GOLDEN).as_posix()
    diff = difflib.unified_diff(
        wanted.splitlines(), actual.splitlines(), f"{name} expected", f"{name} now", lineterm=""
    )
    pytest.fail("\n".join(diff), pytrace=False)


@pytest.mark.parametrize(("name", "target"), [(case, target) for case in CASES for target in targets_of(case)])
def test_golden(name: str, target: str, update_golden: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = GOLDEN / name
    monkeypatch.chdir(case)
    objects, report, status = convert(case, target, tmp_path / "report.json")
    folder = case / "expected" / target
    if update_golden:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "objects.yaml").write_text(objects)
        (folder / "report.json").write_text(report)
    assert_same(folder / "objects.yaml", objects)
    assert_same(folder / "report.json", report)
    has_errors = any(problem["severity"] == "error" for problem in json.loads(report)["problems"])
    assert status == (1 if has_errors else 0)


@pytest.mark.parametrize("report", sorted(GOLDEN.glob("*/expected/*/report.json")), ids=lambda p: p.parts[-4])
def test_expected_reports_follow_the_schema(report: Path) -> None:
    import jsonschema

    jsonschema.Draft202012Validator(schema()).validate(json.loads(report.read_text()))


def test_every_expectation_has_its_case() -> None:
    """A renamed case must not leave its old expectation behind."""
    for case in CASES:
        assert (GOLDEN / case / "input").is_dir(), case
        found = {path.name for path in (GOLDEN / case / "expected").iterdir()}
        assert found == set(targets_of(case)), case


def test_a_whole_application_is_converted_for_every_target() -> None:
    assert targets_of("a-whole-application") == list(NAMES)
