"""How long a command takes and how much memory it needs."""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

CONVERT = [sys.executable, "-m", "converter", "convert", "--quiet"]


@dataclass(frozen=True)
class Figures:
    seconds: float
    """Median wall time."""
    megabytes: float
    """Median of the largest resident memory."""


def measure(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Figures]:
    """Run the commands in turns, so that a slow moment of the machine meets all of them."""
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(_run(command))
    return {
        name: Figures(statistics.median(r[0] for r in found), statistics.median(r[1] for r in found))
        for name, found in runs.items()
    }


def _run(command: Sequence[str]) -> tuple[float, float]:
    start = perf_counter()
    child = os.fork()
    if not child:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.execv(command[0], list(command))
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return perf_counter() - start, usage.ru_maxrss / 1024
