"""Lines onto a stream: coloured for a person at a terminal, plain for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from converter.report.page import Line


def show(lines: Iterable[Line], stream: TextIO) -> None:
    """Write the lines; whether and how a terminal takes colours (``NO_COLOR``, ``TERM``) is rich's to know."""
    if not stream.isatty():
        _plain(lines, stream)
        return
    console = _console(stream)
    for line in lines:
        _print(console, line)


def page(lines: Iterable[Line], stream: TextIO) -> None:
    """Write the lines; to a terminal through the pager, which leaves by itself if they fit, as Git has it."""
    if not stream.isatty():
        _plain(lines, stream)
        return
    import os

    os.environ.setdefault("LESS", "FRX")
    console = _console(stream)
    with console.pager(styles=True):
        for line in lines:
            _print(console, line)


def _plain(lines: Iterable[Line], stream: TextIO) -> None:
    stream.writelines("".join(text for text, _ in line) + "\n" for line in lines)


def _console(stream: TextIO) -> Console:
    # Loading rich takes longer than most conversions; a file or a pipe has no use for it.
    from rich.console import Console

    return Console(file=stream, highlight=False, soft_wrap=True)


def _print(console: Console, line: Line) -> None:
    from rich.text import Text

    console.print(Text.assemble(*line), soft_wrap=True)
