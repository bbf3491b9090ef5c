"""``ingress-migrate convert``: read, convert, write, report."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion import conversion_options, convert_paths
from converter.ledger import Verdict
from converter.report import FORMATS, Report, format_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.ledger import Entry, Remark

UNREADABLE = 1
USAGE = 2
VERDICT_REACHED = 3

_FAILING = {
    "untranslated": {Verdict.UNTRANSLATED},
    "approximated": {Verdict.UNTRANSLATED, Verdict.APPROXIMATED},
}

_EPILOG = (
    "Exit status: 0 done; 1 some input could not be read or converted, the rest was; 2 wrong usage;"
    " 3 a verdict reached --fail-on."
)


@click.command("convert", epilog=_EPILOG)
@click.argument("paths", nargs=-1, required=True)
@click.option("-o", "--output", metavar="DIR", help="Write one file for each object instead of standard output.")
@click.option(
    "--report",
    "report_files",
    metavar="FILE",
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
@click.option("-q", "--quiet", is_flag=True, help="No summary on standard error.")
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Convert the Ingresses in PATHS: files, directories, or - for standard input.

    Objects go to standard output, a summary to standard error.
    """
    forms = {file: _form(file, options["report_format"]) for file in options["report_files"]}
    converted = convert_paths(paths, options)
    report = converted.report
    refused = options["lost_access"] == "fail" and any(told.code == "access.closed" for told in _told(report))
    if not refused:
        _write_objects(report.objects, options["output"])
    for file, form in forms.items():
        _write_report(FORMATS[form](report), file)
    if not options["quiet"]:
        _print_summary(report)
    if refused:
        raise click.ClickException("No object was written, because an access rule cannot be carried.")
    sys.exit(_status(report, options["fail_on"]))


def _told(report: Report) -> Iterator[Entry | Remark]:
    """A lost access rule may stand beside something else that is lost."""
    for entry in report.entries:
        yield entry
        yield from entry.also


def _write_objects(objects: Sequence[Mapping[str, Any]], directory: str | None) -> None:
    from converter.write import OutputRefused, dump, layout, write_directory, write_stream

    if directory is None:
        write_stream(sys.stdout.buffer, dump(objects))
        return
    try:
        write_directory(directory, layout(objects))
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


def _print_summary(report: Report) -> None:
    import shutil

    from converter.report import show, summary

    show(summary(report, shutil.get_terminal_size((100, 24)).columns), sys.stderr)


def _status(report: Report, fail_on: str | None) -> int:
    if report.problems_of("error"):
        return UNREADABLE
    if fail_on and any(entry.verdict in _FAILING[fail_on] for entry in report.entries):
        return VERDICT_REACHED
    return 0
