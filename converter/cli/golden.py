"""``ingress-migrate golden``: pin what a conversion gives today, and say when it gives something else."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion_options import conversion_options
from converter.cli.endings import TellingDifferences
from converter.cli.options import DIRECTORY, PATH
from converter.cli.pinning import (
    PLACE,
    PinningCommand,
    findings,
    other_options,
    pin,
    record,
)
from converter.cli.verbosity import verbosity_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from converter.cli.pinning import Pinning

DRIFT = 1


def _what(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments that both commands have."""
    into = click.option(
        "--into",
        metavar="FOLDER",
        type=DIRECTORY,
        # Only typed, because the options that hold are found in that folder.
        is_eager=True,
        help=f"Where the result is kept.  [default: {PLACE}/golden in the folder that is converted]",
    )
    return click.argument("paths", nargs=-1, required=True, type=PATH)(
        into(conversion_options(verbosity_options(command)))
    )


@click.group("golden")
def command() -> None:
    """Pin what the conversion of a repository gives today, so that its CI tells when that changes.

    Objects, verdicts and problems are kept beside the manifests, with the options that they were made with.
    """


@command.command("record", cls=PinningCommand, short_help="Pin what the conversion gives now.")
@_what
@click.pass_context
def record_command(context: click.Context, /, quiet: bool, **_: Any) -> None:
    """Convert PATHS and keep the result; what was kept before is replaced as a whole.

    The options are kept too: they hold for the next record and check, unless others are given.
    """
    pinning = pin(context)
    record(pinning)
    if not quiet:
        click.echo(_written(pinning))


class CheckCommand(TellingDifferences, PinningCommand):
    pass


@command.command(
    "check",
    cls=CheckCommand,
    short_help="Tell whether the conversion still gives what was pinned.",
    epilog="Exit status: 0 the same; 1 something is different; 2 wrong usage, or nothing was recorded.",
)
@_what
@click.pass_context
def check_command(context: click.Context, /, quiet: bool, **_: Any) -> None:
    """Convert PATHS and compare the result with the one that was recorded; nothing is written."""
    from converter.report import show
    from converter.report.page import patch_line

    pinning = pin(context)
    for sentence in other_options(pinning):
        click.echo(sentence, err=True)
    told = findings(pinning, f"{context.find_root().info_name} golden record {shlex.join(pinning.arguments)}")
    if not told:
        if not quiet:
            click.echo(f"{pinning.place.root}: as recorded, {_counts(pinning)}.")
        return
    show(map(patch_line, told), sys.stdout)
    sys.exit(DRIFT)


def _written(pinning: Pinning) -> str:
    before, now = pinning.before, pinning.now
    new, gone = len(now.keys() - before.keys()), len(before.keys() - now.keys())
    changed = sum(before[path] != now[path] for path in before.keys() & now.keys())
    parts = [f"{number} {word}" for number, word in ((new, "new"), (changed, "changed"), (gone, "gone")) if number]
    told = f"files: {', '.join(parts)}" if parts else "nothing is different"
    return f"Recorded {_counts(pinning)} in {pinning.place.folder} ({told})."


def _counts(pinning: Pinning) -> str:
    from converter.report.pinned import summary

    return summary(pinning.files)
