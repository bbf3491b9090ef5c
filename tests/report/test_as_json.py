"""The report for programs: its shape is a promise, and a schema says it."""

from __future__ import annotations

import json

import jsonschema
import pytest
from report.builders import entry, problem, report

from converter.ledger import Result, Verdict
from converter.report import schema, to_json

VALIDATOR = jsonschema.Draft202012Validator(schema())


def full() -> dict:
    results = (Result("HTTPRoute", "shop", "web", "spec.rules[0].filters[0]"),)
    told = entry(
        Verdict.APPROXIMATED,
        "rate-limit.burst-lost",
        key="limit-rps",
        value="5",
        message="M.",
        advice="A.",
        line=7,
        results=results,
    )
    found = problem("template", "It is a template.", "Render it.", line=3)
    return json.loads(to_json(report(told, problems=[found])))


def test_the_whole_report() -> None:
    assert full() == {
        "version": 1,
        "tool": {"name": "ingress-migrate", "version": "1.2.3"},
        "target": "standard",
        "gatewayApi": "1.6",
        "channel": "standard",
        "summary": {
            "objects": {"Gateway": 1, "HTTPRoute": 2},
            "verdicts": {"translated": 0, "approximated": 1, "builtin": 0, "inert": 0, "untranslated": 0},
            "problems": 1,
            "ingresses": 1,
        },
        "entries": [
            {
                "verdict": "approximated",
                "code": "rate-limit.burst-lost",
                "subject": {"type": "annotation", "key": "limit-rps", "value": "5"},
                "source": {"kind": "Ingress", "namespace": "", "name": "web", "file": "a.yaml", "line": 7},
                "message": "M.",
                "advice": "A.",
                "results": [
                    {"kind": "HTTPRoute", "namespace": "shop", "name": "web", "path": "spec.rules[0].filters[0]"}
                ],
            }
        ],
        "problems": [
            {
                "file": "a.yaml",
                "line": 3,
                "code": "template",
                "severity": "error",
                "message": "It is a template.",
                "advice": "Render it.",
            }
        ],
    }


def test_every_entry_has_a_line_of_its_own() -> None:
    text = to_json(report(entry(Verdict.INERT, "one"), entry(Verdict.INERT, "two")))

    assert [json.loads(line.strip().rstrip(","))["code"] for line in text.splitlines() if '"code"' in line] == [
        "one",
        "two",
    ]


def test_an_empty_report() -> None:
    content = json.loads(to_json(report(documents=0)))

    assert (content["entries"], content["problems"]) == ([], [])
    VALIDATOR.validate(content)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_schema_takes_a_full_report() -> None:
    VALIDATOR.validate(full())


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("tool",),
        ("summary",),
        ("summary", "verdicts"),
        ("entries", 0),
        ("entries", 0, "subject"),
        ("entries", 0, "source"),
        ("entries", 0, "results", 0),
        ("problems", 0),
    ],
)
def test_the_schema_refuses_a_field_too_few_and_one_too_many(path: tuple) -> None:
    for spoil in (lambda part: part.popitem(), lambda part: part.update(surprise=1)):
        content = full()
        part = content
        for step in path:
            part = part[step]
        spoil(part)
        assert not VALIDATOR.is_valid(content)


@pytest.mark.parametrize(
    ("field", "value"),
    [("verdict", "lost"), ("code", ""), ("message", None), ("results", {}), ("subject", "limit-rps")],
)
def test_the_schema_refuses_wrong_values(field: str, value: object) -> None:
    content = full()
    content["entries"][0][field] = value

    assert not VALIDATOR.is_valid(content)
