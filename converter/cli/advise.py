"""``ingress-migrate advise``: what each target would keep of what the input does; no object is written."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion import settled, target_of
from converter.cli.conversion_options import any_target_options
from converter.cli.options import PATH
from converter.cli.progress import following
from converter.cli.sections import Command
from converter.cli.settings.overrides import shares
from converter.cli.sources import gather
from converter.cli.verbosity import tell, verbosity_options
from converter.targets import NAMES, OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from click.shell_completion import CompletionItem

    from converter.advice import Advice, Tally
    from converter.cli.settings.overrides import Share
    from converter.problems import Problem
    from converter.read import Environment

UNREADABLE = 1
_FORMS = {"json": "json", "md": "markdown"}
_EPILOG = (
    "Exit status: 0 done, whatever would be lost; 1 some input could not be read or converted, and the rest was"
    " looked at; 2 wrong usage. The pager is PAGER, or less with LESS=FRX."
)


def _targets(_: click.Context, parameter: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """The names, each once, in the order of all targets; those with a table of their own when none is given."""
    known = (*NAMES, *OTHERS)
    named = {name.strip() for value in given for name in value.split(",")} or set(NAMES)
    if unknown := sorted(named.difference(known)):
        raise click.BadParameter(f"{unknown[0]} is no target; choose from {', '.join(known)}", param=parameter)
    return tuple(name for name in known if name in named)


def _completed(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    before, comma, last = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{name}") for name in (*NAMES, *OTHERS) if name.startswith(last)]


@click.command("advise", cls=Command, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="A table to read, or the same for programs or for a page.",
)
@click.option(
    "--report",
    "report_files",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help=f"Write it into a file as well; its suffix is one of {', '.join(_FORMS)}; repeatable.",
)
@click.option("--all", "whole", is_flag=True, help="Show the behaviours too that are the same on every target.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colours."
)
@click.option("--no-pager", is_flag=True, help="Write to the terminal without a pager.")
@click.option(
    "-t",
    "--targets",
    "targets",
    metavar="NAME,...",
    multiple=True,
    callback=_targets,
    shell_complete=_completed,
    help=f"Implementations to compare; repeatable.  [default: all but {', '.join(OTHERS)}]",
)
@any_target_options
@verbosity_options
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Show what each target would keep of what the Ingresses in PATHS do, and what would be lost.

    The input is converted for every target, and nothing of it is written. What the Ingresses use stands in the rows,
    with the number of routes that use it; a route is a path of a host.
    """
    from converter.advice import Tally

    forms = {file: _form(file) for file in options["report_files"]}
    tallies = [Tally(target_of(options, name)) for name in options["targets"]]
    with following(options) as work:
        with work.stage("Reading"):
            environments = gather(paths, options, work)
        with work.stage("Converting"):
            advice, problems = _advise(tallies, environments, options)
    for file, form in forms.items():
        _write(file, _written(advice, form, whole=True))
    _show(advice, options)
    errors = [problem for problem in problems if problem.severity == "error"]
    tell(errors)
    if options["verbose"] and not options["quiet"]:
        tell(problem for problem in problems if problem.severity == "note")
    sys.exit(UNREADABLE if errors else 0)


def _advise(
    tallies: Sequence[Tally], environments: Sequence[Environment], options: Mapping[str, Any]
) -> tuple[Advice, list[Problem]]:
    from converter.advice import advise, take_in
    from converter.pipeline import convert_for_each

    problems: dict[Problem, None] = {}
    ingresses = files = 0
    for share in _shares(environments, options):
        name = share.environment.name
        targets = [target_of(share.options, tally.target.table.name) for tally in tallies]
        conversions = convert_for_each(share.environment.reading, targets, *settled(share))
        for conversion in take_in(tallies, conversions, name):
            last = conversion
        ingresses, files = ingresses + last.ingresses, files + last.files
        problems.update(dict.fromkeys(last.problems))
    found = advise(tallies, ingresses=ingresses, files=files, environments=_names(environments))
    return found, sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code))


def _shares(environments: Sequence[Environment], options: Mapping[str, Any]) -> Iterator[Share]:
    """What a file of settings says about the target does not count here."""
    settings = options["config"]
    own = {**options, "config": settings.without({"target"}) if settings else None}
    for environment in environments:
        yield from shares(environment, own)


def _names(environments: Sequence[Environment]) -> list[str]:
    """None where there is nothing but what has no name."""
    named = any(environment.name for environment in environments)
    return [environment.name or "everything else" for environment in environments] if named else []


def _form(file: str) -> str:
    suffix = PurePath(file).suffix.lower().removeprefix(".")
    if suffix not in _FORMS:
        raise click.UsageError(f"{file} could be any kind of report; end its name in .{' or .'.join(_FORMS)}.")
    return _FORMS[suffix]


def _written(advice: Advice, form: str, *, whole: bool) -> str:
    if form == "json":
        from converter.report.advice_json import advice_as_json

        return advice_as_json(advice)
    from converter.report.advice_markdown import advice_as_markdown

    return advice_as_markdown(advice, whole=whole)


def _write(file: str, text: str) -> None:
    from converter.write import write_file

    try:
        write_file(file, text)
    except OSError as error:
        raise click.ClickException(f"{file} could not be written: {error.strerror or error}.") from None


def _show(advice: Advice, options: Mapping[str, Any]) -> None:
    if options["form"] != "text":
        click.echo(_written(advice, options["form"], whole=options["whole"]), nl=False)
        return
    from converter.report.advice import advice_in_lines
    from converter.report.show import page, width_of

    lines = advice_in_lines(advice, width_of(sys.stdout), whole=options["whole"])
    page(lines, sys.stdout, options["color"], paged=not options["no_pager"])
