"""Recognises charts in a folder that is walked: one word for each, instead of one for each of its templates."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.commands import convert_chart
from converter.read.helm.chart_files import chart_yaml
from converter.read.helm.values import wish_in_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.problems import Severity

CHART = "Chart.yaml"
_PARTS = frozenset({"templates", "charts", CHART, "Chart.lock", "requirements.yaml", "requirements.lock"})
_VALUES = re.compile(r"(?:.*[-._])?values(?:[-._].*)?\.ya?ml\Z", re.IGNORECASE)
_VALUES_FOLDERS = ("values", "env", "envs", "environments")
_INGRESS = re.compile(rb"\bkind\W+Ingress\b|\b(?:include|template)\s+\"[^\"]*ingress[^\"]*\"", re.IGNORECASE)
"""An Ingress, or a helper that is named after one, which libraries of charts have."""
_GITOPS = re.compile(rb"\bkind\W+(?:HelmRelease|Kustomization|Application(?:Set)?)\b")
_MANY = 3


def is_part_of_chart(name: str) -> bool:
    """Whether an entry of a chart's folder means something only to Helm."""
    return name in _PARTS or bool(_VALUES.match(name))


def chart_problem(folder: str, shown: str) -> Problem | None:
    """What to do about the chart in a folder; nothing for a library, which is rendered only as a part of others.

    It is an error if an Ingress may come out of it: that is then missing in the result.
    """
    if chart_yaml(folder).get("type") == "library":
        return None
    what, severity = _found(Path(folder), shown)
    chart = posixpath.normpath(shown)
    values = [posixpath.join(chart, name) for name in _values(Path(folder))]
    others = f", and the same with {_listed(values[1:])}" if values[1:] else ""
    advice = f"Run: {convert_chart(chart, values[:1])}{others}"
    return Problem(
        posixpath.join(shown, CHART),
        0,
        "chart",
        f"This is a Helm chart {what}; it is not rendered here.",
        advice,
        severity,
    )


def _found(folder: Path, shown: str) -> tuple[str, Severity]:
    templates = list(_templates(folder))
    if any(_INGRESS.search(text) for text in templates):
        return "with an Ingress in its templates", "error"
    for name in ("values.yaml", *_values(folder)):
        if wish := wish_in_file(str(folder / name)):
            return f"whose values ask for an Ingress ({wish.within(posixpath.join(shown, name))})", "error"
    if any(_GITOPS.search(text) for text in templates):
        return "that installs others through Flux or Argo CD", "note"
    return "without an Ingress in its templates", "note"


def _values(folder: Path) -> list[str]:
    """The files of values beside the chart's own, which always count."""
    found = [name for name in _names(folder) if _VALUES.match(name) and name not in ("values.yaml", "values.yml")]
    for below in _VALUES_FOLDERS:
        found += [f"{below}/{name}" for name in _names(folder / below) if name.endswith((".yaml", ".yml"))]
    return found


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _listed(files: list[str]) -> str:
    hidden = len(files) - _MANY
    return ", ".join(files[:_MANY]) + (f" and {hidden} more" if hidden > 0 else "")


def _templates(folder: Path) -> Iterator[bytes]:
    """The text of all templates, those of its subcharts too."""
    for below, folders, names in os.walk(folder / "templates"):
        folders.sort()
        yield from _contents(Path(below), sorted(names))
    charts = folder / "charts"
    for name in sorted(os.listdir(charts)) if charts.is_dir() else ():
        if name.endswith(".tgz"):
            yield from _archived(charts / name)
        elif (charts / name).is_dir() and not (charts / name).is_symlink():
            yield from _templates(charts / name)


def _contents(folder: Path, names: Iterable[str]) -> Iterator[bytes]:
    for name in names:
        try:
            if (folder / name).is_file():
                yield (folder / name).read_bytes()
        except OSError:
            continue


def _archived(file: Path) -> Iterator[bytes]:
    import tarfile

    try:
        with tarfile.open(file) as archive:
            for member in archive:
                if "/templates/" in member.name and member.isfile() and (opened := archive.extractfile(member)):
                    yield opened.read()
    except (OSError, tarfile.TarError, EOFError):
        return
