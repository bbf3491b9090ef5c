"""A comparison as JUnit XML: a suite for each host, a test for each of its locations, which fails unannounced."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from converter.report.verified import NAMES
from converter.report.verified_model import worst_of
from converter.report.words import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from converter.report.verified_model import Comparison, Row
    from converter.verify.check import Outcome

_ELSEWHERE = "anything else"
"""The name of the test for requests that no location takes."""


def verified_as_junit(comparison: Comparison) -> str:
    """As CI systems show tests; ``system-out`` of a test says what is announced or accepted."""
    # Few runs ask for it.
    from xml.etree import ElementTree as ET

    hosts: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in comparison.rows:
        hosts[row.title][row.location or _ELSEWHERE].append(row)
    tests = [rows for places in hosts.values() for rows in places.values()]
    root = ET.Element("testsuites", {"name": "ingress-migrate verify", **_counts(tests)})
    words = comparison.words.before, comparison.words.after
    for host, places in hosts.items():
        suite = ET.SubElement(root, "testsuite", {"name": visible(host), **_counts(places.values())})
        for location, rows in places.items():
            _case(suite, host, location, rows, words)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _counts(tests: Iterable[Sequence[Row]]) -> dict[str, str]:
    found = [worst_of(rows) == "unannounced" for rows in tests]
    return {"tests": str(len(found)), "failures": str(sum(found)), "errors": "0"}


def _case(suite: Element, host: str, location: str, rows: Sequence[Row], words: tuple[str, str]) -> None:
    case = suite.makeelement("testcase", {"classname": visible(host), "name": visible(location)})
    suite.append(case)
    failing = [row for row in rows if row.outcome == "unannounced"]
    first = next((place for row in failing for place in (row.target, row.source) if place and place.file), None)
    if first:
        case.attrib.update({"file": visible(first.file), "line": str(first.line)})
    if failing:
        number = f"{counted(len(failing), 'probe')} of {len(rows)}"
        text = [line for row in failing for line in _lines(row, ("unannounced",), words)]
        _told(case, "failure", text, {"type": "unannounced", "message": f"{number}: {text[0]}"})
    if told := [line for row in rows for line in _lines(row, ("announced", "accepted"), words)]:
        _told(case, "system-out", told, {})


def _lines(row: Row, outcomes: Sequence[Outcome], words: tuple[str, str]) -> list[str]:
    """What differs on a request, and for what nobody announced who served it."""
    found = [
        f"{row.request} ({row.reason}): {finding.in_words()}, {NAMES[finding.outcome]}"
        + (f" [{', '.join(finding.codes)}]" if finding.codes else f": {finding.accepted}" if finding.accepted else "")
        for finding in row.findings
        if finding.outcome in outcomes
    ]
    if found and "unannounced" in outcomes:
        sides = zip(words, (row.source, row.target), strict=True)
        found += [f"  {word}: {place}" for word, place in sides if place]
    return found


def _told(case: Element, tag: str, lines: Sequence[str], attributes: dict[str, str]) -> None:
    """XML has no way to write control characters, not even escaped."""
    found = case.makeelement(tag, {key: visible(value) for key, value in attributes.items()})
    found.text = "\n".join(map(visible, lines))
    case.append(found)
