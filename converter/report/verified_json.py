"""A comparison for programs: every request, one a line; ``verified_schema.json`` beside this says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.report.json_lines import Lines, document, schema_beside

if TYPE_CHECKING:
    from converter.report.verified_model import Comparison, Finding, Row
    from converter.verify.places import Place

_VERSION = 1
"""Goes up when a program that reads it has to change."""


def verified_as_json(comparison: Comparison) -> str:
    """Equal comparisons give equal text."""
    content: dict[str, Any] = {
        "version": _VERSION,
        "summary": {"hosts": comparison.hosts, "probes": len(comparison.rows), **comparison.counts()},
        "probes": Lines(map(_row, comparison.rows)),
        "notes": Lines(
            {"file": each.file, "line": each.line, "code": each.code, "message": each.message, "advice": each.advice}
            for each in comparison.notes
        ),
        "staleAcceptances": Lines(
            {"file": each.file, "line": each.line, "reason": each.reason} for each in comparison.stale
        ),
    }
    return document(content)


def verified_schema() -> dict[str, Any]:
    """The JSON Schema of the text."""
    return schema_beside("verified_schema.json")


def _row(row: Row) -> dict[str, Any]:
    return {
        "environment": row.environment,
        "host": row.host,
        "location": row.location,
        "request": row.request,
        "reason": row.reason,
        "outcome": row.outcome,
        "differences": [_finding(finding) for finding in row.findings],
        "source": _place(row.source),
        "target": _place(row.target),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "outcome": finding.outcome,
        "aspect": finding.aspect,
        "subject": finding.subject,
        "before": finding.before,
        "after": finding.after,
        "announcedBy": [
            {"code": each.code, "verdict": each.verdict.value, "message": each.message, "advice": each.advice}
            for each in finding.remarks
        ],
        "accepted": finding.accepted,
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return {"what": place.what, "file": place.file, "line": place.line} if place else None
