"""Several files, all changed or none."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Change:
    """What one file was, and what it is to be; ``None`` is no file."""

    path: str
    before: str | None
    after: str | None


class ChangedMeanwhileError(Exception):
    """A file is no longer what the changes were made for."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def write_together(changes: Sequence[Change]) -> None:
    """Make all the changes. On a failure of any kind, an interrupt included, every file is as it was before.

    Everything is written beside its place first, so a full disk or a folder that cannot be written is found before
    any file has changed. Links keep pointing at what they point at, and files keep their modes.

    Raises ``OSError``, and ``ChangedMeanwhileError`` for a file that somebody else has changed.
    """
    made: list[str] = []
    moves: list[_Move] = []
    try:
        for change in changes:
            _check(change)
            moves.append(_stage(change, made))
        _perform(moves)
    except BaseException:
        for move in moves:
            move.forget()
        for folder in reversed(made):
            with suppress(OSError):
                os.rmdir(folder)
        raise
    for move in moves:
        move.forget()


@dataclass(frozen=True, slots=True)
class _Move:
    """A file that waits beside the place it is for, and the copy of what is there."""

    path: str
    new: str
    """Empty for a file that is to go."""
    old: str
    """Empty for a file that is to come."""

    def make(self) -> None:
        if self.new:
            os.replace(self.new, self.path)
        else:
            os.unlink(self.path)

    def undo(self) -> None:
        if self.old:
            os.replace(self.old, self.path)
        else:
            with suppress(FileNotFoundError):
                os.unlink(self.path)

    def forget(self) -> None:
        for file in filter(None, (self.new, self.old)):
            with suppress(OSError):
                os.unlink(file)


def _check(change: Change) -> None:
    try:
        with open(change.path, "rb") as handle:
            found = handle.read()
    except FileNotFoundError:
        found = None
    if found != (None if change.before is None else change.before.encode()):
        raise ChangedMeanwhileError(change.path)
    # A rename would go through where the file's own mode says that it must not change.
    if found is not None and not os.stat(change.path).st_mode & stat.S_IWUSR:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), change.path)


def _stage(change: Change, made: list[str]) -> _Move:
    path = os.path.realpath(change.path)
    folder = os.path.dirname(path)
    _make_folders(folder, made)
    old = _beside(folder, change.before, path) if change.before is not None else ""
    try:
        new = _beside(folder, change.after, path if old else "") if change.after is not None else ""
    except BaseException:
        _Move(path, "", old).forget()
        raise
    return _Move(path, new, old)


def _make_folders(folder: str, made: list[str]) -> None:
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for each in reversed(missing):
        os.mkdir(each)
        made.append(each)


def _beside(folder: str, text: str, like: str) -> str:
    """A temporary file with the text, and the mode of a file like it."""
    descriptor, name = tempfile.mkstemp(prefix=".ingress-migrate-", dir=folder)
    try:
        with open(descriptor, "wb") as handle:
            handle.write(text.encode())
            handle.flush()
            os.fsync(handle.fileno())
        os.chmod(name, stat.S_IMODE(os.stat(like).st_mode) if like else 0o666 & ~_umask())
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    return name


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _perform(moves: Sequence[_Move]) -> None:
    begun: list[_Move] = []
    try:
        for move in moves:
            begun.append(move)
            move.make()
    except BaseException:
        for move in reversed(begun):
            move.undo()
        raise
