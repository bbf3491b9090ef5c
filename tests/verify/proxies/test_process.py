"""Child processes that listen: they are waited for, and they end with the block that started them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from converter.verify.proxies.process import ProxyError, free_ports, running

LISTENS = """
import os, pathlib, socket, sys, time
pathlib.Path("pid").write_text(str(os.getpid()))
servers = [socket.create_server(("127.0.0.1", int(port))) for port in sys.argv[2:]]
time.sleep(60)
"""


def command(program: str, kept: list[Path]):
    def prepare(folder: Path, ports: Sequence[int]) -> Sequence[str]:
        kept.append(folder)
        return [sys.executable, "-c", program, "", *map(str, ports)]

    return prepare


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_listens_inside_the_block_and_nothing_is_left_behind() -> None:
    kept: list[Path] = []
    with running(command(LISTENS, kept), 2) as ports:
        process = int((kept[0] / "pid").read_text())
        assert len({*ports}) == 2
        assert is_alive(process)

    assert not is_alive(process)
    assert not kept[0].exists()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_it_ends_when_the_block_fails(error: type[BaseException]) -> None:
    kept: list[Path] = []
    found: list[int] = []

    def fail() -> None:
        with running(command(LISTENS, kept), 1):
            found.append(int((kept[0] / "pid").read_text()))
            raise error

    with pytest.raises(error):
        fail()

    assert not is_alive(found[0])
    assert not kept[0].exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_it_ends_when_the_program_that_started_it_is_told_to(number: signal.Signals) -> None:
    starting = f"""
import signal, sys, time
signal.signal({int(number)}, signal.default_int_handler if {int(number)} == signal.SIGINT else signal.SIG_DFL)
from converter.verify.proxies.process import running
def prepare(folder, ports):
    print(folder, flush=True)
    return [sys.executable, "-c", {LISTENS!r}, "", *map(str, ports)]
with running(prepare, 1):
    print("listens", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", starting], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout
        folder = Path(parent.stdout.readline().decode().strip())
        assert parent.stdout.readline() == b"listens\n"
        child = int((folder / "pid").read_text())
        parent.send_signal(number)
        assert parent.wait(10) != 0

    assert not is_alive(child)
    assert not folder.exists()


def test_what_a_program_said_before_it_failed_is_told() -> None:
    with (
        pytest.raises(ProxyError, match="bad configuration"),
        running(command("raise SystemExit('bad configuration')", []), 1),
    ):
        pass


def test_other_ports_are_chosen_when_somebody_took_one() -> None:
    kept: list[Path] = []
    program = f"""
import pathlib
if not pathlib.Path("tried").exists():
    pathlib.Path("tried").touch()
    raise SystemExit("bind() failed (98: Address already in use)")
{LISTENS}
"""
    with running(command(program, kept), 1):
        assert len(kept) == 2


def test_other_ports_are_chosen_when_somebody_who_took_one_answers_there() -> None:
    """A proxy may go on trying for a while, and meanwhile the port accepts connections."""
    kept: list[Path] = []

    def prepare(folder: Path, ports: Sequence[int]) -> Sequence[str]:
        kept.append(folder)
        said = "Address already in use" if len(kept) == 1 else ""
        return [sys.executable, "-c", f"print({said!r}, flush=True)\n{LISTENS}", "", *map(str, ports)]

    with running(prepare, 1):
        assert len(kept) == 2


def test_free_ports_are_different_and_held() -> None:
    with free_ports(50) as ports, socket.socket() as other:
        assert len({*ports}) == 50
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", ports[0]))
