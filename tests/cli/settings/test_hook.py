"""Any command with the options of a conversion takes the others from outside too; what click does stays as it is."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.core import ParameterSource
from click.testing import CliRunner

from converter.cli.conversion_options import conversion_options


@click.command("convert")
@click.argument("folder", required=False)
@click.option("-q", "--quiet", is_flag=True)
@click.option("--kept", envvar="ITS_OWN")
@conversion_options
@click.pass_context
def command(ctx: click.Context, /, **options: object) -> None:
    names = ("target_name", "classes", "quiet", "kept")
    click.echo([options[name] for name in names])
    click.echo([(ctx.get_parameter_source(name) or ParameterSource.DEFAULT).name for name in names])


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> list[str]:
    return CliRunner().invoke(command, arguments, catch_exceptions=False).output.splitlines()


def test_click_knows_where_each_value_comes_from(monkeypatch) -> None:
    Path("below").mkdir()
    Path("below/.ingress-migrate.yaml").write_text("target: envoy-gateway\nclass: a\nconvert: {quiet: true}\n")
    monkeypatch.setenv("INGRESS_MIGRATE_CONVERT_TARGET", "standard")
    monkeypatch.setenv("ITS_OWN", "x")

    assert run("below", "--class", "b") == [
        "['standard', ('b',), True, 'x']",
        "['ENVIRONMENT', 'COMMANDLINE', 'DEFAULT_MAP', 'ENVIRONMENT']",
    ]


def test_without_anything_outside_the_defaults_hold() -> None:
    assert run() == ["['standard', (), False, None]", "['DEFAULT', 'DEFAULT', 'DEFAULT', 'DEFAULT']"]


def test_completion_reads_no_file() -> None:
    Path(".ingress-migrate.yaml").write_text("no: such option")

    assert command.make_context("convert", [], resilient_parsing=True).params["config"] is None
    assert "There is no option no" in "\n".join(run())


def test_help_tells_of_the_file() -> None:
    assert any(line.lstrip().startswith("--config FILE") for line in run("--help"))
