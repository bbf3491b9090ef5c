"""Advice at a terminal: one table with the targets across, and what follows for each of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report.advices import advice, target, use

from converter.advice import Advice
from converter.report.advice import advice_in_lines

ELEVEN = advice(
    use("rate limit", 112, "uaaataauuuu", on={"standard": 12, "kong": 112, "gke": 100}),
    use("body size", 1234, "utttttuuauu", on={"gke": 1200}),
    use("rewrites with captures", 31, "uttttttutuu", on={"standard": 3, "gke": 3}),
    use("sign-in redirect", 9, "uuuttuuuuuu"),
    use("WAF", 1, "uuuuuuuuuuu"),
    use("hosts", 212, "ttttttttttt"),
    use("paths", 212, "ttttttttttb"),
    use("CORS", 12, "aaaaaaaaaaa"),
    use("idle timeouts", 212, "uaaaaaaaaaa", by_default=True),
    use("health check of nginx", 0, "uuuuuuuuuuu", by_default=True),
    use("X-Forwarded headers", 212, "aaaaaaaaaaa", by_default=True),
)
TWO = advice(
    use("sign-in redirect", 9, "ua"),
    use("rate limit", 112, "ua", on={"standard": 12}),
    use("hosts", 212, "tt"),
    use("body size", 3, "bt"),
    use("retries", 212, "uu", by_default=True),
)


def text(found: Advice, width: int = 100, *, whole: bool = False) -> str:
    return "\n".join("".join(piece for piece, _ in line) for line in advice_in_lines(found, width, whole=whole))


def table(found: Advice, width: int = 100, *, whole: bool = False) -> list[str]:
    """Without the conclusions."""
    lines = text(found, width, whole=whole).splitlines()
    return lines[: next(number for number, line in enumerate(lines) if line.startswith("✓"))]


def test_few_targets_have_words_in_their_cells_and_a_conclusion_each() -> None:
    assert (
        text(TWO)
        == """\
212 routes of 48 Ingresses in 31 files, written for Gateway API 1.6 standard

The Ingresses ask for      routes  standard                envoy-gateway
  sign-in redirect              9  ✗ untranslated          ≈ approximated
  rate limit                  112  ✗ untranslated 12       ≈ approximated
  Kept everywhere: hosts, body size.
  ──────────────────────────────────────────────────────────────────────
  kept                             2                       2
  approximated                     0                       2
  untranslated                     2                       0

ingress-nginx does by itself       standard                envoy-gateway
  retries                     212  ✗ untranslated          ✗ untranslated
  ──────────────────────────────────────────────────────────────────────
  kept                             0                       0
  approximated                     0                       0
  untranslated                     1                       1

✓ translated  ○ built in  ≈ approximated  ✗ untranslated  ✗ 9: on 9 routes only

standard  Standard
  Of 4 behaviours 2 stay and 2 are lost: rate limit (12 of 112 routes) and sign-in redirect (9
  routes). This is the baseline: what the Gateway API itself can say, which any implementation keeps
  that supports it.

envoy-gateway  Envoy Gateway (1.2)
  Of 4 behaviours 2 stay and 2 change. Set it up as https://example.com says."""
    )


def test_eleven_targets_fit_a_hundred_columns_below_the_stairs_of_their_names() -> None:
    assert (
        "\n".join(table(ELEVEN))
        == """\
212 routes of 48 Ingresses in 31 files, written for Gateway API 1.6 standard

                                                                                           gke ┐
                                                            aws-load-balancer-controller ┐     │
                                                                              kong ┐     │     │
                                                                      cilium ┐     │     │     │
                                                                 istio ┐     │     │     │     │
                                                         traefik ┐     │     │     │     │     │
                                      nginx-gateway-fabric ┐     │     │     │     │     │     │
                                        agentgateway ┐     │     │     │     │     │     │     │
                                      kgateway ┐     │     │     │     │     │     │     │     │
                           envoy-gateway ┐     │     │     │     │     │     │     │     │     │
                          standard ┐     │     │     │     │     │     │     │     │     │     │
The Ingresses ask for      routes  │     │     │     │     │     │     │     │     │     │     │
  rate limit                  112  ✗ 12  ≈     ≈     ≈     ✓     ≈     ≈     ✗     ✗     ✗     ✗ 100
  body size                  1234  ✗     ✓     ✓     ✓     ✓     ✓     ✗     ✗     ≈     ✗     ✗1200
  rewrites with captures       31  ✗ 3   ✓     ✓     ✓     ✓     ✓     ✓     ✗     ✓     ✗     ✗ 3
  sign-in redirect              9  ✗     ✗     ✗     ✓     ✓     ✗     ✗     ✗     ✗     ✗     ✗
  WAF                           1  ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗
  Kept everywhere: hosts, paths.
  Approximated everywhere: CORS.
  ──────────────────────────────────────────────────────────────────────────────────────────────
  kept                             2     4     4     5     6     4     3     2     3     2     2
  approximated                     1     2     2     2     1     2     2     1     2     1     1
  untranslated                     5     2     2     1     1     2     3     5     3     5     5

ingress-nginx does by itself       │     │     │     │     │     │     │     │     │     │     │
  idle timeouts               212  ✗     ≈     ≈     ≈     ≈     ≈     ≈     ≈     ≈     ≈     ≈
  health check of nginx         –  ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗     ✗
  Approximated everywhere: X-Forwarded headers.
  ──────────────────────────────────────────────────────────────────────────────────────────────
  kept                             0     0     0     0     0     0     0     0     0     0     0
  approximated                     1     2     2     2     2     2     2     2     2     2     2
  untranslated                     2     1     1     1     1     1     1     1     1     1     1
"""
    )


