"""What Helm complains about, with the place in the chart as a person finds it."""

from __future__ import annotations

import re

from converter.problems import Problem
from converter.read.helm.chart_files import real_path

_PLACE = re.compile(r"(?:at \()?([\w./+-]+/[\w./+-]+\.[A-Za-z]+):(\d+)(?::\d+)?\)?:?")
_NOISE = re.compile(
    r"(?:error calling \w+:|executing \"[^\"]*\" at <.*?>:|template:|(?:execution|parse) error)\s*", re.DOTALL
)
_YAML_LINE = re.compile(r"cannot load (\S+\.ya?ml): .*?yaml: line (\d+): (.*)", re.DOTALL)
_MISSING = re.compile(r"missing in charts/ directory: (.+)")
_LONGEST = 300


def fault(chart: str, stage: str, subject: str, detail: str) -> Problem:
    """``stage`` is the part of the request that Helm stopped at; ``program`` if it does not say."""
    if stage == "program":
        stage, subject, detail = _staged(subject, detail)
    if stage == "chart":
        return _bad_chart(chart, detail)
    if stage == "dependencies":
        return _dependencies(chart, subject)
    if stage == "schema":
        return _schema(chart, detail)
    if stage == "template":
        return _template(chart, detail)
    if stage == "values":
        message = f"These values cannot be read: {_short(detail)}."
        return Problem(subject, 0, "values-invalid", message, "Correct the file, or name another with --values.")
    option = f"--{stage.replace('_', '-')} {subject}".rstrip()
    message = f"Helm does not understand {option}: {_short(detail)}."
    advice = "Write it as KEY=VALUE, with a backslash before each dot and comma that belongs to a name."
    return Problem(chart, 0, "set-invalid", message, advice)


def _staged(subject: str, told: str) -> tuple[str, str, str]:
    """The program says everything in one way."""
    detail = told.split("Use --debug")[0].strip().removeprefix("Error: ") or "it gave no reason"
    if found := _MISSING.search(detail):
        return "dependencies", found[1].strip(), detail
    if found := re.search(r"failed parsing --(set|set-string) data: (.*)", detail, re.DOTALL):
        return found[1].replace("-", "_"), "", found[2]
    if "specifications of the schema" in detail:
        return "schema", subject, detail
    if _PLACE.search(detail):
        return "template", subject, detail
    return "chart", subject, detail


def not_a_chart(chart: str, reason: str) -> Problem:
    """For what --chart names and Helm would not take for one."""
    message = f"This is no Helm chart: {reason}."
    return Problem(chart, 0, "not-a-chart", message, "Name the folder that holds Chart.yaml, or a packed chart.")


def _bad_chart(chart: str, detail: str) -> Problem:
    if found := _YAML_LINE.search(detail):
        message = f"The YAML cannot be read: {_short(found[3])}."
        return Problem(
            f"{chart}/{found[1]}", int(found[2]), "chart-invalid", message, "Correct it; Helm refuses it too."
        )
    if "gzipped archive" in detail or "Chart.yaml file is missing" in detail:
        return not_a_chart(chart, "it is neither a folder with a Chart.yaml nor an archive of one")
    if "not installable" in detail:
        message = "This chart is a library, and renders to nothing by itself."
        return Problem(chart, 0, "not-a-chart", message, "Name the chart that uses it.")
    message = f"Helm does not load this chart: {_short(detail)}."
    return Problem(chart, 0, "chart-invalid", message, "Correct it until helm lint takes it.")


def _dependencies(chart: str, names: str) -> Problem:
    import shlex

    message = f"The chart needs {names}, and charts/ does not hold {'them' if ',' in names else 'it'}."
    return Problem(
        f"{chart}/Chart.yaml", 0, "chart-dependencies", message, f"Run: helm dependency build {shlex.quote(chart)}"
    )


def _schema(chart: str, detail: str) -> Problem:
    reasons = [line.strip(" -") for line in detail.splitlines() if line.lstrip().startswith("- ")]
    message = f"The values do not fit the schema of the chart: {_short('; '.join(reasons) or detail)}."
    return Problem(f"{chart}/values.schema.json", 0, "values-invalid", message, "Add or correct them with --values.")


def _template(chart: str, detail: str) -> Problem:
    """At the innermost place that Helm names, with the reason that stands last."""
    places = _PLACE.findall(detail)
    path, line = places[-1] if places else ("", "0")
    message = f"The template does not render: {_short(_NOISE.sub('', _PLACE.sub('', detail)))}."
    advice = "Give the value that it asks for, with --values or --set, or correct the template."
    return Problem(real_path(chart, path) if path else chart, int(line), "chart-template", message, advice)


def _short(text: str) -> str:
    words = " ".join(text.split()).strip(" :.")
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"
