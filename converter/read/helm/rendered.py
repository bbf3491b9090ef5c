"""What a chart rendered to becomes documents that stand where their templates do."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.documents import Document, built_documents
from converter.read.helm.chart_files import real_path
from converter.read.located import Map, Seq
from converter.read.model import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_HOOK = "helm.sh/hook"
_PASSING_HOOKS = frozenset(
    {"test", "test-success", "test-failure", "pre-delete", "post-delete", "pre-rollback", "post-rollback"}
)
"""Hooks whose objects are not there while the release serves."""


def rendered(chart: str, manifests: Mapping[str, str]) -> Reading:
    """The documents of all templates, by path; of what cannot be read, the problem names the template."""
    found: list[Document] = []
    problems: list[Problem] = []
    manifests = {path: text for path, text in sorted(manifests.items()) if _is_manifest(path) and text.strip()}
    for path, text in manifests.items():
        file = real_path(chart, path)
        items = list(built_documents(file, text, chart))
        problems += [_invalid(item) for item in items if isinstance(item, Problem)]
        documents = [item for item in items if isinstance(item, Document)]
        found += _placed([each for each in documents if not _passes(each)], _lines(file))
    return Reading(tuple(found), tuple(problems), len(manifests))


def _is_manifest(path: str) -> bool:
    """Not the notes, nor the library of a chart; ``crds/`` is never rendered."""
    name = path.rpartition("/")[2]
    return name != "NOTES.txt" and not name.startswith("_")


def _passes(document: Document) -> bool:
    metadata = document.value.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    hooks = annotations.get(_HOOK) if isinstance(annotations, dict) else None
    return isinstance(hooks, str) and {each.strip() for each in hooks.split(",")} <= _PASSING_HOOKS


def _invalid(problem: Problem) -> Problem:
    where = f" (line {problem.line} of what it renders to)" if problem.line else ""
    message = f"{problem.message.rstrip('.')}{where}."
    return replace(problem, line=0, message=message, advice="See what helm template gives, and correct the template.")


def _lines(file: str) -> Sequence[str]:
    """Of a template; none if it is in an archive."""
    try:
        return Path(file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()


def _placed(documents: Sequence[Document], lines: Sequence[str]) -> Iterator[Document]:
    """Each at the line of its kind in the template, if that is certain; at the file as a whole if not."""
    counts = Counter(_kind(document) for document in documents)
    seen: Counter[str] = Counter()
    for document in documents:
        kind = _kind(document)
        starts = [number for number, line in enumerate(lines, 1) if re.match(rf"\s*kind:\s*[\"']?{kind}\b", line)]
        one_each = len(starts) == counts[kind]
        line = starts[seen[kind] if one_each else 0] if one_each or len(starts) == 1 else 0
        seen[kind] += 1
        _put(document.value, _until_separator(lines, line) if line else (), line)
        yield replace(document, line=line, column=1, text_line=0)


def _kind(document: Document) -> str:
    return str(document.value.get("kind"))


def _until_separator(lines: Sequence[str], start: int) -> Sequence[str]:
    end = next((number for number in range(start, len(lines)) if lines[number].startswith("---")), len(lines))
    return lines[:end]


def _put(value: Map, lines: Sequence[str], line: int) -> None:
    """Move all positions into the template: a key to the next line that begins with it, or to that of its parent."""
    stack: list[tuple[Map | Seq, int]] = [(value, line)]
    while stack:
        each, above = stack.pop()
        each.line, each.column = above, 1
        if isinstance(each, Seq):
            each.at = [(above, 1)] * len(each)
            stack.extend((item, above) for item in each if isinstance(item, Map | Seq))
            continue
        for key, item in each.items():
            found = _next(lines, above, key)
            each.at[key] = (found, 1)
            if isinstance(item, Map | Seq):
                stack.append((item, found))


def _next(lines: Sequence[str], above: int, key: str) -> int:
    for number in range(max(above, 1), len(lines) + 1):
        if lines[number - 1].lstrip(" -").startswith((f"{key}:", f'"{key}":', f"'{key}':")):
            return number
    return above
