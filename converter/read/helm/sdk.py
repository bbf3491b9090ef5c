"""A program of its own: renders one chart with helm-python-sdk, from a request on standard input to standard output.

``converter.read.helm.render`` runs it, so that a template without end can be stopped, a crash of the native library is
no crash of ours, and Ctrl-C works. It is run as a file and imports nothing of this package.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import helm_python as helm

_MARK = "\ue000"
"""Private use: no value of a chart begins with it."""
_PROBE = {
    "Chart.yaml": "apiVersion: v2\nname: probe\nversion: 0.0.0\n",
    "templates/version.yaml": "{{ .Capabilities.KubeVersion.Version }}",
}


class _RefusedError(Exception):
    """What is wrong with the request: ``stage`` says with which part, ``subject`` with which of them."""

    def __init__(self, stage: str, subject: str, detail: str) -> None:
        super().__init__(detail)
        self.answer = {"stage": stage, "subject": subject, "detail": detail}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The manifests by the path of their template, or what is wrong and with what."""
    try:
        values = _values(request)
        with _load(request["chart"]) as chart:
            _check(chart)
            manifests = _render(chart, values, request)
        return {
            "manifests": manifests,
            "helm": helm.helm_sdk_version(),
            "kubernetes": _kubernetes(request["scratch"]),
        }
    except _RefusedError as refused:
        return refused.answer


def _values(request: dict[str, Any]) -> dict[str, Any]:
    """In Helm's order: the files as they come, then each kind of option."""
    values: dict[str, Any] = {}
    for file in request["values"]:
        try:
            with open(file, encoding="utf-8") as text:
                values = _merged(values, helm.values_from_yaml(text.read()))
        except (helm.HelmError, OSError, ValueError) as error:
            raise _RefusedError("values", file, str(error)) from None
    for option, parse in (("set", helm.parse_set_string), ("set_string", helm.parse_set_string_values)):
        for expression in request[option]:
            try:
                values = _assigned(values, expression, parse)
            except helm.HelmError as error:
                raise _RefusedError(option, expression.partition("=")[0], str(error)) from None
    return values


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Mappings are merged, all else is replaced; null stays, since it removes what the chart says."""
    both = {
        key: _merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in over.items()
    }
    return {**base, **both}


def _assigned(values: dict[str, Any], expression: str, parse: Any) -> dict[str, Any]:
    """The values with ``--set`` applied.

    Helm assigns into what is there, so that ``hosts[0].name=x`` leaves the other hosts alone; the library only parses
    an expression by itself. So what is there goes in front of it as assignments of marks, which are replaced after.
    """
    touched = parse(expression)
    leaves: list[Any] = []
    before = [
        _assignment(path, leaves, leaf) for key in touched if key in values for path, leaf in _leaves(values, key)
    ]
    parsed = _unmarked(parse(",".join([*before, expression])), leaves) if before else touched
    return {**values, **{key: _filled(value, values.get(key)) for key, value in parsed.items()}}


def _leaves(parent: Any, key: Any, above: str = "") -> Any:
    """Each value below that is no container and not null, with its path in the words of ``--set``."""
    value = parent[key]
    path = f"{above}[{key}]" if isinstance(key, int) else f"{above}{'.' if above else ''}{_escaped(key)}"
    if isinstance(value, dict):
        for below in value:
            yield from _leaves(value, below, path)
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from _leaves(value, index, path)
    elif value is not None:
        yield path, value


def _escaped(key: str) -> str:
    return "".join(f"\\{each}" if each in "\\.,=[]{}" else each for each in key)


def _assignment(path: str, leaves: list[Any], leaf: Any) -> str:
    leaves.append(leaf)
    return f"{path}={_MARK}{len(leaves) - 1}"


def _unmarked(value: Any, leaves: list[Any]) -> Any:
    if isinstance(value, dict):
        return {key: _unmarked(each, leaves) for key, each in value.items()}
    if isinstance(value, list):
        return [_unmarked(each, leaves) for each in value]
    return leaves[int(value[1:])] if isinstance(value, str) and value.startswith(_MARK) else value


def _filled(value: Any, base: Any) -> Any:
    """With the empty containers and nulls of the base, for which there are no marks."""
    if isinstance(value, dict) and isinstance(base, dict):
        kept = {key: each for key, each in base.items() if key not in value and each in ({}, [], None)}
        return {**{key: _filled(each, base.get(key)) for key, each in value.items()}, **kept}
    if isinstance(value, list) and isinstance(base, list):
        return [_filled(each, base[i]) if i < len(base) else each for i, each in enumerate(value)]
    return base if value is None and base in ({}, []) else value


def _load(path: str) -> helm.Chart:
    try:
        return helm.Chart.load(path)
    except helm.HelmError as error:
        raise _RefusedError("chart", path, str(error)) from None


def _check(chart: helm.Chart) -> None:
    """What ``helm install`` refuses; the library renders it without a word."""
    about = chart.metadata
    if about.get("type") == "library":
        raise _RefusedError("chart", chart.name, "library charts are not installable")
    there = {each["name"] for each in chart.dependencies}
    missing = [each["name"] for each in about.get("dependencies") or () if each["name"] not in there]
    if missing:
        raise _RefusedError("dependencies", ", ".join(missing), "missing in charts/")


def _render(chart: helm.Chart, values: dict[str, Any], request: dict[str, Any]) -> dict[str, str]:
    try:
        return chart.render(values, name=request["release"], namespace=request["namespace"])
    except helm.HelmValuesError as error:
        raise _RefusedError("schema", chart.name, str(error)) from None
    except helm.HelmError as error:
        raise _RefusedError("template", chart.name, str(error)) from None


def _kubernetes(scratch: str) -> str:
    """The version that templates are told; the library says it only to a template."""
    folder = os.path.join(scratch, "probe")
    os.makedirs(os.path.join(folder, "templates"))
    for name, text in _PROBE.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    with helm.Chart.load(folder) as probe:
        return next(iter(probe.render().values()))


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
