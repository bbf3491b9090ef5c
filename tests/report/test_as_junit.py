"""The report as CI systems show tests."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from report.builders import entry, problem, report

from converter.ledger import Entry, Remark, Verdict
from converter.report.as_junit import to_junit


def test_an_ingress_is_a_suite_and_an_entry_a_test() -> None:
    lost = entry(Verdict.UNTRANSLATED, "a.lost", key="auth", value="x", message="It is lost.", advice="Do it.", line=3)
    near = entry(Verdict.APPROXIMATED, "a.near", key="cors", value="y", message="Nearly.")
    fine = entry(Verdict.TRANSLATED, "a.fine", key="host", value="z")
    assert to_junit(report(lost, near, fine)) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<testsuites name="ingress-migrate" tests="3" failures="1" errors="0">\n'
        '  <testsuite name="Ingress web" tests="3" failures="1" errors="0">\n'
        '    <testcase classname="Ingress web" name="auth [a.lost]" file="a.yaml" line="3">\n'
        '      <failure type="untranslated" message="It is lost.">auth: x\n'
        "It is lost.\n"
        "Do it.\n"
        "a.yaml:3</failure>\n"
        "    </testcase>\n"
        '    <testcase classname="Ingress web" name="cors [a.near]" file="a.yaml" line="1">\n'
        "      <system-out>cors: y\n"
        "Nearly.</system-out>\n"
        "    </testcase>\n"
        '    <testcase classname="Ingress web" name="host [a.fine]" file="a.yaml" line="1" />\n'
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_what_could_not_be_read_is_an_error() -> None:
    root = ET.fromstring(to_junit(report(problems=[problem("bad", "Not YAML.", "Mend it.")])))
    assert root.attrib == {"name": "ingress-migrate", "tests": "1", "failures": "0", "errors": "1"}
    (error,) = root.iter("error")
    assert (error.get("type"), error.get("message"), error.text) == ("bad", "Not YAML.", "Not YAML.\nMend it.")


def test_a_note_is_no_test() -> None:
    root = ET.fromstring(to_junit(report(problems=[problem("odd", "Odd.", severity="note")])))
    assert not list(root.iter("testcase"))


def text_of(given: Entry) -> str:
    (failure,) = ET.fromstring(to_junit(report(given))).iter("failure")
    return failure.text or ""


def test_what_stands_beside_the_worst_is_told_too() -> None:
    lost = entry(Verdict.UNTRANSLATED, "a.lost", key="auth", value="x", message="Lost.")
    beside = replace(lost, also=(Remark(Verdict.APPROXIMATED, "a.near", "Nearly.", "Look."),))
    assert text_of(beside) == "auth: x\nLost.\nNearly.\nLook.\na.yaml:1"


def test_control_characters_do_not_break_the_file() -> None:
    assert "\\x07 <&]]>" in text_of(entry(Verdict.UNTRANSLATED, "a.b", value="\x07 <&]]>"))


def test_each_environment_has_a_suite_of_its_own() -> None:
    """One manifest may be built for several; their tests would otherwise have equal names."""
    stages = [entry(Verdict.TRANSLATED, "a.fine", environment=stage) for stage in ("prod", "staging")]
    suites = ET.fromstring(to_junit(report(*stages))).iter("testsuite")
    assert [(suite.get("name"), suite.get("tests")) for suite in suites] == [
        ("Ingress web in prod", "1"),
        ("Ingress web in staging", "1"),
    ]
