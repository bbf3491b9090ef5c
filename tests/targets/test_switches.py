"""What an implementation leaves off until somebody switches it on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conversions import converted
from manifests import ingress, path, rule

from converter.problems import Problem
from converter.tables import TableError
from converter.targets import table as tables
from converter.targets.switches import switched_off
from converter.targets.table import target_table

LIMITED = ingress("shop", rule("shop.example.com", path("/")), annotations={"limit-rps": "5"})
ENVOY = target_table("envoy-gateway")
SWITCHED = replace(
    ENVOY, rows={**ENVOY.rows, "rate-limit": replace(ENVOY.rows["rate-limit"], switch="rateLimit of Envoy Gateway")}
)


def test_an_entry_that_needs_it_is_told_with_its_line() -> None:
    entries = converted(LIMITED, to="envoy-gateway").entries

    assert list(switched_off(entries, SWITCHED)) == [
        Problem(
            "<stdin>",
            6,
            "off-by-default",
            "nginx.ingress.kubernetes.io/limit-rps is carried by what Envoy Gateway leaves off by default.",
            "Switch on rateLimit of Envoy Gateway.",
            "note",
        )
    ]


def test_what_needs_nothing_is_not() -> None:
    entries = converted(ingress("shop", rule("shop.example.com", path("/"))), to="envoy-gateway").entries
    assert list(switched_off(entries, SWITCHED)) == []


def test_a_remark_beside_the_worst_verdict_counts_too() -> None:
    entries = converted(LIMITED, to="envoy-gateway").entries
    (limit,) = (entry for entry in entries if entry.code == "rate-limit")
    beside = replace(limit, code="lost", also=(limit,))
    assert len(list(switched_off([beside], SWITCHED))) == 1


def test_a_row_says_what_has_to_be_switched_on() -> None:
    cells = {"verdict": "translated", "message": "The same.", "switch": "enableBackend"}
    assert tables._row("mine", "a.code", cells).switch == "enableBackend"
    assert tables._row("mine", "a.code", {"verdict": "translated", "message": "The same."}).switch == ""


def test_a_misspelt_column_is_refused() -> None:
    with pytest.raises(TableError, match="unknown column swich"):
        tables._row("mine", "a.code", {"verdict": "translated", "message": "The same.", "swich": "x"})
