"""Which options can be set outside the command line, and by which names; all of it is read off the commands."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PREFIX = "INGRESS_MIGRATE"
CONFIG = f"{PREFIX}_CONFIG"
"""The variable that names the file."""
OVERRIDES = "overrides"
PATHS = "paths"
_PATH_METAVARS = frozenset({"FILE", "DIR", "PATH"})


def options_of(command: click.Command) -> dict[str, click.Option]:
    """The options of a command by their long names; those about the run itself, such as ``--help``, are eager."""
    return {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        and not option.is_eager
        and not option.hidden
        and (name := long_name(option))
    }


def long_name(option: click.Option) -> str:
    """Without dashes in front; empty for an option that has only a short one."""
    return next((name[2:] for name in option.opts if name.startswith("--")), "")


@cache
def shared_options() -> dict[str, click.Option]:
    """Those that say what is converted and to what; every command that converts has them."""
    from converter.cli.conversion_options import conversion_options

    return _added_by(conversion_options)


@cache
def _any_target_options() -> dict[str, click.Option]:
    from converter.cli.conversion_options import any_target_options

    return _added_by(any_target_options)


@cache
def overridable_options() -> dict[str, click.Option]:
    """Those of them that may differ by path: where the input comes from cannot depend on what is in it."""
    from converter.cli.sources import source_options

    return {name: option for name, option in shared_options().items() if name not in _added_by(source_options)}


def _added_by(decorator: Callable[[Callable[..., Any]], Callable[..., Any]]) -> dict[str, click.Option]:
    def bare(**_: Any) -> None:
        """Take all options and do nothing."""

    return options_of(click.command()(decorator(bare)))


@cache
def sections() -> Mapping[str, Mapping[str, click.Option]]:
    """The options of every command that converts, by its name; those of a group are what its commands have."""
    from converter.cli import COMMANDS, group

    found = {}
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        options: dict[str, click.Option] = {}
        for leaf in _leaves(command) if command and name != "config" else ():
            if _any_target_options().keys() <= options_of(leaf).keys():
                options |= options_of(leaf)
        if options:
            found[name] = options
    return found


def _leaves(command: click.Command) -> Iterator[click.Command]:
    if not isinstance(command, click.Group):
        yield command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        if below := command.get_command(context, name):
            yield from _leaves(below)


def own_options(section: str) -> dict[str, click.Option]:
    """What only this command has."""
    return {name: option for name, option in sections()[section].items() if name not in shared_options()}


def section_of(ctx: click.Context) -> str:
    """The name of the command below the program, also for a command of a group."""
    while ctx.parent and ctx.parent.parent:
        ctx = ctx.parent
    return ctx.info_name or ""


def variables(section: str, name: str) -> tuple[str, ...]:
    """The environment variables of an option, the one that counts most first."""
    own = (_variable(section, name),) if section else ()
    return (*own, _variable(name)) if name in shared_options() else own


def name_variables(option: click.Option, section: str, name: str) -> None:
    """Let the option listen to its variables, unless it names some of its own."""
    option.envvar = option.envvar or variables(section, name)


def set_variable(section: str, name: str) -> str | None:
    """The variable that sets the option here; an empty one sets nothing."""
    return next((variable for variable in variables(section, name) if os.environ.get(variable)), None)


def _variable(*words: str) -> str:
    return "_".join((PREFIX, *words)).upper().replace("-", "_")


def is_path(option: click.Option) -> bool:
    """Whether its value is the path of a file or a directory."""
    return isinstance(option.type, click.Path | click.File) or option.metavar in _PATH_METAVARS
