"""Where the file and the environment meet click: one option does it for all others of its command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from converter.cli.options import PATH
from converter.cli.settings.discovery import discover
from converter.cli.settings.keys import CONFIG, name_variables, options_of, section_of, set_variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.cli.settings.model import Settings


class ConfigOption(click.Option):
    """``--config``: being eager, it gives the other options their values from outside before they are looked at.

    Its own value is the settings of the file, or ``None`` where there is none.
    """

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        named, rest = super().handle_parse_result(ctx, opts, args)
        if ctx.resilient_parsing:
            return named, rest
        section, options = section_of(ctx), options_of(ctx.command)
        settings = None if opts.get("no_config") else _settings(named, _arguments(ctx, opts))
        if settings:
            ctx.default_map = _defaults(settings, section, options)
            settings = settings.without(_fixed(opts, section, options))
        _listen(ctx, opts, section, options)
        ctx.params["config"] = settings
        return settings, rest


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which file holds the values of the others."""
    ignore = click.option("--no-config", is_flag=True, is_eager=True, expose_value=False, help="Read no such file.")
    named = click.option(
        "--config",
        cls=ConfigOption,
        metavar="FILE",
        type=PATH,
        is_eager=True,
        envvar=CONFIG,
        help="File that sets what is not given here.  [default: .ingress-migrate.yaml in or above the first PATH]",
    )
    return named(ignore(command))


def _settings(named: object, arguments: Iterator[str]) -> Settings | None:
    """Of the file that somebody named (an empty text names none), or else of the one that is found."""
    file = named if isinstance(named, str) else discover(arguments)
    if not file:
        return None
    from converter.cli.settings.load import load_settings

    return load_settings(file, confined=not isinstance(named, str))


def _arguments(ctx: click.Context, opts: Mapping[str, Any]) -> Iterator[str]:
    """What stands on the command line beside the options, as it was typed."""
    for parameter in ctx.command.params:
        value = opts.get(parameter.name or "")
        if isinstance(parameter, click.Argument):
            yield from (
                each for each in (value if isinstance(value, tuple | list) else [value]) if isinstance(each, str)
            )


def _defaults(settings: Settings, section: str, options: Mapping[str, click.Option]) -> dict[str, Any]:
    return {setting.parameter: setting.given for name in options if (setting := settings.find(section, name))}


def _fixed(opts: Mapping[str, Any], section: str, options: Mapping[str, click.Option]) -> set[str]:
    """The options that the command line or the environment sets, so that no path has another value."""
    return {name for name, option in options.items() if option.name in opts or set_variable(section, name)}


def _listen(ctx: click.Context, opts: Mapping[str, Any], section: str, options: Mapping[str, click.Option]) -> None:
    """Let variables set the options, and complain by their names where the command line would by the option's."""
    for name, option in options.items():
        name_variables(option, section, name)
        variable = set_variable(section, name)
        if variable is None or option.name in opts:
            continue
        try:
            option.process_value(ctx, option.value_from_envvar(ctx))
        except click.BadParameter as error:
            raise click.UsageError(f"{variable}: {error.message.rstrip('.')}.") from None
