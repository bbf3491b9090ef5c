"""Builds a kustomization with the program of the machine, and finds for each object the file that it came from."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.problems import Problem
from converter.read.chunks import of_a_conversion
from converter.read.documents import MAX_BYTES, Document, documents
from converter.read.files import read_bytes
from converter.read.located import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from converter.read.chunks import Wanted
    from converter.read.kustomizations import Tree
    from converter.read.located import Position

_COMMANDS = (("kustomize", "build"), ("kubectl", "kustomize"))
_SECONDS = 120
LONGEST_REASON = 400
"""Characters of a failure that a person is shown; kustomize can print whole objects."""
_LOGGED = re.compile(r'^E\d{4} .*? "command failed" err=("(?:[^"\\]|\\.)*")$', re.MULTILINE)
"""How kubectl says what failed; the time and the process that stand there are different in each run."""


@dataclass(frozen=True, slots=True)
class Built:
    """One kustomization as built; without documents if it could not be."""

    tree: Tree
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    failed: bool


def kustomize_command() -> tuple[str, ...]:
    """What builds kustomizations on this machine; empty if nothing does."""
    return next((command for command in _COMMANDS if shutil.which(command[0])), ())


def build(tree: Tree, command: Sequence[str], wanted: Wanted = of_a_conversion) -> Built:
    """Build a kustomization, with the documents placed where their sources stand."""
    file = tree.top.file
    if not command:
        return Built(tree, (), (_without_program(file),), failed=True)
    text, failure = run_kustomize(tree.top.folder, command)
    if failure:
        return Built(tree, (), (_failure(file, failure),), failed=True)
    sources = list(_sources(tree, wanted))
    found: list[Document] = []
    problems: list[Problem] = []
    for item in documents(file, text.encode(), named=True, wanted=wanted):
        if isinstance(item, Problem):
            problems.append(replace(item, line=0))
        else:
            found.append(placed(item, _source_of(item, sources), file))
    return Built(tree, tuple(found), tuple(p for p in problems if p.code != "empty"), failed=False)


def run_kustomize(folder: str, command: Sequence[str]) -> tuple[str, str]:
    """What the program prints, or why it does not."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603  the program that a person would call, without a shell
            [*command, folder], stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "", f"it took longer than {_SECONDS} seconds"
    except OSError as error:
        return "", f"{command[0]} could not be started: {error.strerror or error}"
    if done.returncode:
        return "", _reason(done.stderr.decode(errors="replace")) or "no reason was given"
    return done.stdout.decode(errors="replace"), ""


def _reason(told: str) -> str:
    found = _LOGGED.search(told)
    if found:
        told = _unquoted(found[1])
    return " ".join(told.split()).removeprefix("error: ").removeprefix("Error: ").rstrip(".")


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def _without_program(file: str) -> Problem:
    return Problem(
        file,
        0,
        "kustomize-missing",
        "This kustomization was not built, because neither kustomize nor kubectl is here; its files were read as they"
        " stand.",
        "Install one of them, or choose --kustomize skip if the files are right without being built.",
    )


def _failure(file: str, reason: str) -> Problem:
    return Problem(
        file,
        0,
        "kustomize-failed",
        "This kustomization could not be built, so files that no other one builds were read as they stand:"
        f" {reason[:LONGEST_REASON]}.",
        "Mend it until kustomize build takes it, and run again.",
    )


def _sources(tree: Tree, wanted: Wanted) -> Iterator[Document]:
    for file in tree.files:
        data = read_bytes(file, MAX_BYTES)
        if isinstance(data, bytes):
            found = documents(file, data, named=True, wanted=wanted)
            yield from (item for item in found if isinstance(item, Document))


def _source_of(built: Document, sources: Iterable[Document]) -> Document | None:
    """The document that was built from: of the same kind, with the name that is nearest.

    kustomize can add to a name on both sides, and to nothing else that tells objects apart.
    """
    kind, name, namespace = _identity(built)
    near = [
        (len(candidate), found_namespace == namespace, source)
        for source in sources
        for found_kind, candidate, found_namespace in [_identity(source)]
        if found_kind == kind and candidate and candidate in name
    ]
    return max(near, key=lambda each: each[:2])[2] if near else None


def _identity(document: Document) -> tuple[tuple[str, str], str, str]:
    metadata = document.value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    group = str(document.value.get("apiVersion", "")).rpartition("/")[0]
    kind = (group, str(document.value.get("kind", "")))
    return kind, str(metadata.get("name") or ""), str(metadata.get("namespace") or "")


def placed(built: Document, source: Document | None, file: str) -> Document:
    """The built document at the place of its source: what stands there has its line, what was added that of its parent.

    One that stands nowhere in the repository is at the file that built it.
    """
    if source is None:
        _put(built.value, None, (0, 0))
        return replace(built, file=file, line=0, column=0, text_line=1 if built.text else 0, built=file)
    _put(built.value, source.value, (source.line, source.column))
    return replace(
        built,
        file=source.file,
        index=source.index,
        line=source.line,
        column=source.column,
        text=source.text,
        text_line=source.text_line,
        built=file,
    )


def _put(value: Any, source: Any, at: Position) -> None:
    """Move all positions below to those of the source."""
    stack = [(value, source, at)]
    while stack:
        value, source, at = stack.pop()
        if isinstance(value, Map):
            same = source if isinstance(source, Map) else Map(*at)
            value.line, value.column = same.line, same.column
            for key, item in value.items():
                value.at[key] = same.at.get(key, at)
                stack.append((item, same.get(key), value.at[key]))
        elif isinstance(value, Seq):
            items = source if isinstance(source, Seq) else Seq(*at)
            value.line, value.column = items.line, items.column
            value.at = [items.at[index] if index < len(items.at) else at for index in range(len(value))]
            stack.extend((item, items[i] if i < len(items) else None, value.at[i]) for i, item in enumerate(value))
