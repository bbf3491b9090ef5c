"""What Git knows of files that are about to change."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

from converter.read.git import NOT_INSTALLED, complaint, in_repository

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECONDS = 60


class UnknownStateError(Exception):
    """There is a repository, and Git does not say what is committed in it; the message is the reason."""


def uncommitted(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the files whose content Git does not have; none where there is no repository.

    Raises :class:`UnknownStateError`.
    """
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if os.path.exists(path):
            by_folder[os.path.dirname(os.path.realpath(path))].append(path)
    return tuple(sorted(path for folder, own in by_folder.items() for path in _uncommitted(folder, own)))


def _uncommitted(folder: str, paths: list[str]) -> list[str]:
    import subprocess

    names = [os.path.basename(os.path.realpath(path)) for path in paths]
    # Without the ":(literal)" a name with a star in it would be a pattern.
    command = [
        "git",
        "-C",
        folder,
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--ignored",
        "--untracked-files=all",
    ]
    try:
        done = subprocess.run(  # noqa: S603  Git, with names as arguments
            [*command, "--", *(f":(literal){name}" for name in names)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        return _unknown(folder, NOT_INSTALLED)
    except subprocess.TimeoutExpired:
        return _unknown(folder, f"it took longer than {_SECONDS} s")
    if done.returncode:
        return _unknown(folder, complaint(done.stderr))
    told = {os.path.basename(os.fsdecode(each[3:])) for each in done.stdout.split(b"\0") if each}
    return [path for path, name in zip(paths, names, strict=True) if name in told]


def _unknown(folder: str, reason: str) -> list[str]:
    if in_repository(folder):
        raise UnknownStateError(reason)
    return []
