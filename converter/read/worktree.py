"""What Git knows of files that are about to change."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECONDS = 60


def uncommitted(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the files whose content Git does not have; none where there is no repository, or no Git."""
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
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    if done.returncode:
        return []
    told = {os.path.basename(os.fsdecode(each[3:])) for each in done.stdout.split(b"\0") if each}
    return [path for path, name in zip(paths, names, strict=True) if name in told]
