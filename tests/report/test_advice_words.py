"""The sentences of advice: made of numbers alone, and grammatical whatever these are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report.advices import advice, target, use

from converter.advice import Need, Warned
from converter.report.advice_words import BASELINE, conclusion, heading, same_everywhere, shown, title

SETUP = "Set it up as https://example.com says."


def balance(*uses) -> str:
    """The first sentence about the second target, which has the verdicts."""
    return conclusion(advice(*uses), target("envoy-gateway"))[0]


@pytest.mark.parametrize(
    ("uses", "sentence"),
    [
        ((use("a", 2, "tt"),), "The one behaviour stays."),
        ((use("a", 2, "tt"), use("b", 2, "tb")), "All 2 behaviours stay."),
        ((use("a", 1, "tu"),), "Of 1 behaviour 1 is lost: a (1 route)."),
        ((use("a", 2, "tt"), use("b", 2, "ta")), "Of 2 behaviours 1 stays and 1 changes."),
        (
            (use("a", 2, "tt"), use("b", 2, "ta"), use("sign-in redirect", 9, "tu")),
            "Of 3 behaviours 1 stays, 1 changes and 1 is lost: sign-in redirect (9 routes).",
        ),
        (
            (use("a", 1, "tu"), use("b", 2, "tu"), use("c", 3, "tu"), use("d", 4, "tu"), use("e", 4, "ti")),
            "Of 5 behaviours 1 stays and 4 are lost: d (4 routes), c (3 routes), b (2 routes) and 1 more.",
        ),
        ((use("a", 12, "tu", on={"envoy-gateway": 3}),), "Of 1 behaviour 1 is lost: a (3 of 12 routes)."),
        ((use("a", 0, "tu"),), "Of 1 behaviour 1 is lost: a (1 Ingress)."),
        ((use("a", 2, "tt"), use("b", 2, "tu", by_default=True)), "The one behaviour stays."),
        ((use("b", 2, "tu", by_default=True),), "No Ingress asks for anything."),
    ],
)
def test_what_stays_changes_and_is_lost(uses, sentence) -> None:
    assert balance(*uses) == sentence


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        (target("envoy-gateway"), [SETUP]),
        (replace(target("gke"), setup="Enable it."), ["Enable it.", "Nothing else has to be switched on."]),
        (
            replace(target("gke"), setup="Enable it.", experimental="the channel", needs=(Need("X of Y", 1),)),
            [
                "Enable it.",
                "To be switched on besides: X of Y (1 route) and the channel (for the experimental channel).",
            ],
        ),
        (
            replace(target("gke"), serves="1.5"),
            ["It serves the Gateway API up to 1.5, not 1.6; convert for that.", SETUP],
        ),
        (target("standard"), [BASELINE]),
        (target("gke", needs=(Need("X of Y", 1),)), [SETUP, "To be switched on besides: X of Y (1 route)."]),
        (
            target("gke", needs=(Need("X of Y", 1), Need("Z", 2)), warned=Warned(closed=1)),
            [
                "1 route answers 500 to everybody, because what guards it is lost.",
                SETUP,
                "To be switched on besides: X of Y (1 route) and Z (2 routes).",
            ],
        ),
        (
            target("gke", warned=Warned(closed=2, open=3)),
            [
                "2 routes answer 500 to everybody, because what guards them is lost.",
                "3 routes are open to everybody, because what guards them is lost.",
                SETUP,
            ],
        ),
        (
            target("gke", warned=Warned(open=1)),
            ["1 route is open to everybody, because what guards it is lost.", SETUP],
        ),
    ],
)
def test_what_comes_after_the_balance(found, sentences) -> None:
    uses = [replace(use("a", 2, "t"), cells={found.name: use("a", 2, "t").cells["standard"]})]
    assert conclusion(advice(*uses), found)[1:] == sentences


def test_the_baseline_is_no_product_with_a_version() -> None:
    assert (heading(target("standard")), heading(target("envoy-gateway"))) == ("Standard", "Envoy Gateway (1.2)")


def test_rows_that_are_the_same_on_every_target_are_summed_up_unless_they_are_lost() -> None:
    kept, changed = use("hosts", 2, "tb"), use("CORS", 2, "aa")
    lost, parted = use("WAF", 2, "uu"), use("retries", 2, "ta")
    rows, rest = shown((parted, lost, kept, changed), whole=False)

    assert rows == [parted, lost]
    assert same_everywhere(rest) == ["Kept everywhere: hosts.", "Approximated everywhere: CORS."]
    assert shown((kept, changed), whole=True) == ([kept, changed], [])


def test_what_was_looked_at() -> None:
    assert title(advice(use("a", 2, "t"))) == (
        "212 routes of 48 Ingresses in 31 files, written for Gateway API 1.6 standard"
    )
