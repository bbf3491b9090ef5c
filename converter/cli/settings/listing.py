"""What every option is set to, and by whom."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import click
from click.core import ParameterSource

from converter.cli.settings.keys import (
    CONFIG,
    PREFIX,
    name_variables,
    own_options,
    sections,
    set_variable,
    shared_options,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.cli.settings.model import Settings

Source = Literal["default", "environment", "file", "command line"]
_PLAIN = (str, bool, int, float)
_OF_OTHERS = (CONFIG, f"{PREFIX}_TRACEBACK")


@dataclass(frozen=True, slots=True)
class Listed:
    command: str
    """Empty for what holds for all of them."""
    name: str
    value: Any
    """A text, a number, a truth or a list; ``None`` when it is not set."""
    source: Source
    place: str
    """The variable, or the file and its line."""


def listed(ctx: click.Context, settings: Settings | None) -> Iterator[Listed]:
    """The options that all converting commands share, then those that only one has or that the file sets for one.

    ``ctx`` is that of a command with the shared ones; what its command line says, it says for all.
    """
    typed = {name for name, option in shared_options().items() if _typed(ctx, option)}
    for name, option in shared_options().items():
        if name in typed:
            yield Listed("", name, _shown(option, ctx.params[option.name or ""]), "command line", "")
        else:
            yield _listed("", name, option, settings)
    for section, options in sections().items():
        alone = {*own_options(section), *(settings.sections.get(section, {}) if settings else ())}
        for name, option in options.items():
            own_variable = os.environ.get(variables(section, name)[0])
            if name not in typed and (name in alone or own_variable):
                yield _listed(section, name, option, settings)


def strangers() -> list[str]:
    """Variables that look like ours and set nothing."""
    known = {each for section, options in sections().items() for name in options for each in variables(section, name)}
    return sorted(
        name
        for name in os.environ
        if name.startswith(f"{PREFIX}_") and not name.startswith(_OF_OTHERS) and name not in known
    )


def plain(value: Any) -> Any:
    """The value of an option in the types of JSON; a version or a name of several parts as it is written."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, tuple):
        separator = "." if all(isinstance(each, int) for each in value) else "/"
        return separator.join(map(str, value)) if any(value) else None
    return (value if isinstance(value, bool | int | float) else value or None) if isinstance(value, _PLAIN) else None


def _shown(option: click.Option, value: Any) -> Any:
    return plain(list(value) if option.multiple and value else value)


def _typed(ctx: click.Context, option: click.Option) -> bool:
    return ctx.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE


def _listed(section: str, name: str, option: click.Option, settings: Settings | None) -> Listed:
    """As click decides it for a command line that says nothing."""
    ctx = click.Context(click.Command(section))
    setting = settings.find(section, name) if settings else None
    ctx.default_map = {setting.parameter: setting.given} if setting else {}
    name_variables(option, section, name)
    option.handle_parse_result(ctx, {}, [])
    value = _shown(option, ctx.params[option.name or ""])
    source = ctx.get_parameter_source(option.name or "")
    if source is ParameterSource.ENVIRONMENT:
        return Listed(section, name, value, "environment", set_variable(section, name) or "")
    if source is ParameterSource.DEFAULT_MAP and settings and setting:
        return Listed(section, name, value, "file", f"{settings.file}:{setting.line}")
    return Listed(section, name, value, "default", "")
