"""A report about probes as JUnit XML: a suite for each host and a test for each probe.

One that differs without being announced fails; one that neither side answers is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.junit import as_text, numbers, told
from converter.report.probe_digest import faults_in_words, in_words
from converter.report.probe_model import asked, counts
from converter.report.words import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from converter.report.probe_model import ProbeReport
    from converter.verify.live.compared import CheckedProbe, Outcome

_TAGS: Mapping[Outcome, str] = {
    "announced": "system-out",
    "unannounced": "failure",
    "unsteady": "skipped",
    "fault": "error",
}


def probe_junit(report: ProbeReport) -> str:
    # Few runs ask for it.
    from xml.etree import ElementTree as ET

    root = ET.Element("testsuites", {"name": "ingress-migrate probe", **_numbers(report.rows)})
    for host, rows in report.hosts().items():
        title = visible(host)
        suite = ET.SubElement(root, "testsuite", {"name": title, **_numbers(rows)})
        for row in rows:
            _case(suite, title, row)
    return as_text(root)


def _numbers(rows: Sequence[CheckedProbe]) -> dict[str, str]:
    number = counts(rows)
    failures, errors, skipped = number["unannounced"], number["fault"], number["unsteady"]
    return numbers(tests=len(rows), failures=failures, errors=errors, skipped=skipped)


def _case(suite: Element, title: str, row: CheckedProbe) -> None:
    case = suite.makeelement("testcase", {"classname": title, "name": visible(asked(row.probe.request))})
    suite.append(case)
    lines = [*map(in_words, row.differences), *([faults_in_words(row)] if row.faults else [])]
    tag = _TAGS.get(row.outcome, "system-out")
    if not lines:
        return
    told(case, tag, (*lines, row.probe.reason), {} if tag == "system-out" else {"message": lines[0]})
