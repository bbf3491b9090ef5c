"""Advice as a page."""

from __future__ import annotations

from dataclasses import replace

from report.advices import advice, target, use

from converter.report.advice_markdown import advice_as_markdown

TWO = (
    use("rate limit", 112, "ua", on={"standard": 12}),
    use("hosts", 212, "tt"),
    use("CORS", 12, "aa"),
    use("retries", 212, "uu", by_default=True),
)

PAGE = """\
## What each target keeps

212 routes of 48 Ingresses in 31 files, written for Gateway API 1.6 standard

### The Ingresses ask for

| behaviour | routes | Ingresses | standard | envoy-gateway |
| --- | --: | --: | --- | --- |
| rate limit | 112 | 57 | ✗ untranslated on 12 of 112 | ≈ approximated |
| **kept** |  |  | 1 | 1 |
| **approximated** |  |  | 1 | 2 |
| **untranslated** |  |  | 1 | 0 |

Kept everywhere: hosts.

Approximated everywhere: CORS.

### ingress-nginx does by itself

| behaviour | routes | Ingresses | standard | envoy-gateway |
| --- | --: | --: | --- | --- |
| retries | 212 | 107 | ✗ untranslated | ✗ untranslated |
| **kept** |  |  | 0 | 0 |
| **approximated** |  |  | 0 | 0 |
| **untranslated** |  |  | 1 | 1 |

### standard

Standard. Of 3 behaviours 1 stays, 1 changes and 1 is lost: rate limit (12 of 112 routes). This is the baseline: \
what the Gateway API itself can say, which any implementation keeps that supports it.

### envoy-gateway

Envoy Gateway (1.2). Of 3 behaviours 1 stays and 2 change. Set it up as https://example.com says.
"""


def test_a_table_and_a_paragraph_for_each_target() -> None:
    assert advice_as_markdown(advice(*TWO)) == PAGE


def test_all_has_a_row_for_what_is_the_same_everywhere() -> None:
    page = advice_as_markdown(advice(*TWO), whole=True)
    assert "| hosts | 212 | 107 | ✓ translated | ✓ translated |" in page.splitlines()
    assert "everywhere" not in page


def test_the_name_of_an_environment_is_no_markup() -> None:
    page = advice_as_markdown(advice(*TWO, environments=("a_b*", "<b>")))
    assert page.splitlines()[4] == (
        "Counted over 2 environments (a&#95;b&#42;, &lt;b&gt;); what they share counts in each."
    )


def test_without_an_ingress_there_is_no_table() -> None:
    nothing = replace(advice(targets=(target("standard"),)), ingresses=0)
    assert advice_as_markdown(nothing) == "## What each target keeps\n\nFound no Ingress in 31 files.\n"
