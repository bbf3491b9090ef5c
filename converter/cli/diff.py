"""``ingress-migrate diff``: what a conversion would change, in files and in answers to requests; nothing is written."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion import conversion_options, convert_paths
from converter.write import OutputRefused, layout
from converter.write.changes import patch
from converter.write.directory import content, present

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.cli.conversion import Converted
    from converter.report.page import Line, Style

SAME = 0
CHANGES = 1
TROUBLE = 2

_EPILOG = (
    "Exit status: 0 no file would change; 1 some would; 2 wrong usage, or input that could not be read or converted."
)
_STYLES: Mapping[str, Style] = {"+": "green", "-": "red", "@": "cyan", "d": "bold"}


@click.command("diff", epilog=_EPILOG)
@click.argument("paths", nargs=-1)
@click.option("--directory", metavar="DIR", help="What convert -o DIR wrote before.  [default: nothing yet]")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "patch"]),
    default="text",
    show_default=True,
    help="Files and behaviour to read, or a patch of the files for git apply.",
)
@conversion_options
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Show what converting PATHS would change, and write nothing.

    First the files, as a unified diff. Then, for each host, requests to its paths with who answers them before and
    after, as predicted from the Ingresses and from the objects that were made of them.
    """
    converted = convert_paths(paths, options)
    lines = _patch(converted, options["directory"])
    if options["form"] == "patch":
        sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())
    else:
        _show([_coloured(line) for line in lines], converted)
    _warn(converted)
    if converted.report.problems_of("error"):
        sys.exit(TROUBLE)
    sys.exit(CHANGES if lines else SAME)


def _patch(converted: Converted, directory: str | None) -> list[str]:
    try:
        before = present(directory) if directory else {}
    except OutputRefused as refusal:
        raise click.UsageError(
            f"{refusal.directory} holds {refusal.file}, which ingress-migrate did not write; name another directory."
        ) from None
    except OSError as error:
        raise click.UsageError(f"{directory} could not be read: {error.strerror or error}.") from None
    after = {file.path: content(file) for file in layout(converted.by_environment)}
    prefix = f"{os.path.relpath(directory).replace(os.sep, '/')}/".removeprefix("./") if directory else ""
    return patch({prefix + path: text for path, text in before.items()}, {prefix + p: t for p, t in after.items()})


def _coloured(line: str) -> Line:
    if line.startswith(("+++", "---")):
        return ((line, "bold"),)
    return ((line, _STYLES.get(line[:1], "")),)


def _show(files: Sequence[Line], converted: Converted) -> None:
    from converter.report.behaviour import behaviour
    from converter.report.show import page
    from converter.verify.review import review

    reviews = [
        each
        for part in converted.parts
        for table in part.conversion.tables
        for each in review(
            table, converted.by_environment[part.environment], part.conversion.entries, part.target.table
        )
    ]
    blank: Line = (("", ""),)
    page([*files, *([blank] if files else []), *behaviour(reviews)], sys.stdout)


def _warn(converted: Converted) -> None:
    for problem in converted.report.problems_of("error"):
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        click.echo(f"{where}: {problem.message} {problem.advice}".rstrip(), err=True)
