"""Where the file with the settings is; most runs have none, so that looking for it has to cost next to nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE = ".ingress-migrate.yaml"
_MISNAMED = ".ingress-migrate.yml"


def discover(paths: Iterable[str]) -> str | None:
    """The nearest file in or above the first of the paths that exists, up to the root of its repository.

    Raises:

        click.UsageError: There is one with a suffix that is not read.
    """
    for folder in _upwards(_start(paths)):
        file = os.path.join(folder, FILE)
        if os.path.lexists(file):
            return file
        if os.path.lexists(os.path.join(folder, _MISNAMED)):
            raise click.UsageError(f"{shown(os.path.join(folder, _MISNAMED))} is not read; rename it to {FILE}.")
    return None


def shown(file: str) -> str:
    """The path as it would be typed here."""
    near = os.path.relpath(file)
    return os.path.abspath(file) if near.startswith(os.path.join("..", "..", "..")) else near


def _start(paths: Iterable[str]) -> str:
    for path in paths:
        if os.path.exists(path):
            real = os.path.realpath(path)
            return real if os.path.isdir(real) else os.path.dirname(real)
    return os.path.realpath(os.curdir)


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")):
            return
        folder = above
