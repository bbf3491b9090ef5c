from __future__ import annotations

import json

from report.probed import NOTHING, REPORT

from converter.report.probe_json import probe_json


def test_each_probe_has_a_line_with_all_that_was_learned() -> None:
    found = json.loads(probe_json(REPORT))

    assert found["summary"] == {"probes": 13, "same": 3, "announced": 5, "unannounced": 3, "unsteady": 1, "fault": 1}
    assert found["probes"][2] == {
        "method": "GET",
        "scheme": "http",
        "host": "shop.example.com",
        "target": "/a/",
        "headers": [["X-Canary", "always"]],
        "reason": "/a with a slash at the end",
        "outcome": "unannounced",
        "differences": [{"aspect": "status", "old": "200", "new": "404", "codes": []}],
        "faults": [],
    }
    assert found["probes"][10]["faults"] == [
        {"side": "old", "fault": "no answer in time"},
        {"side": "new", "fault": "connection reset"},
    ]
    assert sum('"reason": "the path itself"' in line for line in probe_json(REPORT).splitlines()) == 12


def test_nothing_asked() -> None:
    assert (
        probe_json(NOTHING)
        == """\
{
  "version": 1,
  "tool": {"name": "ingress-migrate", "version": "1.2.3"},
  "old": "192.0.2.1",
  "new": "198.51.100.7",
  "summary": {"probes": 0, "same": 0, "announced": 0, "unannounced": 0, "unsteady": 0, "fault": 0},
  "probes": [],
  "notSent": [],
  "notes": []
}
"""
    )
