"""``--quiet`` and ``--verbose``: how much a run says on standard error. Errors are said in any case."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from converter.problems import Problem
    from converter.report import Report

_OPTIONS = (
    click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors on standard error."),
    click.option(
        "-v",
        "--verbose",
        is_flag=True,
        help="Say more on standard error: every note, every file that was read, the time of each stage.",
    ),
)


def verbosity_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``quiet`` and ``verbose``; who gives both wants quiet."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tell_summary(report: Report, options: Mapping[str, Any]) -> None:
    """What became of the input, for a command whose result does not say so itself."""
    if options["quiet"]:
        tell(report.problems_of("error"))
        return
    from converter.report.show import show, width_of
    from converter.report.terminal import full_summary, summary

    form = full_summary if options["verbose"] else summary
    show(form(report, width_of(sys.stderr)), sys.stderr)


def tell_problems(report: Report, options: Mapping[str, Any]) -> None:
    """What went wrong, one line each; with ``--verbose`` the notes too."""
    tell(report.problems_of("error"))
    if options["verbose"] and not options["quiet"]:
        tell(report.problems_of("note"))


def tell(problems: Iterable[Problem]) -> None:
    """One line for each problem, which an editor or a terminal can jump to."""
    from converter.report.words import visible

    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        click.echo(visible(f"{where}: {problem.message} {problem.advice}").rstrip(), err=True)
