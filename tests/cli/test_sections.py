"""Help of a command with many options."""

from __future__ import annotations

import importlib
import re

import click
import pytest

from converter.cli import group
from converter.cli.sections import SECTIONS, Command, sections

FEW = """\
Usage: few [OPTIONS]

  Has few options.

Target:
  -t, --target NAME               Implementation.

Options:
  --other TEXT                    Something else.
  -h, --help                      Show this message and exit.
"""


def called(name: str) -> tuple[click.Command, click.Context]:
    command = importlib.import_module(f"converter.cli.{name}").command
    return command, click.Context(command, parent=click.Context(group, **group.context_settings), info_name=name)


def test_options_stand_in_their_sections_and_all_others_come_last(run) -> None:
    @click.command("few", cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
    @click.argument("paths", nargs=-1)
    @click.option("--other", help="Something else.")
    @click.option("-t", "--target", "target_name", metavar="NAME", help="Implementation.")
    @click.option("--secret", hidden=True)
    def few(**_: str) -> None:
        """Has few options."""

    ctx = click.Context(few, info_name="few", terminal_width=80, **few.context_settings)

    assert few.get_help(ctx) == FEW.replace("[OPTIONS]", "[OPTIONS] [PATHS]...").rstrip()


@pytest.mark.parametrize("name", ["convert", "diff", "probe", "advise"])
def test_every_option_of_a_conversion_has_a_section(name) -> None:
    """Those that follow the sections are the ones that every command has."""
    command, ctx = called(name)
    *_, (title, rest) = sections(command, ctx)

    long = [re.sub(r".*(--[\w-]+).*", r"\1", names) for names, _ in rest]
    assert (title, long) == ("Options", ["--config", "--no-config", "--quiet", "--verbose", "--help"])


def test_every_option_is_listed_once() -> None:
    command, ctx = called("convert")
    listed = [names for _, records in sections(command, ctx) for names, _ in records]
    options = [option for option in command.get_params(ctx) if isinstance(option, click.Option)]

    assert len(listed) == len(set(listed)) == len(options)


def test_no_option_is_in_two_sections() -> None:
    names = [name for section in SECTIONS.values() for name in section]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("width", ["80", "100"])
@pytest.mark.parametrize("name", ["convert", "diff", "probe", "explain", "completion"])
def test_help_fits_the_terminal(run, monkeypatch, width, name) -> None:
    monkeypatch.setenv("COLUMNS", width)

    assert max(map(len, run(name, "-h").stdout.splitlines())) <= int(width)
