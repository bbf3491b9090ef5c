"""Advice for programs: its shape is a promise, and a schema says it."""

from __future__ import annotations

import json

import jsonschema
import pytest
from report.advices import advice, target, use

from converter.advice import Need, Warned
from converter.report.advice_json import advice_as_json, advice_schema
from converter.report.advice_words import BASELINE

VALIDATOR = jsonschema.Draft202012Validator(advice_schema())
TARGETS = (target("standard", warned=Warned(closed=2)), target("envoy-gateway", needs=(Need("X of Y", 4),)))


def full() -> dict:
    uses = (use("rate limit", 112, "ua", on={"standard": 12}), use("retries", 212, "uu", by_default=True))
    return json.loads(advice_as_json(advice(*uses, targets=TARGETS, environments=("staging", "prod"))))


def test_all_of_it() -> None:
    assert full() == {
        "version": 1,
        "tool": {"name": "ingress-migrate", "version": "1.2.3"},
        "gatewayApi": "1.6",
        "channel": "standard",
        "summary": {"routes": 212, "ingresses": 48, "files": 31},
        "environments": ["staging", "prod"],
        "targets": [
            {
                "name": "standard",
                "title": "Standard",
                "version": "1.2",
                "baseline": True,
                "written": {"kept": 0, "approximated": 0, "untranslated": 1},
                "byDefault": {"kept": 0, "approximated": 0, "untranslated": 1},
                "closedRoutes": 2,
                "openRoutes": 0,
                "setup": "",
                "source": "https://example.com",
                "experimental": "",
                "serves": "",
                "switches": [],
                "conclusion": [
                    "Of 1 behaviour 1 is lost: rate limit (12 of 112 routes).",
                    "2 routes answer 500 to everybody, because what guards them is lost.",
                    BASELINE,
                ],
            },
            {
                "name": "envoy-gateway",
                "title": "Envoy Gateway",
                "version": "1.2",
                "baseline": False,
                "written": {"kept": 0, "approximated": 1, "untranslated": 0},
                "byDefault": {"kept": 0, "approximated": 0, "untranslated": 1},
                "closedRoutes": 0,
                "openRoutes": 0,
                "setup": "",
                "source": "https://example.com",
                "experimental": "",
                "serves": "",
                "switches": [{"switch": "X of Y", "routes": 4}],
                "conclusion": [
                    "Of 1 behaviour 1 changes.",
                    "Set it up as https://example.com says.",
                    "To be switched on besides: X of Y (4 routes).",
                ],
            },
        ],
        "behaviours": [
            {
                "behaviour": "rate-limit",
                "title": "rate limit",
                "byDefault": False,
                "routes": 112,
                "ingresses": 57,
                "targets": {
                    "standard": {"verdict": "untranslated", "routes": 12, "codes": ["a.code"]},
                    "envoy-gateway": {"verdict": "approximated", "routes": 112, "codes": ["a.code"]},
                },
            },
            {
                "behaviour": "retries",
                "title": "retries",
                "byDefault": True,
                "routes": 212,
                "ingresses": 107,
                "targets": {
                    "standard": {"verdict": "untranslated", "routes": 212, "codes": ["a.code"]},
                    "envoy-gateway": {"verdict": "untranslated", "routes": 212, "codes": ["a.code"]},
                },
            },
        ],
    }


def test_a_target_and_a_behaviour_have_a_line_each() -> None:
    text = advice_as_json(advice(use("rate limit", 112, "ua"), use("hosts", 9, "tt")))
    assert [line.partition(":")[0].strip(' {"') for line in text.splitlines() if line.startswith("    {")] == [
        "name",
        "name",
        "behaviour",
        "behaviour",
    ]


def test_the_schema_is_one_and_takes_it() -> None:
    VALIDATOR.check_schema(advice_schema())
    VALIDATOR.validate(full())
    VALIDATOR.validate(json.loads(advice_as_json(advice(targets=(target("standard"),)))))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"more": 1},
        {"targets": []},
        {"behaviours": [{"behaviour": "a"}]},
    ],
)
def test_the_schema_refuses_what_it_is_not(change) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({**full(), **change})
