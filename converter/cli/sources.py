"""Where a run takes its documents from."""

from __future__ import annotations

import sys

from converter.read import Environment, read


def gather(paths: tuple[str, ...]) -> tuple[Environment, ...]:
    """The input, in parts that are converted each by itself."""
    return (Environment("", read(paths, sys.stdin.buffer)),)
