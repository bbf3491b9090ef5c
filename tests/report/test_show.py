"""Lines reach a stream plain, and a terminal in colour."""

from __future__ import annotations

import io
import os
import termios
from contextlib import suppress

import pytest

from converter.report import show
from converter.report.show import width_of

LINES = [(("Lost", "bold red"),), (("  ", ""), ("a.yaml:1", "dim")), (("[code] :smile: " + "word " * 30, ""),)]
PLAIN = "Lost\n  a.yaml:1\n[code] :smile: " + "word " * 30 + "\n"


def on_terminal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    leader, follower = os.openpty()
    with open(follower, "w", encoding="utf-8") as terminal:
        show(LINES, terminal)
    text = b""
    # Linux says by an error that the other end is closed and all is read.
    with suppress(OSError):
        while found := os.read(leader, 10_000):
            text += found
    os.close(leader)
    return text.decode().replace("\r\n", "\n")


def test_a_file_or_pipe_gets_plain_text() -> None:
    stream = io.StringIO()
    show(LINES, stream)

    assert stream.getvalue() == PLAIN


def test_a_terminal_gets_colours_and_nothing_is_wrapped_or_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    text = on_terminal(monkeypatch, TERM="xterm-256color")

    assert text == PLAIN.replace("Lost", "\x1b[1;31mLost\x1b[0m").replace("a.yaml:1", "\x1b[2ma.yaml:1\x1b[0m")


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "31m" not in on_terminal(monkeypatch, TERM="xterm-256color", NO_COLOR="1")


def test_a_dumb_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_terminal(monkeypatch, TERM="dumb") == PLAIN


def test_the_width_is_that_of_the_stream_s_own_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The summary goes to a terminal while the objects go into a file."""
    monkeypatch.delenv("COLUMNS", raising=False)
    leader, follower = os.openpty()
    termios.tcsetwinsize(follower, (24, 80))
    with open(follower, "w", encoding="utf-8") as terminal:
        assert width_of(terminal) == 80
        monkeypatch.setenv("COLUMNS", "60")
        assert width_of(terminal) == 60
        monkeypatch.setenv("COLUMNS", "0")
        assert width_of(terminal) == 80
    os.close(leader)
    assert width_of(io.StringIO()) == 100
