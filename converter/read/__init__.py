"""Sources of documents: files, directories, standard input."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.chunks import of_a_conversion
from converter.read.documents import MAX_BYTES, Document, documents
from converter.read.files import KUSTOMIZATIONS, File, files, read_bytes
from converter.read.gitops import with_advice
from converter.read.model import Environment, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from converter.read.chunks import Wanted
    from converter.read.kustomize import Built

    Opened = Callable[[str, int, int], None]

__all__ = ["Document", "Environment", "Reading", "read", "read_environments"]

STDIN = "<stdin>"


def _nobody(file: str, documents: int, files: int) -> None:
    """Nobody follows."""


def read(
    paths: Sequence[str],
    stdin: BinaryIO | None = None,
    opened: Opened = _nobody,
    exclude: Sequence[str] = (),
    wanted: Wanted = of_a_conversion,
) -> Reading:
    """Read files and directories, and ``-`` for standard input; a fault in one never stops the others.

    Whoever wants to follow is told of each file: its name, how many documents were found in it, and how many files
    there are in all. ``exclude`` are patterns for what is left out below each path. ``wanted`` says what becomes a
    document; what cannot be of use to a conversion does not, unless the caller has another use for it.
    """
    return with_advice(_read(list(_entries(paths, exclude)), stdin, opened, wanted), paths)


def read_environments(
    paths: Sequence[str],
    stdin: BinaryIO | None = None,
    opened: Opened = _nobody,
    exclude: Sequence[str] = (),
    wanted: Wanted = of_a_conversion,
) -> tuple[Environment, ...]:
    """The same with every kustomization built; what belongs together is told in ``environments``."""
    entries = list(_entries(paths, exclude))
    names = [each.name for each in entries if isinstance(each, File) and os.path.basename(each.name) in KUSTOMIZATIONS]
    if not names:
        return (Environment("", with_advice(_read(entries, stdin, opened, wanted), paths)),)
    from converter.read.environments import build_all, environments
    from converter.read.kustomizations import find_trees
    from converter.read.kustomize import kustomize_command

    trees, taken = find_trees(names)
    builds = build_all(trees, kustomize_command(), wanted)
    belong = (taken - _files_of(each for each in builds if each.failed)) | _files_of(b for b in builds if not b.failed)
    others = [each for each in entries if isinstance(each, Problem) or os.path.realpath(each.name) not in belong]
    total = len(builds) + len(others)
    for each in builds:
        opened(each.tree.top.file, len(each.documents), total)
    read_others = _read(others, stdin, lambda file, documents, _: opened(file, documents, total), wanted)
    found = environments(read_others, builds)
    return tuple(replace(each, reading=with_advice(each.reading, paths)) for each in found)


def _files_of(builds: Iterable[Built]) -> set[str]:
    return {os.path.realpath(file) for each in builds for file in each.tree.files}


def _entries(paths: Iterable[str], exclude: Sequence[str]) -> Iterator[File | Problem]:
    for path in paths:
        yield from [File(STDIN, named=True)] if path == "-" else files(path, exclude)


def _read(entries: Sequence[File | Problem], stdin: BinaryIO | None, opened: Opened, wanted: Wanted) -> Reading:
    found: list[Document] = []
    problems: list[Problem] = []
    files_read = 0
    for entry in entries:
        if isinstance(entry, Problem):
            problems.append(entry)
            continue
        data = _content(entry, stdin)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        files_read += 1
        before = len(found)
        for item in documents(entry.name, data, named=entry.named, wanted=wanted):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                found.append(item)
        opened(entry.name, len(found) - before, len(entries))
    return Reading(tuple(found), tuple(problems), files_read)


def _content(entry: File, stdin: BinaryIO | None) -> bytes | Problem:
    if entry.name == STDIN:
        return stdin.read(MAX_BYTES + 1) if stdin else b""
    return read_bytes(entry.name, MAX_BYTES)
