"""A directory of files, replaced as a whole or not at all.

Everything is written to a temporary directory first; then a few renames put it in place, and are undone if one of
them fails. A directory is replaced only if nothing in it was written by anybody else.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADER = "# Written by ingress-migrate; edits are lost on the next run.\n"
"""The first line of every file, by which the next run knows that it may replace it."""

_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to be written."""

    path: str
    """Relative to the directory, parted by ``/``."""
    text: str


class OutputRefused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The directory holds something that this program did not write."""

    def __init__(self, directory: str, file: str) -> None:
        super().__init__(f"{directory} is left as it is: ingress-migrate did not write {file}")
        self.directory = directory
        self.file = file
        """The first such file, relative to the directory; ``.`` if the directory itself is a file."""


def content(file: OutputFile) -> str:
    """The text as it is written, below the header."""
    return file.text if file.text.startswith(HEADER) else HEADER + file.text


def present(directory: str) -> dict[str, str]:
    """The files of the directory by path, with the line ends that are written; none if there is no directory.

    Raises ``OutputRefused`` as ``write_directory`` does.
    """
    target = os.path.realpath(directory)
    foreign = _first_foreign(target)
    if foreign:
        raise OutputRefused(directory, foreign)
    found = {}
    for folder, _, names in os.walk(target, onerror=_raise) if os.path.isdir(target) else ():
        for name in names:
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8", errors="replace") as handle:
                found[os.path.relpath(path, target).replace(os.sep, "/")] = handle.read()
    return found


def write_directory(directory: str, files: Sequence[OutputFile]) -> None:
    """Put exactly these files into the directory, each below the header.

    On a failure of any kind the directory is as it was before. Raises ``OutputRefused`` before anything is
    touched, and ``ValueError`` for a path that is not inside the directory.
    """
    for file in files:
        _check(file.path)
    target = os.path.realpath(directory)
    foreign = _first_foreign(target)
    if foreign:
        raise OutputRefused(directory, foreign)
    with _parents(target), _temporary(target) as temporary:
        new, old = os.path.join(temporary, "new"), os.path.join(temporary, "old")
        os.mkdir(new)
        for file in files:
            _stage(new, file)
        _rename_all(_moves(target, new, old))


def _check(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or path.startswith("/") or "\\" in path or "\0" in path or _DRIVE.match(path):
        message = f"{path!r} is not a path inside the directory"
        raise ValueError(message)


def _first_foreign(target: str) -> str:
    """The first file that this program did not write; empty if there is none."""
    if not os.path.lexists(target):
        return ""
    if not os.path.isdir(target):
        return "."
    for folder, folders, names in os.walk(target, onerror=_raise):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted((*names, *links)):
            path = os.path.join(folder, name)
            if not _is_ours(path):
                return os.path.relpath(path, target).replace(os.sep, "/")
    return ""


def _is_ours(path: str) -> bool:
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as handle:
        # Git may have given it other line ends.
        return handle.readline(len(HEADER) + 1).rstrip(b"\r\n") == HEADER.rstrip().encode()


def _raise(error: OSError) -> None:
    raise error


@contextmanager
def _parents(target: str) -> Iterator[None]:
    """Make the directories above the target; take them away again if the body fails."""
    missing = []
    parent = os.path.dirname(target)
    while not os.path.lexists(parent):
        missing.append(parent)
        parent = os.path.dirname(parent)
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        yield
    except BaseException:
        for made in missing:
            with suppress(OSError):
                os.rmdir(made)
        raise


@contextmanager
def _temporary(target: str) -> Iterator[str]:
    """A directory to stage in, which takes what was replaced away with it."""
    parent = target if _stays(target) else os.path.dirname(target)
    with tempfile.TemporaryDirectory(prefix=".ingress-migrate-", dir=parent) as temporary:
        yield temporary


def _stays(target: str) -> bool:
    """Whether the directory cannot be renamed, or somebody stands in it, so that only its content is replaced."""
    if not os.path.isdir(target):
        return False
    return os.path.ismount(target) or target == os.getcwd() or not os.access(os.path.dirname(target), os.W_OK)


def _stage(new: str, file: OutputFile) -> None:
    path = os.path.join(new, *PurePosixPath(file.path).parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    # "x": two files of one path, or of one path to this file system, are a fault.
    with open(path, "x", encoding="utf-8", newline="\n") as handle:
        handle.write(content(file))


def _moves(target: str, new: str, old: str) -> list[tuple[str, str]]:
    """The renames that put the new state in place of the old one."""
    if not os.path.isdir(target):
        return [(new, target)]
    shutil.copymode(target, new)
    temporary = os.path.dirname(new)
    if os.path.dirname(temporary) != target:
        return [(target, old), (new, target)]
    os.mkdir(old)
    kept = [name for name in sorted(os.listdir(target)) if name != os.path.basename(temporary)]
    away = [(os.path.join(target, name), os.path.join(old, name)) for name in kept]
    return away + [(os.path.join(new, name), os.path.join(target, name)) for name in sorted(os.listdir(new))]


def _rename_all(moves: Sequence[tuple[str, str]]) -> None:
    """Make all the renames or none."""
    try:
        for source, destination in moves:
            os.rename(source, destination)
    except BaseException:
        # An interrupt may come between a rename and any note of it, so the file system is asked what was done.
        for source, destination in reversed(moves):
            if os.path.lexists(destination) and not os.path.lexists(source):
                os.rename(destination, source)
        raise
