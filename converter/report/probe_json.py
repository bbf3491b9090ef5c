"""A report about probes for programs: every probe with its outcome, one line each.

``docs/verify.md`` says what is in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.report.probe_model import ProbeReport
    from converter.verify.live.compared import CheckedProbe

_VERSION = 1
"""Goes up when a program that reads it has to change."""


def probe_json(report: ProbeReport) -> str:
    content = {
        "version": json.dumps(_VERSION),
        "tool": json.dumps({"name": "ingress-migrate", "version": report.tool_version}),
        "old": json.dumps(report.old),
        "new": json.dumps(report.new),
        "summary": json.dumps({"probes": len(report.rows), **report.outcomes()}),
        "probes": _lines(map(_row, report.rows)),
        "notSent": _lines({"number": each.number, "reason": each.reason} for each in report.left_out),
        "notes": json.dumps(list(report.notes)),
    }
    fields = ",\n".join(f'  "{key}": {value}' for key, value in content.items())
    return f"{{\n{fields}\n}}\n"


def _lines(items: Iterable[dict[str, Any]]) -> str:
    lines = ",\n".join(f"    {json.dumps(item)}" for item in items)
    return f"[\n{lines}\n  ]" if lines else "[]"


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
