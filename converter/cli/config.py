"""``ingress-migrate config``: what options are set to, by whom, and what the file may say."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion_options import conversion_options
from converter.cli.options import PATH
from converter.cli.settings.discovery import FILE
from converter.cli.settings.listing import listed, plain, strangers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.cli.settings.listing import Listed
    from converter.cli.settings.model import Override, Settings
    from converter.report.page import Line, Style


@click.group("config")
def command() -> None:
    """Show where options are set, and what a file of them may say.

    What the command line leaves open is taken from the environment, then from .ingress-migrate.yaml, which is looked
    for in the folder of the first PATH and above, up to the root of its repository.
    """


@command.command("show")
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table to read, or JSON.",
)
@conversion_options
@click.pass_context
def show_command(ctx: click.Context, /, paths: tuple[str, ...], form: str, **options: Any) -> None:  # noqa: ARG001
    """Show every option with its value and who set it.

    It is what a conversion of PATHS, or of this folder, would go by.
    """
    settings: Settings | None = options["config"]
    found = list(listed(ctx, settings))
    if form == "json":
        click.echo(json.dumps(_as_json(settings, found), indent=2, ensure_ascii=False))
        return
    from converter.report.show import show

    show(_as_lines(settings, found), sys.stdout)


@command.command("schema")
@click.argument("of", metavar="[settings|mappings]", type=click.Choice(["settings", "mappings"]), default="settings")
def schema_command(of: str) -> None:
    """Print the JSON Schema of the file, or of one for --mappings, for editors."""
    module = importlib.import_module(f"converter.cli.{of}.schema")
    click.echo(json.dumps(module.schema(), indent=2, ensure_ascii=False))


def _as_json(settings: Settings | None, found: Sequence[Listed]) -> dict[str, Any]:
    return {
        "file": settings.file if settings else None,
        "options": [
            {
                "command": each.command or None,
                "name": each.name,
                "value": each.value,
                "source": each.source,
                "place": each.place or None,
            }
            for each in found
        ],
        "overrides": [
            {
                "line": each.line,
                "paths": each.patterns,
                "options": {name: value for name, value, _ in _settings_of(each)},
            }
            for each in (settings.overrides if settings else ())
        ],
        "unknownVariables": strangers(),
    }


def _as_lines(settings: Settings | None, found: Sequence[Listed]) -> Iterator[Line]:
    width = max(len(each.name) for each in found) + 2
    values = max(len(_text(each.value)) for each in found) + 2
    yield ((f"Options from {settings.file}" if settings else f"No {FILE} is here or above.", "bold"),)
    command = None
    for each in found:
        if each.command != command:
            command = each.command
            yield (("", ""),)
            yield ((command or "all commands", "bold"),)
        style: Style = "dim" if each.source == "default" else ""
        where = " ".join(filter(None, ("" if each.source == "file" else each.source, each.place)))
        yield ((f"  {each.name:<{width}}{_text(each.value):<{values}}{where}", style),)
    for override in settings.overrides if settings else ():
        yield (("", ""),)
        yield ((f"{override.file}:{override.line} for {', '.join(override.patterns)}", "bold"),)
        for name, value, line in _settings_of(override):
            yield ((f"  {name:<{width}}{_text(value):<{values}}{override.file}:{line}", ""),)
    if unknown := strangers():
        yield (("", ""),)
        yield ((f"No option has the variable {', '.join(unknown)}.", "bold yellow"),)


def _settings_of(override: Override) -> list[tuple[str, Any, int]]:
    return [
        (name, plain(list(setting.value) if isinstance(setting.given, list) else setting.value), setting.line)
        for name, setting in override.settings.items()
    ]


def _text(value: Any) -> str:
    if value is None:
        return "(not set)"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, list) else str(value)
