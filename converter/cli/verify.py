"""``ingress-migrate verify``: both sides asked the same requests, and everything that nobody announced is told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion import convert_paths
from converter.cli.conversion_options import conversion_options
from converter.cli.endings import TROUBLE, TellingDifferences
from converter.cli.engine import check_engine
from converter.cli.options import PATH
from converter.cli.progress import following
from converter.cli.sections import Command
from converter.cli.verbosity import tell, tell_problems, verbosity_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from converter.cli.conversion import Converted
    from converter.cli.progress import Work
    from converter.cli.routes import Routes
    from converter.gateway.objects import Json
    from converter.problems import Problem
    from converter.report.verified_model import Comparison
    from converter.verify.accepted import Acceptance
    from converter.verify.check import Case, Checked

SAME = 0
UNANNOUNCED = 1

_SUFFIXES = {"json": "json", "md": "markdown", "xml": "junit"}
_EPILOG = (
    "Exit status: 0 nothing differs that is not announced or accepted; 1 something does; 2 wrong usage, or input that"
    " could not be read or converted. The pager is PAGER, or less with LESS=FRX."
)


class VerifyCommand(TellingDifferences, Command):
    pass


@click.command("verify", cls=VerifyCommand, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--routes",
    metavar="DIR",
    type=PATH,
    multiple=True,
    help="Check these Gateway API objects, a folder or a file, instead of those that a conversion makes; repeatable.",
)
@click.option(
    "--accept",
    metavar="FILE",
    type=PATH,
    help="Differences that somebody decided on: a list of host, path, aspect and reason in YAML.",
)
@click.option(
    "--engine",
    type=click.Choice(["predicted", "real"]),
    default="predicted",
    show_default=True,
    help="Predict answers, or ask nginx and Envoy on this machine, set up from the Ingresses and from the objects.",
)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "json", "markdown", "junit"]),
    default="text",
    show_default=True,
    help="To read, as data, as a comment on a pull request, or as tests.",
)
@click.option(
    "--report",
    "report_files",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help="Write a report as well; its suffix is one of json, md, xml; repeatable.",
)
@click.option("--all", "whole", is_flag=True, help="Show every request, also those that get the same.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colours."
)
@click.option("--no-pager", is_flag=True, help="Write to the terminal without a pager.")
@conversion_options
@verbosity_options
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Compare what requests get from the Ingresses in PATHS and from Gateway API objects.

    The requests are those at which the two could differ. Each difference is announced by the report of the
    conversion, accepted by somebody, or neither: then it is a fault in the objects, or in this program.

    With --routes the objects are those that people keep, edited or written by hand. What is announced is about the
    objects that a conversion makes, so it excuses only what those would do as well.
    """
    forms = {file: _form(file) for file in options["report_files"]}
    check_engine(options["engine"])
    accepted = _acceptances(options["accept"])
    converted = convert_paths(paths, options)
    cases, notes = _cases(converted, options)
    with following(options) as work, work.stage("Comparing"):
        checked, told = _checked(cases, options["engine"], work)
        comparison = _comparison(checked, accepted, (*notes, *told))
        for file, form in forms.items():
            _write(_FORMS[form](comparison), file)
    _show(comparison, options)
    tell_problems(converted.report, options)
    if converted.report.problems_of("error"):
        sys.exit(TROUBLE)
    sys.exit(UNANNOUNCED if comparison.counts()["unannounced"] else SAME)


def _form(file: str) -> str:
    found = _SUFFIXES.get(file.rpartition(".")[2].lower())
    if not found:
        raise click.UsageError(f"{file} could be any kind of report; let its name end in .json, .md or .xml.")
    return found


def _acceptances(file: str | None) -> list[Acceptance]:
    if not file:
        return []
    from converter.problems import Problem
    from converter.read.acceptances import acceptances

    found = list(acceptances(file))
    faults = [each for each in found if isinstance(each, Problem)]
    if faults:
        raise click.UsageError("\n".join(f"{each.file}:{each.line}: {each.message} {each.advice}" for each in faults))
    return [each for each in found if not isinstance(each, Problem)]