def test_eighty_columns_hold_them_too_with_shorter_numbers() -> None:
    assert (
        "\n".join(table(ELEVEN, 80)[3:])
        == """\
                                          aws-load-balancer-controller ┐   │
                                                              kong ┐   │   │
                                                        cilium ┐   │   │   │
                                                     istio ┐   │   │   │   │
                                               traefik ┐   │   │   │   │   │
                              nginx-gateway-fabric ┐   │   │   │   │   │   │
                                  agentgateway ┐   │   │   │   │   │   │   │
                                  kgateway ┐   │   │   │   │   │   │   │   │
                         envoy-gateway ┐   │   │   │   │   │   │   │   │   │
                          standard ┐   │   │   │   │   │   │   │   │   │   │
The Ingresses ask for      routes  │   │   │   │   │   │   │   │   │   │   │
  rate limit                  112  ✗12 ≈   ≈   ≈   ✓   ≈   ≈   ✗   ✗   ✗   ✗…
  body size                  1234  ✗   ✓   ✓   ✓   ✓   ✓   ✗   ✗   ≈   ✗   ✗1k
  rewrites with captures       31  ✗ 3 ✓   ✓   ✓   ✓   ✓   ✓   ✗   ✓   ✗   ✗ 3
  sign-in redirect              9  ✗   ✗   ✗   ✓   ✓   ✗   ✗   ✗   ✗   ✗   ✗
  WAF                           1  ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗
  Kept everywhere: hosts, paths.
  Approximated everywhere: CORS.
  ──────────────────────────────────────────────────────────────────────────
  kept                             2   4   4   5   6   4   3   2   3   2   2
  approximated                     1   2   2   2   1   2   2   1   2   1   1
  untranslated                     5   2   2   1   1   2   3   5   3   5   5

ingress-nginx does by itself       │   │   │   │   │   │   │   │   │   │   │
  idle timeouts               212  ✗   ≈   ≈   ≈   ≈   ≈   ≈   ≈   ≈   ≈   ≈
  health check of nginx         –  ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗   ✗
  Approximated everywhere: X-Forwarded headers.
  ──────────────────────────────────────────────────────────────────────────
  kept                             0   0   0   0   0   0   0   0   0   0   0
  approximated                     1   2   2   2   2   2   2   2   2   2   2
  untranslated                     2   1   1   1   1   1   1   1   1   1   1
"""
    )


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("found", [ELEVEN, TWO], ids=["eleven", "two"])
def test_no_line_is_wider_than_the_terminal_or_hard_to_read(found, width) -> None:
    assert max(map(len, text(found, width).splitlines())) <= min(width, 100)


def test_all_shows_what_is_the_same_everywhere() -> None:
    assert table(TWO, whole=True)[2:7] == [
        "The Ingresses ask for      routes  standard                envoy-gateway",
        "  sign-in redirect              9  ✗ untranslated          ≈ approximated",
        "  rate limit                  112  ✗ untranslated 12       ≈ approximated",
        "  hosts                       212  ✓ translated            ✓ translated",
        "  body size                     3  ○ built in              ✓ translated",
    ]


def test_colours_only_underline_what_the_marks_say() -> None:
    (row,) = (line for line in advice_in_lines(TWO, 100) if line[0][0].startswith("  sign-in"))
    assert row == (
        ("  sign-in redirect              9 ", ""),
        (" ✗ untranslated         ", "bold red"),
        (" ≈ approximated", "bold yellow"),
    )


def test_one_target_alone() -> None:
    assert text(advice(use("rate limit", 9, "u"), use("hosts", 9, "t"))).splitlines()[2:8] == [
        "The Ingresses ask for      routes  standard",
        "  rate limit                    9  ✗ untranslated",
        "  Kept everywhere: hosts.",
        "  ─────────────────────────────────────────",
        "  kept                             1",
        "  approximated                     0",
    ]


def test_only_what_is_lost_or_changes_is_counted() -> None:
    found = advice(use("paths", 9, "ta", on={"standard": 5, "envoy-gateway": 5}))
    assert table(found)[3] == "  paths                         9  ✓ translated            ≈ approximated 5"


def test_several_environments_are_named() -> None:
    found = advice(use("hosts", 9, "tt"), environments=("staging", "prod"))
    assert text(found).splitlines()[1] == (
        "Counted over 2 environments (staging, prod); what they share counts in each."
    )


def test_without_an_ingress_there_is_no_table() -> None:
    nothing = replace(advice(targets=(target("standard"),)), ingresses=0, routes=0)
    assert text(nothing) == "Found no Ingress in 31 files."
