"""Sources of documents: files, directories, standard input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.documents import MAX_BYTES, Document, documents
from converter.read.files import File, files, read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

__all__ = ["Document", "Environment", "Reading", "read"]

STDIN = "<stdin>"


@dataclass(frozen=True, slots=True)
class Environment:
    """A part of the input that stands for one cluster, or one stage of it, and is converted by itself."""

    name: str
    """Empty for what belongs to all, or to none in particular."""
    reading: Reading


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found, in the order of the arguments and then of the files' names."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    files: int


def read(paths: Sequence[str], stdin: BinaryIO | None = None) -> Reading:
    """Read files and directories, and ``-`` for standard input; a fault in one never stops the others."""
    found: list[Document] = []
    problems: list[Problem] = []
    opened = 0
    for path in paths:
        for entry in [File(STDIN, named=True)] if path == "-" else files(path):
            if isinstance(entry, Problem):
                problems.append(entry)
                continue
            data = _content(entry, stdin)
            if isinstance(data, Problem):
                problems.append(data)
                continue
            opened += 1
            for item in documents(entry.name, data, named=entry.named):
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    found.append(item)
    return Reading(tuple(found), tuple(problems), opened)


def _content(entry: File, stdin: BinaryIO | None) -> bytes | Problem:
    if entry.name == STDIN:
        return stdin.read(MAX_BYTES + 1) if stdin else b""
    return read_bytes(entry.name, MAX_BYTES)
