"""Which options can be set from outside, and by which names."""

from __future__ import annotations

import click
import pytest

from converter.cli import COMMANDS
from converter.cli.settings.form import form_of
from converter.cli.settings.keys import (
    is_path,
    options_of,
    own_options,
    sections,
    set_variable,
    shared_options,
    variables,
)


def test_options_go_by_their_long_names_and_those_about_the_run_itself_are_left_out() -> None:
    @click.command()
    @click.option("-a", "--all-of-it/--none", "everything")
    @click.option("-s", "short")
    @click.option("--now", is_eager=True)
    @click.option("--secret", hidden=True)
    @click.argument("paths")
    def command() -> None: ...

    assert [(name, option.name) for name, option in options_of(command).items()] == [("all-of-it", "everything")]


def test_every_command_that_converts_has_a_section() -> None:
    assert {"convert", "diff"} <= sections().keys() <= COMMANDS.keys() - {"config", "explain"}
    assert not shared_options().keys() & own_options("convert").keys()


@pytest.mark.parametrize("section", sections())
def test_no_option_can_be_taken_for_a_section_or_for_another_option(section: str) -> None:
    names = {name: variables(section, name) for name in sections()[section]}
    every = [variable for found in names.values() for variable in found]

    assert not names.keys() & {*COMMANDS, "overrides", "paths", "config"}
    assert len(every) == len(set(every))


@pytest.mark.parametrize("section", sections())
def test_every_option_has_a_form_in_the_file(section: str) -> None:
    """One that takes several words, or a flag that stands for a text, would need a form of its own."""
    for option in sections()[section].values():
        assert option.nargs == 1
        assert not option.is_flag or form_of(option).type in ("boolean", "integer")


def test_a_shared_option_has_a_variable_for_all_and_one_for_each_command(monkeypatch) -> None:
    assert variables("diff", "gateway-api") == ("INGRESS_MIGRATE_DIFF_GATEWAY_API", "INGRESS_MIGRATE_GATEWAY_API")
    assert variables("diff", "output") == ("INGRESS_MIGRATE_DIFF_OUTPUT",)
    assert variables("", "target") == ("INGRESS_MIGRATE_TARGET",)

    monkeypatch.setenv("INGRESS_MIGRATE_GATEWAY_API", "1.4")
    monkeypatch.setenv("INGRESS_MIGRATE_DIFF_GATEWAY_API", "")
    assert set_variable("diff", "gateway-api") == "INGRESS_MIGRATE_GATEWAY_API"
    assert set_variable("diff", "output") is None


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (click.Option(["--a"], metavar="FILE"), True),
        (click.Option(["--a"], type=click.Path()), True),
        (click.Option(["--a"], metavar="REF"), False),
        (click.Option(["--a"]), False),
    ],
)
def test_paths_are_known_by_their_type_or_by_what_help_calls_them(option: click.Option, expected: bool) -> None:
    assert is_path(option) == expected
