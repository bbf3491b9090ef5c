"""Options that do not go together, on the command line and where a file or the environment sets one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.conftest import Run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("convert", "--report-format", "md"), "--report-format is about a report; name its file with --report."),
        (("convert", "--on-conflict", "keep"), "--on-conflict goes with --in-place."),
        (
            ("diff", "--directory", "out", "--same-file"),
            "--same-file is about changing files in place; leave out --directory, --against, --chart, --cluster, -.",
        ),
        (
            ("diff", "--against", "HEAD", "--on-conflict", "keep"),
            "--on-conflict is about changing files in place; leave out --directory, --against, --chart, --cluster, -.",
        ),
    ],
)
def test_an_option_without_effect_is_wrong_usage(ingress: Path, run: Run, arguments, message) -> None:
    result = run(*arguments, "ingress.yaml")

    assert result.exit_code == 2
    assert result.stderr.endswith(f"\n\nError: {message}\n")


def test_a_folder_that_was_typed_counts_more_than_in_place_of_a_file(ingress: Path, run: Run) -> None:
    Path(".ingress-migrate.yaml").write_text("convert:\n  in-place: true\n  same-file: true\n  on-conflict: keep\n")
    result = run("convert", "ingress.yaml", "-q", "-o", "out")

    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("out/gateway-nginx.yaml").is_file()
    assert not Path("gateway-api").exists()


def test_in_place_that_was_typed_counts_more_than_a_folder_of_the_environment(
    ingress: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INGRESS_MIGRATE_CONVERT_OUTPUT", "out")
    result = run("convert", "ingress.yaml", "-q", "--in-place")

    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("ingress.gateway.yaml").is_file()
    assert not Path("out").exists()


def test_a_file_may_say_how_to_change_in_place_and_a_run_not_do_it(ingress: Path, run: Run) -> None:
    Path(".ingress-migrate.yaml").write_text("convert:\n  infrastructure: edge/\n")
    result = run("convert", "ingress.yaml", "-q")

    assert (result.exit_code, result.stderr) == (0, "")


def test_two_that_are_equally_near_are_wrong_usage(ingress: Path, run: Run) -> None:
    Path(".ingress-migrate.yaml").write_text("convert:\n  in-place: true\n  output: out/\n")
    result = run("convert", "ingress.yaml", "-q")

    assert result.exit_code == 2
    assert result.stderr.endswith("Error: Choose one of --output and --in-place.\n")
