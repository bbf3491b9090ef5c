"""``ingress-migrate convert``: read, convert, write, report."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from converter._version import __version__
from converter.cli.options import (
    controller_name,
    controller_version,
    gateway_api,
    namespace,
    object_name,
    object_reference,
    read_values,
)
from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.discovery import Given
from converter.gateway.topology import Topology
from converter.ledger import Verdict
from converter.pipeline import convert
from converter.read import read
from converter.report import FORMATS, Report, format_of
from converter.targets import NAMES, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.ledger import Entry, Remark
    from converter.pipeline import Conversion
    from converter.targets.carry import Target

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
@click.option(
    "-t",
    "--target",
    "target_name",
    type=click.Choice(NAMES),
    default="standard",
    show_default=True,
    help="Implementation to write for.",
)
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
@click.option(
    "-n",
    "--namespace",
    metavar="NAMESPACE",
    default="",
    callback=namespace,
    help="Namespace of objects that name none.  [default: left open, or default where others name theirs]",
)
@click.option(
    "--gateway",
    "sharing",
    type=click.Choice(["shared", "namespace", "ingress"]),
    default="shared",
    show_default=True,
    help="One Gateway for a class, for each namespace of it, or for each Ingress.",
)
@click.option(
    "--gateway-name",
    metavar="NAME",
    default="",
    callback=object_name,
    help="Name of the Gateway; with several classes, theirs is appended.  [default: the Ingress class]",
)
@click.option(
    "--gateway-namespace",
    metavar="NAMESPACE",
    default="",
    callback=namespace,
    help="Where a shared Gateway stands.  [default: the Ingresses' own, or gateway-system for several]",
)
@click.option(
    "--gateway-class",
    metavar="NAME",
    default="",
    callback=object_name,
    help="Name of the GatewayClass.  [default: that of the target, or the Ingress class]",
)
@click.option(
    "--controller-name",
    metavar="DOMAIN/PATH",
    default="",
    callback=controller_name,
    help="spec.controllerName of the GatewayClass.  [default: that of the target]",
)
@click.option(
    "--default-certificate",
    metavar="NAMESPACE/NAME",
    callback=object_reference,
    help="Secret that ingress-nginx serves where no other fits; listeners for such hosts use it.",
)
@click.option(
    "--gateway-api",
    "version",
    metavar="VERSION",
    default="1.6",
    show_default=True,
    help="Release of the Gateway API in the cluster.",
)
@click.option(
    "--channel",
    type=click.Choice(["standard", "experimental"]),
    default="standard",
    show_default=True,
    help="Its channel.",
)
@click.option(
    "--class",
    "classes",
    metavar="NAME",
    multiple=True,
    help="Ingress class that ingress-nginx serves; repeatable.  [default: nginx]",
)
@click.option(
    "--classless",
    type=click.Choice(["serve", "skip"]),
    default="serve",
    show_default=True,
    help="Ingresses that name no class.",
)
@click.option(
    "--controller-version",
    metavar="VERSION",
    callback=controller_version,
    help="Version of ingress-nginx.  [default: that of its image in the input, or the last, 1.15.1]",
)
@click.option(
    "--controller-config",
    metavar="NAMESPACE/NAME",
    callback=object_reference,
    help="ConfigMap in the input with the controller's options.  [default: the one that its Deployment names]",
)
@click.option(
    "--controller-values",
    metavar="FILE",
    help="Values of the ingress-nginx chart; what they say about the controller counts.",
)
@click.option(
    "--strict-source",
    is_flag=True,
    help="Leave out annotations that ingress-nginx never read although their intent is plain.",
)
@click.option(
    "--fail-on", type=click.Choice(list(_FAILING)), help="Exit with 3 when an entry has this verdict or worse."
)
@click.option(
    "--on-lost-access-control",
    "lost_access",
    type=click.Choice(["omit", "emit", "fail"]),
    default="omit",
    show_default=True,
    help="Paths whose access rule is lost: omit makes them answer 500, emit opens them, fail writes no object.",
)
@click.option("-q", "--quiet", is_flag=True, help="No summary on standard error.")
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Convert the Ingresses in PATHS: files, directories, or - for standard input.

    Objects go to standard output, a summary to standard error.
    """
    forms = {file: _form(file, options["report_format"]) for file in options["report_files"]}
    release = gateway_api(options["version"], options["channel"])
    chosen = target(options["target_name"], release, "emit" if options["lost_access"] == "emit" else "omit")
    source = Options(options["classes"], options["classless"] == "serve", options["strict_source"], _given(options))
    reading = read(paths, sys.stdin.buffer)
    conversion = convert(reading, chosen, source, _topology(options), options["namespace"])
    report = _report(conversion, chosen)
    refused = options["lost_access"] == "fail" and any(told.code == "access.closed" for told in _told(conversion))
    if not refused:
        _write_objects(conversion, options["output"])
    for file, form in forms.items():
        _write_report(FORMATS[form](report), file)
    if not options["quiet"]:
        _print_summary(report)
    if refused:
        raise click.ClickException("No object was written, because an access rule cannot be carried.")
    sys.exit(_status(conversion, options["fail_on"]))


def _told(conversion: Conversion) -> Iterator[Entry | Remark]:
    """A lost access rule may stand beside something else that is lost."""
    for entry in conversion.entries:
        yield entry
        yield from entry.also


def _given(options: dict[str, Any]) -> Given:
    values = read_values(options["controller_values"]) if options["controller_values"] else None
    return Given(options["controller_version"], options["controller_config"], values)


def _topology(options: dict[str, Any]) -> Topology:
    return Topology(
        sharing=options["sharing"],
        name=options["gateway_name"],
        namespace=options["gateway_namespace"],
        gateway_class=options["gateway_class"],
        controller_name=options["controller_name"],
        default_certificate=options["default_certificate"],
    )


def _report(conversion: Conversion, chosen: Target) -> Report:
    return Report(
        tool_version=__version__,
        target=chosen.table.name,
        gateway_api=chosen.release.version,
        channel=chosen.release.channel,
        objects=conversion.objects,
        entries=conversion.entries,
        problems=conversion.problems,
        documents=conversion.ingresses,
        files=conversion.files,
    )


def _write_objects(conversion: Conversion, directory: str | None) -> None:
    from converter.write import OutputRefused, dump, layout, write_directory, write_stream

    if directory is None:
        write_stream(sys.stdout.buffer, dump(conversion.objects))
        return
    try:
        write_directory(directory, layout(conversion.objects))
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


def _status(conversion: Conversion, fail_on: str | None) -> int:
    if any(problem.severity == "error" for problem in conversion.problems):
        return UNREADABLE
    if fail_on and any(entry.verdict in _FAILING[fail_on] for entry in conversion.entries):
        return VERDICT_REACHED
    return 0
