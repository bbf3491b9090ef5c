"""What an implementation leaves off until somebody switches it on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conversions import converted
from manifests import ingress, path, rule

from converter.gateway.releases import known_releases, release
from converter.problems import Problem
from converter.tables import TableError
from converter.targets import NAMES
from converter.targets import table as tables
from converter.targets.switches import switched_off, unserved
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
            "Envoy Gateway leaves off by default what carries this.",
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


def test_a_release_that_is_newer_than_the_implementation_is_told() -> None:
    assert list(unserved(release("1.6", "standard"), replace(ENVOY, gateway_api="1.5"))) == [
        Problem(
            "",
            0,
            "release-not-served",
            "Envoy Gateway 1.9.0 serves the Gateway API up to release 1.5; these objects are for 1.6.",
            "Convert with --gateway-api 1.5, or use a version of it that serves 1.6.",
            "note",
        )
    ]


@pytest.mark.parametrize("serves", ["1.6", ""])
def test_one_that_it_serves_or_of_which_nothing_is_known_is_not(serves) -> None:
    assert list(unserved(release("1.6", "standard"), replace(ENVOY, gateway_api=serves))) == []


def test_the_experimental_channel_is_told_where_it_is_off_by_default() -> None:
    off = replace(ENVOY, experimental="the gate")

    (problem,) = unserved(release("1.6", "experimental"), off)
    assert (problem.code, problem.advice) == ("off-by-default", "Switch on the gate.")
    assert list(unserved(release("1.6", "standard"), off)) == []
    assert list(unserved(release("1.6", "experimental"), ENVOY)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "standard"])
def test_every_implementation_says_what_it_needs_before_it_serves_a_gateway(name) -> None:
    table = target_table(name)

    assert table.setup.endswith(".")
    assert table.gateway_api in known_releases()


def test_what_a_later_version_has_says_which() -> None:
    assert target_table("nginx-gateway-fabric").lacks["external-auth"] == "2.7"
    assert target_table("nginx-gateway-fabric").lacks["retry"] == ""
