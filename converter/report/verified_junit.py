"""A comparison as JUnit XML: a suite for each host, a test for each of its locations, which fails unannounced."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from converter.report.junit import as_text, numbers, told
from converter.report.verified import codes, places
from converter.report.verified_groups import accepted, announced, unannounced
from converter.report.verified_model import worst_of
from converter.report.words import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from converter.report.verified_groups import Group
    from converter.report.verified_model import Comparison, Row

_ELSEWHERE = "anything else"
"""The name of the test for requests that no location takes."""


def verified_as_junit(comparison: Comparison) -> str:
    """As CI systems show tests; ``system-out`` of a test says what is announced or accepted."""
    # Few runs ask for it.
    from xml.etree import ElementTree as ET

    hosts: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in comparison.rows:
        hosts[row.title][row.location or _ELSEWHERE].append(row)
    tests = [rows for locations in hosts.values() for rows in locations.values()]
    root = ET.Element("testsuites", {"name": "ingress-migrate verify", **_counts(tests)})
    words = comparison.words.before, comparison.words.after
    for host, locations in hosts.items():
        suite = ET.SubElement(root, "testsuite", {"name": visible(host), **_counts(locations.values())})
        for location, rows in locations.items():
            _case(suite, host, location, rows, words)
    return as_text(root)


def _counts(tests: Iterable[Sequence[Row]]) -> dict[str, str]:
    found = [worst_of(rows) == "unannounced" for rows in tests]
    return numbers(tests=len(found), failures=sum(found), errors=0)


def _case(suite: Element, host: str, location: str, rows: Sequence[Row], words: tuple[str, str]) -> None:
    case = suite.makeelement("testcase", {"classname": visible(host), "name": visible(location)})
    suite.append(case)
    failing = [row for row in rows if row.outcome == "unannounced"]
    first = next((place for row in failing for place in (row.target, row.source) if place and place.file), None)
    if first:
        case.attrib.update({"file": visible(first.file), "line": str(first.line)})
    if failing:
        groups = [group for groups in unannounced(rows).values() for group in groups]
        text = [line for group in groups for line in _open(group, words)]
        message = f"{counted(len(failing), 'probe')} of {len(rows)}: {groups[0].finding.in_words()}"
        told(case, "failure", text, {"type": "unannounced", "message": message})
    beside = [f"announced {codes(group)}: {_example(group)}" for group in announced(rows)]
    beside += [f"accepted: {group.finding.accepted}: {_example(group)}" for group in accepted(rows)]
    if beside:
        told(case, "system-out", beside, {})


def _open(group: Group, words: tuple[str, str]) -> list[str]:
    """What nobody announced: the difference, who served it, and every request."""
    served = [f"  {word}: {place}" for word, place in places(group, words)]
    return [group.finding.in_words(), *served, *(f"  {row.request} ({row.reason})" for row in group.rows)]


def _example(group: Group) -> str:
    number = counted(len(group.rows), "probe")
    return f"{number}, such as {group.first.request}: {group.finding.in_words()}"
