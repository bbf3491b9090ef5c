"""The report as JUnit XML: a suite for each Ingress, in each environment one, and a test for each entry.

One that is untranslated fails.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.report.junit import as_text, numbers, told
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
    counts = numbers(tests=len(report.entries) + len(errors), failures=lost, errors=len(errors))
    root = ET.Element("testsuites", {"name": "ingress-migrate", **counts})
    if errors:
        _problem_suite(ET.SubElement(root, "testsuite"), errors)
    for (file, kind, namespace, name, environment), entries in suites.items():
        title = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
        title += f" in {environment}" if environment else ""
        _suite(ET.SubElement(root, "testsuite"), title, file, entries)
    return as_text(root)


def _identity(source: Source) -> tuple[str, str, str, str, str]:
    return source.file, source.kind, source.namespace, source.name, source.environment


def _suite(suite: Element, title: str, file: str, entries: Sequence[Entry]) -> None:
    lost = sum(entry.verdict is Verdict.UNTRANSLATED for entry in entries)
    suite.attrib.update({"name": visible(title), **numbers(tests=len(entries), failures=lost, errors=0)})
    for entry in entries:
        origin = entry.origin
        name = f"{origin.key} [{entry.code}]"
        case = _case(suite, title, name, file, origin.source.line)
        beside = [line for remark in entry.also for line in (remark.message, remark.advice)]
        text = filter(None, (f"{origin.key}: {origin.value}", entry.message, entry.advice, *beside))
        lines = "\n".join(text).split("\n")
        if entry.verdict is Verdict.UNTRANSLATED:
            lines.append(f"{file}:{origin.source.line}")
            told(case, "failure", lines, {"type": entry.verdict.value, "message": entry.message})
        elif entry.verdict is Verdict.APPROXIMATED:
            told(case, "system-out", lines, {})


def _problem_suite(suite: Element, problems: Sequence[Problem]) -> None:
    suite.attrib.update({"name": _PROBLEMS, **numbers(tests=len(problems), failures=0, errors=len(problems))})
    for problem in problems:
        case = _case(suite, _PROBLEMS, f"{problem.file} [{problem.code}]", problem.file, problem.line)
        lines = f"{problem.message}\n{problem.advice}".rstrip().split("\n")
        told(case, "error", lines, {"type": problem.code, "message": problem.message})


def _case(suite: Element, title: str, name: str, file: str, line: int) -> Element:
    case = suite.makeelement("testcase", {"classname": visible(title), "name": visible(name), "file": visible(file)})
    if line:
        case.set("line", str(line))
    suite.append(case)
    return case
