"""``ingress-migrate probe``: ask two live addresses the same, and show where they differ."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion import convert_paths
from converter.cli.conversion_options import conversion_options
from converter.cli.endings import TROUBLE, TellingDifferences
from converter.cli.options import PATH
from converter.cli.probe_options import probe_options
from converter.cli.progress import following
from converter.cli.sections import Command
from converter.cli.verbosity import tell_problems, verbosity_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.cli.asking import Plan
    from converter.cli.conversion import Converted
    from converter.report.probe_model import ProbeReport
    from converter.verify.probes import Probe

FORMS = ("json", "md", "xml")
DIFFERENT = 1

_EPILOG = (
    "Exit status: 0 the same, or as announced; 1 something differs that the conversion does not announce; 2 wrong"
    " usage, input that could not be read or converted, or an address that does not answer."
)


class ProbeCommand(TellingDifferences, Command):
    pass


@click.command("probe", cls=ProbeCommand, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=PATH)
@probe_options
@click.option(
    "--report",
    "report_files",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help=f"Write a report; its suffix is one of {', '.join(FORMS)}; repeatable.",
)
@click.option("--all", "whole", is_flag=True, help="Show every request that differs, and hosts on which nothing does.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colours."
)
@conversion_options
@verbosity_options
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Ask two addresses the requests at which the Ingresses in PATHS and what they become could differ.

    Each request goes to both, with the same Host and TLS name, and status, redirect, headers and backend are compared.
    Only requests that change nothing are sent, a few a second, and no redirect is followed.
    """
    _check(options)
    converted = convert_paths(paths, options)
    plan = _plan(converted, options)
    tell_problems(converted.report, options)
    if options["dry_run"]:
        _list(plan, options)
        sys.exit(TROUBLE if converted.report.problems_of("error") else 0)
    from converter.cli.asking import ask

    with following(options) as work:
        result = ask(plan, options, work)
    _show(result.report, options)
    if result.interrupted:
        raise KeyboardInterrupt
    sys.exit(TROUBLE if converted.report.problems_of("error") else _status(result.report))


def _check(options: Mapping[str, Any]) -> None:
    missing = [f"--{side}" for side in ("old", "new") if options[side] is None]
    if missing and not options["dry_run"]:
        raise click.UsageError(
            f"Missing option '{missing[0]}': the address of the load balancer; --dry-run needs none and lists requests."
        )
    if options["old"] and options["old"] == options["new"]:
        raise click.UsageError("--old and --new are the same address, so nothing could differ.")
    if options["report_files"] and options["dry_run"]:
        raise click.UsageError("--report is about answers; leave out --dry-run to get some.")
    for file in options["report_files"]:
        if _suffix(file) not in FORMS:
            raise click.UsageError(f"{file} could be any kind of report; let it end in .{', .'.join(FORMS)}.")


def _suffix(file: str) -> str:
    return PurePath(file).suffix.lower().removeprefix(".")


def _plan(converted: Converted, options: Mapping[str, Any]) -> Plan:
    from converter.cli.asking import plan

    names = {part.environment for part in converted.parts if any(table.hosts for table in part.conversion.tables)}
    if len(names) > 1:
        listed = ", ".join(sorted(name or "everything else" for name in names))
        raise click.UsageError(
            f"These paths hold {len(names)} environments ({listed}), each with load balancers of its own: name the"
            " folder of one."
        )
    classes = {table.name for part in converted.parts for table in part.conversion.tables if table.hosts}
    if len(classes) > 1:
        raise click.UsageError(
            f"These Ingresses have {len(classes)} classes ({', '.join(sorted(classes))}), each with a load balancer of"
            " its own: name the paths of one."
        )
    found = plan(converted, options)
    if not found.selection.probes:
        tell_problems(converted.report, options)
        raise click.ClickException(_nothing(found))
    return found


def _nothing(plan: Plan) -> str:
    if plan.selection.left_out:
        reasons = "; ".join(f"{each.number} {each.reason}" for each in plan.selection.left_out)
        return f"No request is left to send: {reasons}."
    return "There is nothing to ask: no Ingress with a host or a path was found."


def _list(plan: Plan, options: Mapping[str, Any]) -> None:
    from converter.report.probe_terminal import requests
    from converter.report.show import page, width_of
    from converter.report.words import counted

    probes: Sequence[Probe] = plan.selection.probes
    page(requests(probes, width_of(sys.stdout)), sys.stdout, options["color"], paged=False)
    if options["quiet"]:
        return
    for each in plan.selection.left_out:
        click.echo(f"Not listed: {counted(each.number, 'probe')} {each.reason}.", err=True)
    seconds = max(1, round(len(probes) / options["rate"]))
    click.echo(
        f"{counted(len(probes), 'request')} to each side would take about {counted(seconds, 'second')}; none was sent.",
        err=True,
    )


def _show(report: ProbeReport, options: Mapping[str, Any]) -> None:
    from converter.report.probe_formats import PROBE_FORMATS
    from converter.report.probe_terminal import probe_terminal
    from converter.report.show import page, width_of
    from converter.write import write_file

    lines = probe_terminal(report, width_of(sys.stdout), whole=options["whole"])
    page(lines, sys.stdout, options["color"], paged=False)
    for file in options["report_files"]:
        try:
            write_file(file, PROBE_FORMATS[_suffix(file)](report))
        except OSError as error:
            raise click.ClickException(f"{file} could not be written: {error.strerror or error}.") from None


def _status(report: ProbeReport) -> int:
    outcomes = report.outcomes()
    if outcomes["unannounced"]:
        return DIFFERENT
    # A side that died while it was asked, or never answered: nobody knows whether the rest is the same.
    return TROUBLE if outcomes["fault"] and (report.stopped or outcomes["fault"] == len(report.rows)) else 0
