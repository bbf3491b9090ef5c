"""Command lines for a person to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PROGRAM = "ingress-migrate"


def convert_path(path: str, namespace: str = "") -> str:
    """For what stands in a folder."""
    return _joined([PROGRAM, "convert", path, *(["-n", namespace] if namespace else [])])


def convert_chart(
    chart: str, values: Iterable[str] = (), sets: Iterable[str] = (), release: str = "", namespace: str = ""
) -> str:
    """For a chart. What is not known is left out."""
    words = [PROGRAM, "convert", "--chart", chart]
    words += [word for file in values for word in ("--values", file)]
    words += [word for each in sets for word in ("--set", each)]
    words += ["--release-name", release] if release else []
    words += ["-n", namespace] if namespace else []
    return _joined(words)


def pull_chart(chart: str, repository: str, version: str) -> str:
    """Fetch a chart into a folder of its name; a repository without ``https://`` is an OCI registry."""
    words = ["helm", "pull"]
    if repository.startswith(("https://", "http://")):
        words += [chart, "--repo", repository]
    else:
        words += [f"oci://{repository.removeprefix('oci://').rstrip('/')}/{chart}"]
    return _joined([*words, *(["--version", version] if version else []), "--untar"])


def _joined(words: Iterable[str]) -> str:
    import shlex

    return shlex.join(words)
