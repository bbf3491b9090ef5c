"""The report for programs; ``schema.json`` beside this module says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.report.json_lines import Lines, document, schema_beside

if TYPE_CHECKING:
    from converter.ledger import Entry, Remark, Result, Source
    from converter.problems import Problem
    from converter.report.model import Report

_VERSION = 1
"""Goes up when a program that reads the report has to change."""


def to_json(report: Report) -> str:
    """The whole report, one entry a line; equal reports give equal text."""
    content = {
        "version": _VERSION,
        "tool": {"name": "ingress-migrate", "version": report.tool_version},
        "target": report.target,
        "gatewayApi": report.gateway_api,
        "channel": report.channel,
        "summary": _summary(report),
        "entries": Lines(map(_entry, report.entries)),
        "problems": Lines(map(_problem, report.problems)),
    }
    return document(content)


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    return schema_beside("schema.json")


def _summary(report: Report) -> dict[str, Any]:
    return {
        "objects": dict(sorted(report.kinds().items())),
        "verdicts": {verdict.value: count for verdict, count in report.verdicts().items()},
        "problems": len(report.problems),
        "ingresses": report.documents,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    origin, source = entry.origin, entry.origin.source
    found = {
        "verdict": entry.verdict.value,
        "code": entry.code,
        "subject": {"type": origin.type, "key": origin.key, "value": origin.value},
        "source": _source(source),
        "message": entry.message,
        "advice": entry.advice,
        "results": [_result(result) for result in entry.results],
    }
    return {**found, "also": [_remark(remark) for remark in entry.also]} if entry.also else found


def _source(source: Source) -> dict[str, Any]:
    found = {
        "kind": source.kind,
        "namespace": source.namespace,
        "name": source.name,
        "file": source.file,
        "line": source.line,
    }
    return {**found, "environment": source.environment} if source.environment else found


def _remark(remark: Remark) -> dict[str, str]:
    return {
        "verdict": remark.verdict.value,
        "code": remark.code,
        "message": remark.message,
        "advice": remark.advice,
    }


def _result(result: Result) -> dict[str, str]:
    return {"kind": result.kind, "namespace": result.namespace, "name": result.name, "path": result.path}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "advice": problem.advice,
    }
