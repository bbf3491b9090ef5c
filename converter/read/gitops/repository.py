"""Paths that are written from the root of a repository, as a person would type them."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Repository:
    root: str
    """Relative to the working directory, or absolute if the file was named so."""

    def path(self, written: str) -> str:
        """A path of the repository as typed; none leads out of it."""
        inside = posixpath.normpath(posixpath.join("/", written))[1:]
        return posixpath.normpath(posixpath.join(self.root, inside))

    def has(self, written: str) -> bool:
        return os.path.exists(self.path(written))


ELSEWHERE = Repository(".")
"""A repository that is not here, seen from its root."""


class Repositories:
    """Finds the repository of a file: that of Git, or else the folder that a person named."""

    def __init__(self, named: Sequence[str]) -> None:
        self.named = sorted(named, key=len, reverse=True)
        self.known: dict[str, Repository] = {}

    def of(self, file: str) -> Repository:
        folder = posixpath.dirname(file) or "."
        if folder not in self.known:
            self.known[folder] = Repository(self._root(folder))
        return self.known[folder]

    def _root(self, folder: str) -> str:
        start = os.path.realpath(folder)
        here = start
        while not os.path.exists(os.path.join(here, ".git")):
            above = os.path.dirname(here)
            if above == here:
                return next((name for name in self.named if _is_below(start, os.path.realpath(name))), folder)
            here = above
        return here if os.path.isabs(folder) else os.path.relpath(here).replace(os.sep, "/")


def _is_below(folder: str, top: str) -> bool:
    return folder == top or folder.startswith(top.rstrip(os.sep) + os.sep)
