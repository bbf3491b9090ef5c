"""Where a run takes its documents from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from converter.cli.chart import CHART_OPTIONS, check_chart, read_chart, without_chart
from converter.cli.live import CLUSTER_OPTIONS, check, read_live

if TYPE_CHECKING:
    from collections.abc import Callable

    from converter.cli.progress import Work
    from converter.read import Environment, Reading

_OPTIONS = (
    click.option(
        "--exclude",
        metavar="PATTERN",
        multiple=True,
        help="Leave out files and folders below PATHS, as in .gitignore; repeatable.",
    ),
    click.option(
        "--kustomize",
        type=click.Choice(["build", "skip"]),
        default="build",
        show_default=True,
        help="Folders with a kustomization: build them, each environment by itself, or read their files as they stand.",
    ),
    *CHART_OPTIONS,
    *CLUSTER_OPTIONS,
)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where documents come from."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def gather(paths: tuple[str, ...], options: dict[str, Any], work: Work) -> tuple[Environment, ...]:
    """The input, in parts that are converted each by itself."""
    check(options)
    check_chart(options)
    if not paths and not options["chart"] and not options["cluster"]:
        what = "Name files, directories, - for standard input, --cluster or --chart."
        raise click.UsageError(f"Missing argument 'PATHS...'. {what}")
    found = _files(paths, options, work)
    if options["chart"]:
        found = _with(without_chart(found, options["chart"]), read_chart(options))
    return _with(found, read_live(options)) if options["cluster"] else found


def _files(paths: tuple[str, ...], options: dict[str, Any], work: Work) -> tuple[Environment, ...]:
    from converter.read import Environment, read, read_environments

    if options["kustomize"] == "skip":
        return (Environment("", read(paths, sys.stdin.buffer, work.opened, options["exclude"])),)
    return read_environments(paths, sys.stdin.buffer, work.opened, options["exclude"])


def _with(environments: tuple[Environment, ...], added: Reading) -> tuple[Environment, ...]:
    """The same with more documents in the environment without a name; what is in a file counts first."""
    from converter.read import Environment, Reading

    named = tuple(each for each in environments if each.name)
    own = [each.reading for each in environments if not each.name]
    readings = (*own, added)
    joined = Reading(
        tuple(document for reading in readings for document in reading.documents),
        tuple(problem for reading in readings for problem in reading.problems),
        sum(reading.files for reading in readings),
    )
    return (Environment("", joined), *named)
