"""A comparison for programs: every request, one a line; ``verified_schema.json`` beside this says what is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.report.verified_model import Comparison, Finding, Row
    from converter.verify.places import Place

_VERSION = 1
"""Goes up when a program that reads it has to change."""


def verified_as_json(comparison: Comparison) -> str:
    """Equal comparisons give equal text."""
    content = {
        "version": json.dumps(_VERSION),
        "summary": json.dumps({"hosts": comparison.hosts, "probes": len(comparison.rows), **comparison.counts()}),
        "probes": _lines(map(_row, comparison.rows)),
        "notes": _lines(
            {"file": each.file, "line": each.line, "code": each.code, "message": each.message, "advice": each.advice}
            for each in comparison.notes
        ),
        "staleAcceptances": _lines(
            {"file": each.file, "line": each.line, "reason": each.reason} for each in comparison.stale
        ),
    }
    fields = ",\n".join(f'  "{key}": {value}' for key, value in content.items())
    return f"{{\n{fields}\n}}\n"


def verified_schema() -> dict[str, Any]:
    """The JSON Schema of the text."""
    # Few runs ask for it, and the import takes longer than a report.
    from importlib import resources

    text = resources.files(__package__).joinpath("verified_schema.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def _lines(items: Iterable[dict[str, Any]]) -> str:
    lines = ",\n".join(f"    {json.dumps(item)}" for item in items)
    return f"[\n{lines}\n  ]" if lines else "[]"


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
