"""What every page and comment in GitHub-flavoured Markdown is made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from converter.report.words import unglued, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 60_000
"""GitHub takes comments of 65,536 characters."""
_MARKS = frozenset("|`*_[]\\~#")


class Room:
    """What is left of a comment; what does not fit is counted instead of told."""

    def __init__(self, taken: int) -> None:
        self._left = _LONGEST - taken
        self.hidden = 0

    def takes(self, text: str) -> bool:
        """Whether the text fits, which then takes its room."""
        size = len(text) + 2
        if size > self._left:
            self.hidden += 1
            return False
        self._left -= size
        return True


def row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def html(text: str) -> str:
    """For what stands within HTML: nothing that was read is taken for a tag."""
    return escape(unglued(visible(text)), quote=False)


def plain(text: str) -> str:
    """For what stands outside of HTML: nothing that was read is taken for Markdown either."""
    return "".join(f"&#{ord(char)};" if char in _MARKS else char for char in html(text))


def folded(summary: str, advice: str, items: Iterable[str]) -> str:
    """A line that can be opened; without a blank line, so that nothing in it is taken for Markdown."""
    hint = f"<p>→ {html(advice)}</p>" if advice else ""
    told = "".join(f"<li>{item}</li>" for item in items)
    return f"<details><summary>{summary}</summary>{hint}<ul>{told}</ul></details>"