def _cases(converted: Converted, options: Mapping[str, Any]) -> tuple[list[Case], tuple[Problem, ...]]:
    """What is compared with what, and what has to be said of the objects that people wrote.

    Raises:

        SystemExit: Objects cannot be read; each fault has been told.
    """
    if not options["routes"]:
        found = {name: _made(objects) for name, objects in converted.by_environment.items()}
        return list(_of_parts(converted, found)), ()
    from converter.cli.routes import read_routes, routes_of

    with following(options) as work, work.stage("Reading routes"):
        read = read_routes(options, work)
    found = {name: routes_of(read, name, own, options) for name, own in converted.by_environment.items()}
    errors = dict.fromkeys(error for routes in found.values() for error in routes.errors)
    if errors:
        tell(errors)
        sys.exit(TROUBLE)
    notes = dict.fromkeys(note for routes in found.values() for note in routes.notes)
    return list(_of_parts(converted, found)), tuple(notes)


def _made(objects: Sequence[Json]) -> Routes:
    from converter.cli.routes import Routes

    return Routes(tuple(objects), {}, (), ())


def _of_parts(converted: Converted, routes: Mapping[str, Routes]) -> Iterator[Case]:
    from converter.verify.check import Case

    for part in converted.parts:
        own, found = converted.by_environment[part.environment], routes[part.environment]
        alone = sum(len(each.conversion.tables) for each in converted.parts if each.environment == part.environment) < 2
        for table in part.conversion.tables:
            case = Case(
                table, part.conversion.entries, part.target.table, own, found.objects, found.written, part.environment
            )
            yield case if alone else case.of_its_gateways()


def _checked(cases: Sequence[Case], engine: str, work: Work) -> tuple[list[Checked], list[Problem]]:
    """All requests of all cases, then the policies that no answer shows; and what has to be said of who was asked."""
    from converter.cli.engine import asked_of_predictions, asked_of_proxies
    from converter.verify.kept import check_policies

    found: list[Checked] = []
    notes: list[Problem] = []
    for case in cases:
        if engine == "real":
            answered, told = asked_of_proxies(case, work)
            found += answered
            notes += told
        else:
            found += asked_of_predictions(case)
        found += check_policies(case)
    return found, notes


def _comparison(checked: Sequence[Checked], accepted: Sequence[Acceptance], notes: Sequence[Problem]) -> Comparison:
    from converter.report.verified_model import Comparison, row_of
    from converter.verify.accepted import accept

    rows, stale = accept(checked, accepted)
    return Comparison(tuple(map(row_of, rows)), notes=tuple(notes), stale=stale)


def _as_json(comparison: Comparison) -> str:
    from converter.report.verified_json import verified_as_json

    return verified_as_json(comparison)


def _as_markdown(comparison: Comparison) -> str:
    from converter.report.verified_markdown import verified_as_markdown

    return verified_as_markdown(comparison)


def _as_junit(comparison: Comparison) -> str:
    from converter.report.verified_junit import verified_as_junit

    return verified_as_junit(comparison)


_FORMS: Mapping[str, Callable[[Comparison], str]] = {
    "json": _as_json,
    "markdown": _as_markdown,
    "junit": _as_junit,
}


def _write(text: str, file: str) -> None:
    from converter.write import write_file

    try:
        write_file(file, text)
    except OSError as error:
        raise click.ClickException(f"{file} could not be written: {error.strerror or error}.") from None


def _show(comparison: Comparison, options: Mapping[str, Any]) -> None:
    if options["form"] != "text":
        click.echo(_FORMS[options["form"]](comparison), nl=False)
        return
    from converter.report.show import page, width_of
    from converter.report.verified import verified

    lines = verified(comparison, width_of(sys.stdout), whole=options["whole"])
    page(lines, sys.stdout, options["color"], paged=not options["no_pager"])
