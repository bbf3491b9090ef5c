"""Proxies as child processes: started on free ports, waited for, and ended whatever happens."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from subprocess import Popen

_PATIENCE = 20.0
"""Seconds until a proxy has to listen; usually it is a tenth of one."""
_TRIES = 3
_TAKEN = "address already in use"
_ENDING = ("SIGTERM", "SIGHUP")


class ProxyError(Exception):
    """A proxy did not start; the message is the last thing it said."""


@contextmanager
def running(prepare: Callable[[Path, Sequence[int]], Sequence[str]], ports: int) -> Iterator[tuple[int, ...]]:
    """A proxy on so many free ports of the loopback interface.

    ``prepare`` writes its configuration into a folder that vanishes with it, and returns the command. A port may be
    taken by somebody else between the choice and the start; then others are chosen.

    Raises :class:`ProxyError` when it ends by itself, or does not listen in time.
    """
    with _ending_in_order(), TemporaryDirectory(prefix="ingress-migrate-") as folder:
        process, chosen = _started(prepare, Path(folder), ports)
        try:
            yield chosen
        finally:
            _end(process)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Who is told to end, or whose terminal is closed, ends as after Ctrl-C, and so does what was started.

    Only the main thread may say so, and whoever says otherwise knows better.
    """
    mine = threading.current_thread() is threading.main_thread()
    numbers = [each for name in _ENDING if (each := getattr(signal, name, None)) and mine]
    ours = [each for each in numbers if signal.getsignal(each) is signal.SIG_DFL]
    for each in ours:
        signal.signal(each, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        for each in ours:
            signal.signal(each, signal.SIG_DFL)


@contextmanager
def free_ports(number: int) -> Iterator[tuple[int, ...]]:
    """All different, and nobody else's as long as the block lasts."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        yield tuple(each.getsockname()[1] for each in sockets)
    finally:
        for each in sockets:
            each.close()


def _started(
    prepare: Callable[[Path, Sequence[int]], Sequence[str]], folder: Path, number: int
) -> tuple[Popen[bytes], tuple[int, ...]]:
    import subprocess

    log = folder / "log"
    for attempt in range(_TRIES):
        # Preparing may open ports for those behind the proxy.
        with free_ports(number) as ports:
            command = prepare(folder, ports)
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  the program is one that this package looked up
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder
            )
        try:
            # Whoever took a port answers there, so that the proxy seems to listen.
            if _listens(process, ports) and not _is_taken(log):
                return process, ports
        except BaseException:
            _end(process)
            raise
        _end(process)
        if not _is_taken(log) or attempt == _TRIES - 1:
            said = log.read_text(errors="replace").strip()
            raise ProxyError(said[-2000:] or "it said nothing")
    raise AssertionError


def _is_taken(log: Path) -> bool:
    return _TAKEN in log.read_text(errors="replace").lower()


def _listens(process: Popen[bytes], ports: Sequence[int]) -> bool:
    """Whether it accepts connections on every port before it ends or patience does."""
    deadline = time.monotonic() + _PATIENCE
    left = list(ports)
    while left and process.poll() is None and time.monotonic() < deadline:
        if _accepts(left[0]):
            left.pop(0)
        else:
            time.sleep(0.01)
    return not left


def _accepts(port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex(("127.0.0.1", port)) == 0


def _end(process: Popen[bytes]) -> None:
    import subprocess

    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
