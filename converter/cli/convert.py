"""``ingress-migrate convert``: read, convert, write, report."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion import convert_environments, convert_paths
from converter.cli.conversion_options import conversion_options
from converter.cli.in_place import (
    IN_PLACE,
    carry_out,
    in_place_options,
    pinned_namespace,
    plan_of,
    told_changes,
    told_conflicts,
    told_open,
)
from converter.cli.options import DIRECTORY, PATH
from converter.cli.progress import following
from converter.cli.rivals import choose, typed
from converter.cli.sections import Command
from converter.cli.verbosity import tell_summary, verbosity_options
from converter.ledger import Verdict
from converter.report import FORMATS, Report, format_of, show
from converter.report.words import counted

if TYPE_CHECKING:
    from converter.cli.conversion import Converted
    from converter.report.page import Line
    from converter.write.repository.model import Conflict, Plan

UNREADABLE = 1
VERDICT_REACHED = 3

_FAILING = {
    "untranslated": {Verdict.UNTRANSLATED},
    "approximated": {Verdict.UNTRANSLATED, Verdict.APPROXIMATED},
}

_BLANK: Line = (("", ""),)
_REFUSED = (
    "No object was written, because an access rule cannot be carried; take care of it, or choose another"
    " --on-lost-access-control."
)
_EPILOG = (
    "Exit status: 0 done; 1 some input could not be read or converted, or a file that somebody edited was kept, and"
    " the rest was done, or --on-lost-access-control fail held everything back; 2 wrong usage; 3 a verdict reached"
    " --fail-on."
)


@click.command("convert", cls=Command, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "-o", "--output", metavar="DIR", type=DIRECTORY, help="Write one file for each object instead of standard output."
)
@click.option("--in-place", is_flag=True, help="Write objects beside the files of their Ingresses.")
@in_place_options
@click.option("--force", is_flag=True, help="Change files that have uncommitted changes too.")
@click.option(
    "--report",
    "report_files",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help=f"Write a report; its suffix is one of {', '.join(FORMATS)}; repeatable.",
)
@click.option(
    "--report-format", type=click.Choice(list(FORMATS)), help="Format of the reports whose suffix is none of these."
)
@conversion_options
@click.option(
    "--fail-on", type=click.Choice(list(_FAILING)), help="Exit with 3 when an entry has this verdict or worse."
)
@verbosity_options
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Convert the Ingresses in PATHS: files, directories, or - for standard input.

    Objects go to standard output, a summary to standard error.
    """
    if typed(["report_format"]) and not options["report_files"]:
        raise click.UsageError("--report-format is about a report; name its file with --report.")
    forms = {file: _form(file, options["report_format"]) for file in options["report_files"]}
    in_place = _wants_in_place(options)
    namespace_of = partial(pinned_namespace, paths, options) if in_place else None
    again = partial(convert_environments, options=options, namespace_of=namespace_of)
    converted = convert_paths(paths, options, namespace_of)
    report = converted.report
    mixed = _mixed(converted, options)
    held_back = bool(mixed) or converted.refused
    if not (in_place or held_back or options["output"]):
        _print_objects(converted)
    with following(options) as work, work.stage("Writing"):
        plan = plan_of(converted, paths, options, again) if in_place and not held_back else None
        if plan:
            report = replace(report, problems=(*report.problems, *plan.problems))
            carry_out(plan, force=options["force"])
        elif options["output"] and not held_back and (report.documents or not report.problems_of("error")):
            # What an earlier run wrote is not emptied because this one could read nothing.
            _write_objects(converted, options["output"])
        for file, form in forms.items():
            _write_report(FORMATS[form](report), file)
    if mixed:
        raise click.UsageError(mixed)
    if plan and not options["quiet"]:
        show([*told_changes(plan), _BLANK], sys.stderr)
    tell_summary(report.without_objects() if converted.refused else report, options)
    if plan:
        show(_left(plan, options), sys.stderr)
    if converted.refused:
        raise click.ClickException(_REFUSED)
    sys.exit(_status(report, options["fail_on"]) or _conflict_status(plan, options))


def _wants_in_place(options: dict[str, Any]) -> bool:
    """Whether to change files in place; options that say how without that are wrong usage."""
    choose(options, "output", "in_place", "Choose one of --output and --in-place.")
    needing = typed((*IN_PLACE, "force"))
    if needing and not options["in_place"]:
        raise click.UsageError(f"{needing[0]} goes with --in-place.")
    return bool(options["in_place"])


def _mixed(converted: Converted, options: dict[str, Any]) -> str:
    """Why standard output cannot take the objects; empty if it can."""
    names = [*filter(None, converted.by_environment)]
    if "" in converted.by_environment:
        names.append("everything else")
    if len(names) < 2 or options["output"] or options["in_place"]:
        return ""
    written = " The report was written." if options["report_files"] else ""
    return (
        f"These paths hold {len(names)} environments ({', '.join(names)}), and standard output takes one: use -o DIR or"
        f" --in-place, or name the folder of one.{written}"
    )


def _print_objects(converted: Converted) -> None:
    from converter.write import dump, write_stream

    write_stream(sys.stdout.buffer, dump(converted.objects))


def _write_objects(converted: Converted, directory: str) -> None:
    from converter.write import OutputRefused, layout, write_directory

    try:
        write_directory(directory, layout(converted.by_environment))
    except OutputRefused as refusal:
        raise click.UsageError(
            f"{refusal.directory} holds {refusal.file}, which ingress-migrate did not write; choose an empty directory."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{directory} could not be written: {error.strerror or error}.") from None


def _form(file: str, otherwise: str | None) -> str:
    found = format_of(file) or otherwise
    if not found:
        raise click.UsageError(f"{file} could be any kind of report; name its format with --report-format.")
    return found


def _write_report(text: str, file: str) -> None:
    from converter.write import write_file

    try:
        write_file(file, text)
    except OSError as error:
        raise click.ClickException(f"{file} could not be written: {error.strerror or error}.") from None


def _left(plan: Plan, options: dict[str, Any]) -> list[Line]:
    """What the run left to somebody; it comes last, where it is seen."""
    conflicts = told_conflicts(_unwanted(plan, options))
    if options["quiet"]:
        return conflicts
    lines = [*told_open(plan), *conflicts]
    return [_BLANK, *lines] if lines else []


def _unwanted(plan: Plan, options: dict[str, Any]) -> list[Conflict]:
    """The conflicts that nobody has decided; a file of somebody else is in the way whatever was decided."""
    return [each for each in plan.conflicts if each.foreign or options["on_conflict"] == "report"]


def _conflict_status(plan: Plan | None, options: dict[str, Any]) -> int:
    return UNREADABLE if plan and _unwanted(plan, options) else 0


def _status(report: Report, fail_on: str | None) -> int:
    if report.problems_of("error"):
        return UNREADABLE
    reached = sum(entry.verdict in _FAILING[fail_on] for entry in report.entries) if fail_on else 0
    if reached:
        verdicts = " or ".join(sorted(_FAILING[str(fail_on)], reverse=True))
        are = f"{counted(reached, 'entry')} {'is' if reached == 1 else 'are'}"
        click.echo(f"Error: {are} {verdicts}, which --fail-on does not allow.", err=True)
        return VERDICT_REACHED
    return 0
