from __future__ import annotations

from xml.etree import ElementTree as ET

from report.probed import NOTHING, REPORT, row

from converter.report.probe_junit import probe_junit
from converter.report.probe_model import ProbeReport
from converter.verify.live.compared import Compared


def test_a_test_for_each_probe_and_a_suite_for_each_host() -> None:
    root = ET.fromstring(probe_junit(REPORT))

    assert root.attrib == {
        "name": "ingress-migrate probe",
        "tests": "13",
        "failures": "3",
        "errors": "1",
        "skipped": "1",
    }
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root] == [
        ("api.example.com", "1", "0"),
        ("blog.example.com", "2", "0"),
        ("quiet.example.com", "1", "0"),
        ("shop.example.com", "9", "3"),
    ]


def test_each_outcome_as_a_test_shows_it() -> None:
    root = ET.fromstring(probe_junit(REPORT))
    told = {
        case.get("name"): [(part.tag, part.get("message"), part.text) for part in case]
        for case in root.iter("testcase")
    }

    assert told["GET http://shop.example.com/"] == []
    assert told["GET https://shop.example.com/b"] == [
        ("failure", "status: 200 → 404", "status: 200 → 404\nredirect: none → /<b>|*\nthe path itself")
    ]
    assert told["GET https://shop.example.com/0"] == [
        ("system-out", None, "strict-transport-security: max-age=1 → none [hsts]\nthe path itself")
    ]
    assert told["GET http://blog.example.com/c"] == [
        ("skipped", "backend: web → api", "backend: web → api\nthe path itself")
    ]
    fault = "old: no answer in time; new: connection reset"
    assert told["GET http://blog.example.com/d"] == [("error", fault, f"{fault}\nthe path itself")]
    assert told["GET http://api.example.com/e"] == [("system-out", None, "both sides: 503\nthe path itself")]


def test_nothing_asked() -> None:
    assert ET.fromstring(probe_junit(NOTHING)).get("tests") == "0"


def test_what_xml_cannot_hold_is_spelled() -> None:
    evil = row("unannounced", "/", Compared("location", "\x00\x1b", "\ufffe"), host="a\x0b")

    ET.fromstring(probe_junit(ProbeReport("1", "a", "b", (evil,))))
