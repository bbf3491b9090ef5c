"""``ingress-migrate diff``: what a conversion would change, in files and in answers to requests; nothing is written."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from converter.cli.against import with_earlier, with_ingresses, with_plan
from converter.cli.conversion import convert_environments, convert_paths
from converter.cli.conversion_options import conversion_options
from converter.cli.endings import TROUBLE, TellingDifferences
from converter.cli.in_place import IN_PLACE, in_place_options, pinned_namespace, plan_of
from converter.cli.options import DIRECTORY, PATH
from converter.cli.progress import following
from converter.cli.rivals import choose, typed
from converter.cli.sections import Command
from converter.cli.verbosity import tell_problems, verbosity_options
from converter.report.words import visible
from converter.write.changes import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from converter.cli.against import Comparison
    from converter.cli.conversion import Converted
    from converter.report import Report
    from converter.report.page import Line

SAME = 0
CHANGES = 1

_EPILOG = (
    "Exit status: 0 nothing to do; 1 files would change or, with --against, answers or verdicts did; 2 wrong usage, or"
    " input that could not be read or converted. The pager is PAGER, or less with LESS=FRX."
)


class DiffCommand(TellingDifferences, Command):
    pass


@click.command("diff", cls=DiffCommand, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--directory",
    metavar="DIR",
    type=DIRECTORY,
    help="Show what convert -o DIR would change.  [default: what convert --in-place would]",
)
@click.option(
    "--against",
    metavar="REF|DIR",
    help="Compare with the objects in a folder, or with what the input gave at a commit, branch or tag of Git.",
)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "behaviour", "patch", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Files and behaviour to read, or one of them alone: a patch for git apply; the behaviour to read or as data.",
)
@click.option("--all", "whole", is_flag=True, help="Show the hosts and paths on which nothing differs, too.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colours."
)
@click.option("--no-pager", is_flag=True, help="Write to the terminal without a pager.")
@in_place_options
@conversion_options
@verbosity_options
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Show what converting PATHS would change, and write nothing.

    First the files that convert --in-place would change, as a unified diff. Then, for each host, its paths with who
    answers them and what holds there, before and after, as predicted from the Ingresses and from the objects that
    were made of them.
    """
    choose(
        options, "directory", "against", "--directory and --against both say what to compare with; name one of them."
    )
    in_place = _is_in_place(paths, options)
    needing = typed(IN_PLACE)
    if needing and not in_place:
        raise click.UsageError(
            f"{needing[0]} is about changing files in place; leave out --directory, --against, --chart, --cluster, -."
        )
    namespace_of = partial(pinned_namespace, paths, options) if in_place else None
    converted = convert_paths(paths, options, namespace_of)
    found, report = _compared(converted, paths, options, namespace_of)
    changed = patch(found.before, found.after)
    _show(changed, found, options)
    for note in found.notes:
        click.echo(visible(note), err=True)
    tell_problems(report, options)
    if report.problems_of("error"):
        sys.exit(TROUBLE)
    news = found.of_runs and (found.verdicts or any(each.differs for each in found.reviews))
    sys.exit(CHANGES if changed or news or found.conflicts else SAME)


def _compared(
    converted: Converted, paths: tuple[str, ...], options: dict[str, Any], namespace_of: Callable[[str], str] | None
) -> tuple[Comparison, Report]:
    """What is compared, and the report with what was wrong on either side."""
    if options["against"]:
        return with_earlier(converted, options["against"], paths, options), converted.report
    with following(options) as work, work.stage("Comparing"):
        if namespace_of is None:
            return with_ingresses(converted, options["directory"]), converted.report
        again = partial(convert_environments, options=options, namespace_of=namespace_of)
        plan = plan_of(converted, paths, options, again)
        report = replace(converted.report, problems=(*converted.report.problems, *plan.problems))
        return with_plan(converted, plan), report


def _is_in_place(paths: Sequence[str], options: Mapping[str, Any]) -> bool:
    """Whether the files are those of a repository; of standard input, a chart or a cluster there are none."""
    elsewhere = ("directory", "against", "chart", "cluster")
    return bool(paths) and "-" not in paths and not any(options[name] for name in elsewhere)


def _show(changed: Sequence[str], found: Comparison, options: Mapping[str, Any]) -> None:
    if options["form"] == "patch":
        sys.stdout.buffer.write("".join(f"{line}\n" for line in changed).encode())
    elif options["form"] == "json":
        from converter.report.behaviour_json import behaviour_as_json

        click.echo(behaviour_as_json(found.reviews, found.verdicts), nl=False)
    elif options["form"] == "markdown":
        from converter.report.behaviour_markdown import behaviour_as_markdown

        click.echo(behaviour_as_markdown(found.reviews, found.verdicts), nl=False)
    else:
        _read(changed if options["form"] == "text" else (), found, options)


def _read(changed: Sequence[str], found: Comparison, options: Mapping[str, Any]) -> None:
    from converter.report.behaviour import behaviour
    from converter.report.page import patch_line
    from converter.report.show import page, width_of

    width = width_of(sys.stdout)
    title: list[Line] = [(("", ""),), (("Behaviour", "bold"),), (("", ""),)]
    lines = [
        *map(patch_line, changed),
        *(title if changed else []),
        *behaviour(found.reviews, width, found.verdicts, whole=options["whole"]),
    ]
    page(lines, sys.stdout, options["color"], paged=not options["no_pager"])
