"""Where the templates of a chart stand: Helm names them by charts, a person finds them by folders."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import Any

from converter.read.located import FaultError, load


def real_path(chart: str, template: str) -> str:
    """The file of a template that Helm calls ``CHART/templates/NAME`` or ``CHART/charts/SUBCHART/templates/NAME``.

    In an archive there is no such file; then the archive stands for a folder.
    """
    _, *parts = template.split("/")
    folder = chart
    while len(parts) > 2 and parts[0] == "charts":
        folder = _subchart(folder, parts[1])
        parts = parts[2:]
    return posixpath.join(folder, *parts)


def _subchart(chart: str, name: str) -> str:
    """By the name of its folder, by the one in its Chart.yaml, by the alias that the chart gives it, or an archive."""
    charts = posixpath.join(chart, "charts")
    name = _without_alias(chart, name)
    direct = posixpath.join(charts, name)
    if os.path.isdir(direct) or not os.path.isdir(charts):
        return direct
    for entry in sorted(os.listdir(charts)):
        path = posixpath.join(charts, entry)
        if chart_yaml(path).get("name") == name or (entry.startswith(f"{name}-") and entry.endswith(".tgz")):
            return path
    return direct


def _without_alias(chart: str, name: str) -> str:
    dependencies = chart_yaml(chart).get("dependencies")
    for each in dependencies if isinstance(dependencies, list) else ():
        if isinstance(each, dict) and each.get("alias") == name:
            return str(each.get("name", name))
    return name


def chart_yaml(folder: str) -> dict[str, Any]:
    """What a chart says about itself; empty if it cannot be read."""
    try:
        value, _ = load(Path(folder, "Chart.yaml").read_text("utf-8"), 1)
    except (OSError, UnicodeDecodeError, FaultError):
        return {}
    return value if isinstance(value, dict) else {}
