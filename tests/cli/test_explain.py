"""``explain``: every name that the tables know has its answer."""

from __future__ import annotations

import pytest

from converter.tables import controller_table, neighbours
from converter.targets import NAMES
from converter.targets.table import target_table

TABLE = controller_table("ingress-nginx")

LIMIT_RPS = """\
nginx.ingress.kubernetes.io/limit-rps

Requests per second for one client address; further ones get 503.
Counted per replica and per Ingress. Five times the limit may come at once, see
limit-burst-multiplier.

  type       int
  default    0
  holds for  the paths of its own Ingress
  if invalid ingress-nginx does not serve the Ingress at all
  since      0.8

Gateway API, any implementation
  untranslated  The Gateway API has no rate limit. Choose an implementation with one
                (envoy-gateway has it), or limit in front of the Gateway.

Envoy Gateway
  approximated  The same rate for each client address; Envoy Gateway has no burst on top
                of it, answers 429 instead of 503, and counts for each rule and replica.
                Raise the number of requests if clients rely on short bursts.
"""


@pytest.mark.parametrize("name", ["limit-rps", "nginx.ingress.kubernetes.io/limit-rps"])
def test_an_annotation_with_or_without_its_prefix(run, name) -> None:
    result = run("explain", name)

    assert (result.exit_code, result.stdout[: len(LIMIT_RPS)]) == (0, LIMIT_RPS)
    titles = [target_table(name).title for name in NAMES]
    assert [line for line in result.stdout.splitlines() if line in titles] == titles


@pytest.mark.parametrize("name", sorted({*TABLE.annotations, *TABLE.aliases, *TABLE.removed, *TABLE.invented}))
def test_every_name_of_the_controller_is_explained(run, name) -> None:
    result = run("explain", name)

    assert result.exit_code == 0
    assert result.stdout.startswith(f"nginx.ingress.kubernetes.io/{name}\n\n")
    assert max(len(line) for line in result.stdout.splitlines()) <= 100


@pytest.mark.parametrize("key", sorted(key for key in neighbours().rows if not key.endswith("*")))
def test_every_annotation_of_another_program_is_explained(run, key) -> None:
    result = run("explain", key)

    assert result.exit_code == 0
    assert f"ingress-nginx does not read it; it is for {neighbours().rows[key].program}." in result.stdout.replace(
        "\n", " "
    )


def test_another_name_leads_to_the_real_one(run) -> None:
    lines = run("explain", "whitelist-source-range").stdout.splitlines()

    assert lines[2] == "Another name of allowlist-source-range, since 0.8."
    assert lines[4] == "nginx.ingress.kubernetes.io/allowlist-source-range"


def test_a_removed_name_says_what_replaced_it(run) -> None:
    assert run("explain", "secure-backends").stdout == (
        "nginx.ingress.kubernetes.io/secure-backends\n"
        "\n"
        "Removed in 0.21.0; without effect since.\n"
        "Spoke https to the backend.\n"
        "Use instead: backend-protocol: HTTPS.\n"
    )


def test_the_annotation_for_the_class(run) -> None:
    assert run("explain", "kubernetes.io/ingress.class").stdout.startswith(
        "kubernetes.io/ingress.class\n\nNames the class of the Ingress, and so the controller that serves it;"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("limit-rp",), "No annotation limit-rp is known. Did you mean limit-rps?"),
        (("zzz",), "No annotation zzz is known. See --all for every name."),
        (("example.com/owner",), "No annotation example.com/owner is known. See --all for every name."),
        ((), "Name an annotation, or use --all."),
    ],
)
def test_a_name_that_nobody_knows_is_wrong_usage(run, arguments, message) -> None:
    result = run("explain", *arguments)

    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: {message}\n")


def test_all_lists_every_annotation_once(run) -> None:
    lines = run("explain", "--all").stdout.splitlines()

    assert [line.split("  ")[0].strip() for line in lines] == sorted(TABLE.annotations)


def test_the_whole_reference_as_markdown(run) -> None:
    result = run("explain", "--all", "-o", "markdown")

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [name for name in TABLE.annotations if f"## {name}" not in lines] == []
    names = {*TABLE.aliases, *TABLE.removed, *TABLE.invented}
    assert [name for name in names if not any(line.startswith(f"- `{name}`: ") for line in lines)] == []
    assert [line for line in lines if line != line.rstrip()] == []


def test_every_row_of_its_table_has_every_column(run) -> None:
    """A vertical bar in a text would open a column of its own."""
    rows = [line for line in run("explain", "--all", "-o", "markdown").stdout.splitlines() if line.startswith("| ")]

    assert {row.replace("\\|", "").count("|") for row in rows} == {3 + len(NAMES)}


def test_what_a_target_carries_comes_first(run) -> None:
    """Also where it carries it as a setting, or by a row that no other target has."""
    lines = run("explain", "allowlist-source-range").stdout.splitlines()
    assert lines[lines.index("Envoy Gateway") + 1].split()[0] == "translated"

    lines = run("explain", "load-balance").stdout.splitlines()
    assert lines[lines.index("Envoy Gateway") + 1].split()[0] != "untranslated"
