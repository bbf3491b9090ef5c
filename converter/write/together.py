"""Several files, all changed or none."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
    for change in changes:
        _check(change)
    moves = [_planned(change) for change in changes]
    made: list[str] = []
    try:
        for change, move in zip(changes, moves, strict=True):
            with _named(change.path):
                _make_folders(os.path.dirname(move.path), made)
                move.prepare(change.after or "")
        _perform(moves)
    except BaseException:
        _forget(moves)
        for folder in reversed(made):
            with suppress(OSError):
                os.rmdir(folder)
        raise
    _forget(moves)


def _forget(moves: Sequence[_Move]) -> None:
    """Take away what waited beside the files, also if an interrupt comes now."""
    left, interrupt = list(moves), None
    while left:
        try:
            while left:
                left[-1].forget()
                left.pop()
        except KeyboardInterrupt as error:
            interrupt = error
    if interrupt:
        raise interrupt


@contextmanager
def _named(path: str) -> Iterator[None]:
    """A person wants to hear of the file itself, and not of what waits beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error


@dataclass(frozen=True, slots=True)
class _Move:
    """What waits beside a file to take its place, and another name for the file as it is."""

    path: str
    new: str
    """Empty for a file that is to go."""
    old: str
    """Empty for a file that is to come."""

    def prepare(self, text: str) -> None:
        if self.old:
            _keep(self.path, self.old)
        if self.new:
            with open(self.new, "xb") as handle:
                handle.write(text.encode())
                handle.flush()
                os.fsync(handle.fileno())
            if self.old:
                os.chmod(self.new, stat.S_IMODE(os.stat(self.path).st_mode))

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


def _planned(change: Change) -> _Move:
    """The names are made before the files, so that whatever happens it is known what to take away."""
    path = os.path.realpath(change.path)
    beside = os.path.join(os.path.dirname(path), f".ingress-migrate-{os.urandom(6).hex()}")
    new = f"{beside}-new" if change.after is not None else ""
    return _Move(path, new, f"{beside}-old" if change.before is not None else "")


def _keep(path: str, name: str) -> None:
    """Where the file system can link, this costs nothing."""
    try:
        os.link(path, name)
    except OSError:
        shutil.copy2(path, name)


def _make_folders(folder: str, made: list[str]) -> None:
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for each in reversed(missing):
        made.append(each)
        os.mkdir(each)


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
