"""The report as JUnit XML: a suite for each Ingress, in each environment one, and a test for each entry.

One that is untranslated fails.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.report.words import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from converter.ledger import Entry, Source
    from converter.problems import Problem
    from converter.report.model import Report

_PROBLEMS = "input"


def to_junit(report: Report) -> str:
    """The verdicts as CI systems show tests; ``system-out`` of a test says what is approximated."""
    # Few runs ask for it.
    from xml.etree import ElementTree as ET

    suites: dict[tuple[str, str, str, str, str], list[Entry]] = defaultdict(list)
    for entry in report.entries:
        suites[_identity(entry.origin.source)].append(entry)
    errors = report.problems_of("error")
    lost = sum(entry.verdict is Verdict.UNTRANSLATED for entry in report.entries)
    counts = {"tests": len(report.entries) + len(errors), "failures": lost, "errors": len(errors)}
    root = ET.Element("testsuites", {"name": "ingress-migrate", **_shown(counts)})
    if errors:
        _problem_suite(ET.SubElement(root, "testsuite"), errors)
    for (file, kind, namespace, name, environment), entries in suites.items():
        title = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
        title += f" in {environment}" if environment else ""
        _suite(ET.SubElement(root, "testsuite"), title, file, entries)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _identity(source: Source) -> tuple[str, str, str, str, str]:
    return source.file, source.kind, source.namespace, source.name, source.environment


def _shown(counts: dict[str, int]) -> dict[str, str]:
    return {key: str(number) for key, number in counts.items()}


def _suite(suite: Element, title: str, file: str, entries: Sequence[Entry]) -> None:
    lost = sum(entry.verdict is Verdict.UNTRANSLATED for entry in entries)
    suite.attrib.update({"name": visible(title), **_shown({"tests": len(entries), "failures": lost, "errors": 0})})
    for entry in entries:
        origin = entry.origin
        name = f"{origin.key} [{entry.code}]"
        case = _case(suite, title, name, file, origin.source.line)
        beside = [line for told in entry.also for line in (told.message, told.advice)]
        text = "\n".join(filter(None, (f"{origin.key}: {origin.value}", entry.message, entry.advice, *beside)))
        if entry.verdict is Verdict.UNTRANSLATED:
            _told(case, "failure", entry.message, f"{text}\n{file}:{origin.source.line}", entry.verdict.value)
        elif entry.verdict is Verdict.APPROXIMATED:
            _told(case, "system-out", "", text, "")


def _problem_suite(suite: Element, problems: Sequence[Problem]) -> None:
    counts = {"tests": len(problems), "failures": 0, "errors": len(problems)}
    suite.attrib.update({"name": _PROBLEMS, **_shown(counts)})
    for problem in problems:
        case = _case(suite, _PROBLEMS, f"{problem.file} [{problem.code}]", problem.file, problem.line)
        _told(case, "error", problem.message, f"{problem.message}\n{problem.advice}".rstrip(), problem.code)


def _case(suite: Element, title: str, name: str, file: str, line: int) -> Element:
    case = suite.makeelement("testcase", {"classname": visible(title), "name": visible(name), "file": visible(file)})
    if line:
        case.set("line", str(line))
    suite.append(case)
    return case


def _told(case: Element, tag: str, message: str, text: str, kind: str) -> None:
    """XML has no way to write control characters, not even escaped."""
    found = case.makeelement(tag, {key: visible(v) for key, v in (("type", kind), ("message", message)) if v})
    found.text = "\n".join(visible(line) for line in text.split("\n"))
    case.append(found)
