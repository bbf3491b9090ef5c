"""One file, replaced in one step."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

_STREAMS = ("/dev/std", "/dev/fd/", "/proc/")
"""Names of open streams, even where a regular file is behind them."""


def write_file(path: str, text: str) -> None:
    """Write a file whole or not at all; it keeps its mode, and a symbolic link keeps pointing at it.

    What is no file of its own, such as a pipe or ``/dev/stdout``, is written directly.
    """
    data = text.encode()
    mode = _mode(path)
    if _is_special(path, mode):
        # Opened to append, because standard output may be a file that already holds something.
        with open(path, "ab") as handle:
            handle.write(data)
    else:
        _replace(os.path.realpath(path), data, mode)


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _is_special(path: str, mode: int | None) -> bool:
    return os.path.abspath(path).startswith(_STREAMS) or (mode is not None and not stat.S_ISREG(mode))


def _replace(path: str, data: bytes, mode: int | None) -> None:
    temporary = os.path.join(os.path.dirname(path), f".ingress-migrate-{os.urandom(6).hex()}")
    try:
        with open(temporary, "xb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
