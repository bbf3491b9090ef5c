"""A report about probes for programs: every probe with its outcome, one line each.

``docs/verify.md`` says what is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.report.json_lines import Lines, document

if TYPE_CHECKING:
    from converter.report.probe_model import ProbeReport
    from converter.verify.live.compared import CheckedProbe

_VERSION = 1
"""Goes up when a program that reads it has to change."""


def probe_json(report: ProbeReport) -> str:
    content: dict[str, Any] = {
        "version": _VERSION,
        "tool": {"name": "ingress-migrate", "version": report.tool_version},
        "old": report.old,
        "new": report.new,
        "summary": {"probes": len(report.rows), **report.outcomes()},
        "probes": Lines(map(_row, report.rows)),
        "notSent": Lines({"number": each.number, "reason": each.reason} for each in report.left_out),
        "notes": list(report.notes),
    }
    return document(content)


def _row(row: CheckedProbe) -> dict[str, Any]:
    request = row.probe.request
    return {
        "method": request.method,
        "scheme": request.scheme,
        "host": request.host,
        "target": request.target,
        "headers": [list(pair) for pair in request.headers],
        "reason": row.probe.reason,
        "outcome": row.outcome,
        "differences": [
            {"aspect": each.aspect, "old": each.one, "new": each.other, "codes": list(each.codes)}
            for each in row.differences
        ],
        "faults": [{"side": each.side, "fault": each.words} for each in row.faults],
    }
