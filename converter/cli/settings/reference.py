"""Every option that can be set, as tables of a page: its key, its variable, its default and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from converter.cli.settings.form import form_of
from converter.cli.settings.keys import overridable_options, own_options, sections, shared_options, variables
from converter.cli.settings.schema import help_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def reference() -> str:
    """First what all commands share, then what each has for itself."""
    everywhere = overridable_options()
    others = {name: option for name, option in shared_options().items() if name not in everywhere}
    lines = ["### For every command, and in overrides", "", *_table("", everywhere)]
    lines += ["", "### For every command", "", *_table("", others)]
    for section in sections():
        if own := own_options(section):
            lines += ["", f"### Below `{section}:`", "", *_table(section, own)]
    return "\n".join(lines) + "\n"


def _table(section: str, options: Mapping[str, click.Option]) -> Iterator[str]:
    yield "| key | variable | value | what it does |"
    yield "|---|---|---|---|"
    for name, option in options.items():
        cells = [f"`{name}`", f"`{variables(section, name)[-1]}`", _value(option), help_of(option)]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _value(option: click.Option) -> str:
    form = form_of(option)
    default = option.get_default(click.Context(click.Command("")))
    if form.choices:
        return ", ".join(f"**{each}**" if each == default else each for each in form.choices)
    written = {"string": option.metavar or "text", "boolean": "true, **false**"}.get(form.type, form.type)
    known = f", **{default}**" if isinstance(default, str) and default else ""
    return f"{written}{known}{', or a list' if form.many else ''}"
