"""Renders a chart as ``helm template`` does: offline, without a cluster, and without a trace in the user's home.

Helm itself runs in a process of its own: that of helm-python-sdk if it is installed, or the program ``helm``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from converter.problems import Problem
from converter.read.documents import MAX_BYTES
from converter.read.helm.faults import fault, not_a_chart
from converter.read.helm.rendered import rendered
from converter.read.located import FaultError, load
from converter.read.model import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SECONDS = 60
RELEASE = "release-name"
"""What Helm calls a release that has no name."""
NAMESPACE = "default"
KUBERNETES = "v1.36.0"
"""What the program is told to render for; helm-python-sdk decides itself, and says so."""
_SDK = Path(__file__).with_name("sdk.py")
_LEADING = ("HELM_", "KUBE")
"""Variables that would lead to a cluster, to plugins, or to other values."""
_LIBRARY = "HELM_C_LIB"
"""Where helm-python-sdk looks for a library that the user built."""
_SOURCE = re.compile(r"^---\n# Source: (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Release:
    """What is to be rendered; all paths as a person would type them."""

    chart: str
    """A folder, or an archive as ``helm package`` makes it."""
    values: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    """As ``--set`` takes them; these come after the files."""
    set_strings: tuple[str, ...] = ()
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class _Rendering:
    manifests: Mapping[str, str]
    """By the path of the template, beginning with the name of the chart."""
    engine: str
    kubernetes: str


def render(release: Release) -> Reading:
    """The documents of a chart, or the reason why there are none; never a part of them.

    CRDs, notes and tests are left out, and so are hooks of a removal or a rollback; other hooks are objects like all.
    """
    problems = tuple(_objections(release))
    if problems:
        return Reading((), problems, 0)
    outcome = _rendering(release)
    if isinstance(outcome, Problem):
        return Reading((), (outcome,), 0)
    reading = rendered(release.chart, outcome.manifests)
    if any(problem.severity == "error" for problem in reading.problems):
        return Reading((), reading.problems, reading.files)
    return Reading(reading.documents, (*reading.problems, _note(release, outcome)), reading.files)


def _objections(release: Release) -> Iterator[Problem]:
    """What can be told without Helm, and better."""
    chart = Path(release.chart)
    if not os.path.lexists(chart):
        advice = "Check how it is written; a chart of a repository is fetched with helm pull first."
        yield Problem(release.chart, 0, "no-such-file", "There is no such chart.", advice)
    elif chart.is_dir() and not (chart / "Chart.yaml").is_file():
        yield not_a_chart(release.chart, "it holds no Chart.yaml")
    for file in release.values:
        if problem := _object_to_values(file):
            yield problem


def _object_to_values(file: str) -> Problem | None:
    try:
        if os.path.getsize(file) > MAX_BYTES:
            return _bad_values(file, 0, "it is far too large")
        values, _ = load(Path(file).read_text("utf-8"), 1)
    except (OSError, UnicodeDecodeError) as error:
        return _bad_values(file, 0, getattr(error, "strerror", None) or "it is not UTF-8 text")
    except FaultError as error:
        return _bad_values(file, error.line, error.message or "it is no YAML")
    if values is not None and not isinstance(values, dict):
        return _bad_values(file, 1, "values are a mapping, and this is none")
    return None


def _bad_values(file: str, line: int, reason: str) -> Problem:
    message = f"These values cannot be read: {reason[:1].lower()}{reason[1:].rstrip('.')}."
    return Problem(file, line, "values-invalid", message, "Correct the file, or name another with --values.")


def _rendering(release: Release) -> _Rendering | Problem:
    """Helm's answer. Its own folders are made for the occasion, so that nothing of the user's is read or written."""
    import subprocess
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as scratch:
        try:
            if _has_sdk():
                return _with_sdk(release, scratch)
            if program := shutil.which("helm"):
                return _with_program(release, program, scratch)
        except subprocess.TimeoutExpired:
            message = f"Rendering took longer than {SECONDS} seconds and was stopped."
            return Problem(release.chart, 0, "helm-timeout", message, "Look for a loop without end in its templates.")
        except OSError as error:
            return _broken(release, f"it could not be started: {error.strerror or error}")
    message = "Rendering a chart takes Helm, and there is none here."
    advice = "Run pip install 'ingress-migrate[helm]', or install the program helm."
    return Problem(release.chart, 0, "helm-missing", message, advice)


def _has_sdk() -> bool:
    from importlib.util import find_spec

    return find_spec("helm_python") is not None


def _with_sdk(release: Release, scratch: str) -> _Rendering | Problem:
    request = {
        "chart": release.chart,
        "values": release.values,
        "set": release.sets,
        "set_string": release.set_strings,
        "release": release.name or RELEASE,
        "namespace": release.namespace or NAMESPACE,
        "scratch": scratch,
    }
    code, output, told = _run([sys.executable, "-P", str(_SDK)], json.dumps(request), scratch)
    if code:
        return _broken(release, told)
    answer: dict[str, Any] = json.loads(output)
    if "stage" in answer:
        return fault(release.chart, answer["stage"], answer["subject"], answer["detail"])
    return _Rendering(answer["manifests"], f"Helm {answer['helm']}", answer["kubernetes"])


def _with_program(release: Release, program: str, scratch: str) -> _Rendering | Problem:
    command = [program, "template", release.name or RELEASE, os.path.join(os.curdir, release.chart)]
    command += ["--namespace", release.namespace or NAMESPACE, "--kube-version", KUBERNETES]
    for option, given in (("--values", release.values), ("--set", release.sets), ("--set-string", release.set_strings)):
        command += [part for each in given for part in (option, each)]
    code, output, told = _run(command, "", scratch)
    if code:
        return fault(release.chart, "program", release.chart, told)
    _, *parts = _SOURCE.split(output)
    manifests: dict[str, str] = {}
    for path, text in zip(parts[::2], parts[1::2], strict=True):
        manifests[path] = f"{manifests[path]}---\n{text}" if path in manifests else text
    return _Rendering(manifests, "the program helm", KUBERNETES)


def _run(command: Sequence[str], request: str, scratch: str) -> tuple[int, str, str]:
    import subprocess

    done = subprocess.run(  # noqa: S603  Helm, without a shell
        command,
        input=request.encode(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
        env=_environment(scratch),
    )
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def _environment(scratch: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key == _LIBRARY or not key.startswith(_LEADING)}
    own = {f"HELM_{each}_HOME": os.path.join(scratch, each.lower()) for each in ("CACHE", "CONFIG", "DATA")}
    return {**kept, **own, "KUBECONFIG": os.devnull}


def _broken(release: Release, told: str) -> Problem:
    lines = [line.strip() for line in told.splitlines() if line.strip()] or ["it gave no reason"]
    message = f"Helm failed on this chart: {lines[-1][:300].rstrip('.')}."
    return Problem(release.chart, 0, "helm-failed", message, "Try helm template with the same options.")


def _note(release: Release, rendering: _Rendering) -> Problem:
    """What templates were told, since names, hosts and the version of an Ingress may depend on it."""
    message = (
        f"Rendered by {rendering.engine} as release {release.name or RELEASE} in namespace"
        f" {release.namespace or NAMESPACE} for Kubernetes {rendering.kubernetes}; lookup finds nothing."
    )
    given = release.name and release.namespace
    advice = "Name both as in the cluster (helm list -A), with --release-name and -n; names of Services hold them."
    return Problem(release.chart, 0, "chart-rendered", message, "Nothing to do." if given else advice, "note")
