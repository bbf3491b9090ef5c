"""Why Git does not answer, where there is a repository to ask it about."""

from __future__ import annotations

import os
from pathlib import Path

NOT_INSTALLED = "Git is not installed"


def in_repository(folder: str) -> bool:
    """Whether a folder belongs to a work tree, whatever Git says."""
    here = Path(folder).resolve()
    return any(os.path.lexists(above / ".git") for above in (here, *here.parents))


def complaint(stderr: bytes) -> str:
    """The first line of what Git says, which is about a repository of somebody else more often than not."""
    lines = os.fsdecode(stderr).strip().splitlines() or ["it says nothing"]
    return lines[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
