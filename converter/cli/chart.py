"""The options that name a Helm chart, and its rendering as a part of the input."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from converter.cli.options import PATH, release_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.problems import Problem
    from converter.read import Environment, Reading

CHART_OPTIONS = (
    click.option(
        "--chart",
        metavar="DIR",
        type=PATH,
        default="",
        help="Helm chart to render and convert: a folder or a .tgz, beside PATHS or instead of them; needs no cluster.",
    ),
    click.option(
        "--values",
        metavar="FILE",
        type=PATH,
        multiple=True,
        help="Values for the chart; repeatable, the last counts most.",
    ),
    click.option("--set", "sets", metavar="KEY=VALUE", multiple=True, help="One value, as helm takes it; repeatable."),
    click.option(
        "--set-string",
        "set_strings",
        metavar="KEY=VALUE",
        multiple=True,
        help="The same, and what looks like a number stays text.",
    ),
    click.option(
        "--release-name",
        metavar="NAME",
        default="",
        callback=release_name,
        help="Name of the chart's release in the cluster; its namespace is -n.  [default: release-name]",
    ),
)
_FOR_A_CHART = {
    "values": "--values",
    "sets": "--set",
    "set_strings": "--set-string",
    "release_name": "--release-name",
}


def check_chart(options: Mapping[str, Any]) -> None:
    """Refuse options that do not fit together."""
    orphan = next((option for name, option in _FOR_A_CHART.items() if options[name]), "")
    if orphan and not options["chart"]:
        message = f"{orphan} is for a chart; name it with --chart."
        raise click.UsageError(message)
    if options["chart"] and options.get("in_place"):
        message = "Templates of a chart are never edited; write what --chart gives with -o, not --in-place."
        raise click.UsageError(message)


def read_chart(options: Mapping[str, Any]) -> Reading:
    """What the chart renders to, and what to do about what it installs through others."""
    from converter.read.gitops import with_advice
    from converter.read.helm.render import Release, render

    release = Release(
        chart=os.path.normpath(options["chart"]),
        values=options["values"],
        sets=options["sets"],
        set_strings=options["set_strings"],
        name=options["release_name"],
        namespace=options["namespace"],
    )
    return with_advice(render(release), [release.chart])


def without_chart(environments: Iterable[Environment], chart: str) -> tuple[Environment, ...]:
    """PATHS may hold the chart, which then need not be told: it is rendered."""
    from converter.read.helm.charts import CHART

    file = os.path.realpath(os.path.join(chart, CHART))
    return tuple(
        replace(each, reading=replace(each.reading, problems=tuple(_others(each.reading.problems, file))))
        for each in environments
    )


def _others(problems: Iterable[Problem], file: str) -> Iterable[Problem]:
    return (each for each in problems if each.code != "chart" or os.path.realpath(each.file) != file)
