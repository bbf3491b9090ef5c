"""Lines onto a stream: coloured for a person at a terminal, plain for everything else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from subprocess import Popen

    from rich.color import ColorSystem

    from converter.report.page import Line

_WIDTH = 100
"""Where there is no terminal."""
Color = Literal["auto", "always", "never"]


def show(lines: Iterable[Line], stream: TextIO) -> None:
    """Write the lines; rich knows how a terminal takes colours (``NO_COLOR``, ``FORCE_COLOR``, ``TERM``)."""
    page(lines, stream, paged=False)


def width_of(stream: TextIO) -> int:
    """Columns of the terminal that shows the stream; each may be redirected by itself. ``COLUMNS`` counts more."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def page(lines: Iterable[Line], stream: TextIO, color: Color = "auto", *, paged: bool = True) -> None:
    """Write the lines; to a terminal through the pager, which leaves by itself if they fit, as Git has it."""
    text = _text(lines, _color_system(stream, color))
    if not (paged and stream.isatty() and _through_pager(text)):
        stream.write("".join(text))


def _through_pager(text: Iterable[str]) -> bool:
    """Whether there was a pager to take it; one that is left early, or by an interrupt, has had enough."""
    import shlex
    import subprocess

    command = shlex.split(os.environ.get("PAGER", "less"))
    if not command or command == ["cat"]:
        return False
    try:
        # The user's own choice of a program, as for Git.
        pager = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, env={"LESS": "FRX", "LV": "-c", **os.environ}, encoding="utf-8"
        )
    except OSError:
        return False
    _feed(pager, text)
    return True


def _feed(pager: Popen[str], text: Iterable[str]) -> None:
    from contextlib import suppress

    assert pager.stdin  # noqa: S101  it was opened with a pipe
    with suppress(BrokenPipeError, KeyboardInterrupt):
        pager.stdin.writelines(text)
    with suppress(BrokenPipeError):
        pager.stdin.close()
    while pager.poll() is None:
        # The keyboard belongs to the pager now; an interrupt is for it.
        with suppress(KeyboardInterrupt):
            pager.wait()


def _color_system(stream: TextIO, color: Color) -> ColorSystem | None:
    """What colours the stream takes; ``None`` for plain text. ``always`` is the user's say over ``NO_COLOR``."""
    if color == "never" or (color == "auto" and not (stream.isatty() or _forced())):
        return None
    from rich.color import ColorSystem

    if color == "always":
        return ColorSystem.STANDARD
    # Loading rich takes longer than most conversions; a file or a pipe has no use for it.
    from rich.console import Console

    console = Console(file=stream)
    return None if console.no_color or console.color_system is None else ColorSystem.STANDARD


def _forced() -> bool:
    """Whether a file or a pipe is to have colours, as force-color.org has it; no-color.org comes first."""
    return bool(os.environ.get("FORCE_COLOR")) and not os.environ.get("NO_COLOR")


def _text(lines: Iterable[Line], system: ColorSystem | None) -> Iterator[str]:
    """Whole lines; rich's own way of printing takes a quarter of a millisecond for each."""
    if system is None:
        yield from ("".join(text for text, _ in line) + "\n" for line in lines)
        return
    from functools import cache

    from rich.style import Style

    style = cache(Style.parse)
    for line in lines:
        yield "".join(style(name).render(text, color_system=system) if name else text for text, name in line) + "\n"
