"""Lines of a terminal: wrapped first, coloured when they are shown."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from converter.report.words import unglued, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

Style = Literal["bold", "dim", "bold red", "bold yellow", "red", "green", "cyan", ""]
"""As rich names them; empty for plain text."""

Line = tuple[tuple[str, Style], ...]
"""One line: pieces of text, each with its style."""

_NARROWEST, _WIDEST = 40, 100
"""However wide the console is: longer lines are hard to read."""
MESSAGE_LINES = 5
"""Of one message, at the most."""
ADVICE_LINES = 6
"""Of one advice, which may be a command: no part of that can be left out."""


@dataclass(frozen=True, slots=True)
class Page:
    """How wide the lines are."""

    console_width: int

    def lines(
        self, text: str, style: Style = "", *, first: str = "", rest: str = "", most: int | None = None
    ) -> list[Line]:
        """The text, wrapped: its first line begins with ``first``, the others with ``rest``.

        What does not fit into ``most`` lines is cut off.
        """
        wrapped = textwrap.wrap(
            visible(text),
            width=max(_NARROWEST, min(_WIDEST, self.console_width)),
            initial_indent=first,
            subsequent_indent=rest,
            max_lines=most,
            placeholder=" …",
            # A name, or a file with its line, can be searched and clicked only in one piece.
            break_long_words=False,
            break_on_hyphens=False,
        )
        return [((unglued(line), style),) for line in wrapped]


_PATCH_STYLES: Mapping[str, Style] = {"+": "green", "-": "red", "@": "cyan", "d": "bold"}


def patch_line(line: str) -> Line:
    """A line of a patch as a terminal shows it."""
    style: Style = "bold" if line.startswith(("+++", "---")) else _PATCH_STYLES.get(line[:1], "")
    return ((line, style),)
