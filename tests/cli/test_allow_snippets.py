"""``--allow-snippets`` of every command that converts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
SNIPPET = """\
  annotations:
    nginx.ingress.kubernetes.io/configuration-snippet: |
      sub_filter a b;
      more_set_headers "X: $host";
"""


@pytest.fixture
def snippet(ingress: Path) -> Path:
    ingress.write_text(ingress.read_text().replace("  name: web\nspec", f"  name: web\n{SNIPPET}spec"))
    return ingress


def test_lines_are_carried_where_it_is_allowed(snippet: Path, run: Run) -> None:
    command = ("convert", "ingress.yaml", "-t", "nginx-gateway-fabric")
    usual, allowed = run(*command).stdout, run(*command, "--allow-snippets").stdout

    assert "SnippetsFilter" not in usual
    assert "    value: |\n      sub_filter a b;\n" in allowed
    assert "more_set_headers" not in allowed


def test_it_changes_nothing_for_a_target_without_snippets(snippet: Path, run: Run) -> None:
    usual, allowed = (run("convert", "ingress.yaml", *more) for more in ([], ["--allow-snippets"]))

    assert (usual.exit_code, usual.stdout, usual.stderr) == (allowed.exit_code, allowed.stdout, allowed.stderr)


def test_what_is_off_by_default_is_said(snippet: Path, run: Run) -> None:
    said = run("convert", "ingress.yaml", "-t", "nginx-gateway-fabric", "--allow-snippets").stderr

    assert "Switch on nginxGateway.snippets.enable." in said


def test_what_it_would_carry_is_said_without_it(snippet: Path, run: Run) -> None:
    said = run("convert", "ingress.yaml", "-t", "nginx-gateway-fabric").stderr

    assert said.count("Convert with --allow-snippets") == 1


@pytest.mark.parametrize("more", [[], ["--allow-snippets"]])
def test_requests_get_what_the_report_says(snippet: Path, run: Run, more: list[str]) -> None:
    result = run("verify", "ingress.yaml", "-t", "nginx-gateway-fabric", *more)

    assert "0 not announced" in result.stdout


def test_advice_counts_what_it_carries(snippet: Path, run: Run) -> None:
    command = ("advise", "ingress.yaml", "-t", "nginx-gateway-fabric")
    usual, allowed = run(*command).stdout, run(*command, "--allow-snippets").stdout

    assert usual != allowed
    assert "nginxGateway.snippets.enable" in allowed
