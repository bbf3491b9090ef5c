"""Lines onto a stream: coloured for a person at a terminal, plain for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.report.page import Line


def show(lines: Iterable[Line], stream: TextIO) -> None:
    """Write the lines; whether and how a terminal takes colours (``NO_COLOR``, ``TERM``) is rich's to know."""
    if not stream.isatty():
        stream.writelines("".join(text for text, _ in line) + "\n" for line in lines)
        return
    # Loading rich takes longer than most conversions; a file or a pipe has no use for it.
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*line))
