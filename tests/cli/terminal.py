"""Runs of the program with a terminal on its streams, as a person has it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_COLOURS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE")


def plain_environment() -> dict[str, str]:
    """Ours, without a word about colours."""
    return {name: value for name, value in os.environ.items() if name not in _COLOURS}


class Run(NamedTuple):
    terminal: str
    """What the person saw, escapes and all."""
    stdout: str
    """What went into the pipe; empty if standard output was the terminal too."""
    status: int


def on_terminal(
    arguments: Sequence[str], cwd: Path, environment: dict[str, str] | None = None, *, stdout: bool = False
) -> Run:
    """Run with standard error on a terminal of 100 columns, and standard output too if wanted."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**plain_environment(), "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40", **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=follower if stdout else subprocess.PIPE,
        stderr=follower,
    )
    os.close(follower)
    try:
        seen, piped = _everything(leader, process.stdout.fileno() if process.stdout else None)
        return Run(seen.replace("\r\n", "\n"), piped, process.wait(timeout=30))
    finally:
        process.kill()
        process.wait()
        os.close(leader)
        if process.stdout:
            process.stdout.close()


def _everything(terminal: int, pipe: int | None) -> tuple[str, str]:
    found: dict[int, bytes] = {terminal: b""}
    if pipe is not None:
        found[pipe] = b""
    still = set(found)
    while still:
        ready, _, _ = select.select(list(still), [], [], 60)
        assert ready, f"nothing came for a minute; so far {found}"
        for stream in ready:
            data = _read(stream)
            found[stream] += data
            if not data:
                still.discard(stream)
    return found[terminal].decode(), found[pipe].decode() if pipe is not None else ""


def _read(stream: int) -> bytes:
    try:
        return os.read(stream, 65536)
    except OSError:
        # Linux says so when the last program has left the terminal.
        return b""
