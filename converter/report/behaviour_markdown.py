"""A review as a comment on a pull request: a table for each host on which something differs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from converter.report.behaviour import change_in_words, summary, verdict_change
from converter.report.digest import digest
from converter.report.words import counted, visible
from converter.verify.facts import ANSWER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.report.digest import Block, Item
    from converter.verify.review import HostReview
    from converter.verify.verdicts import VerdictChange

_LONGEST = 60_000
"""GitHub takes comments of 65,536 characters."""
_ROOM_FOR_THE_END = 1_000
_MARKS = {"": "", "+": "new: ", "-": "gone: "}


def behaviour_as_markdown(reviews: Sequence[HostReview], verdicts: Sequence[VerdictChange] = ()) -> str:
    """GitHub-flavoured Markdown; hosts that are too much for a comment are counted instead of told."""
    found = digest(reviews)
    texts = [_block(block) for block in found.blocks]
    if found.defaults:
        lines = [f"- {_text(change_in_words(each.change))}" for each in found.defaults]
        texts.insert(0, "\n".join(["### What the controller did by itself", "", *lines]))
    if verdicts:
        texts.append("\n".join(["### Verdicts", "", *(f"- {_text(verdict_change(each))}" for each in verdicts)]))
    shown, size = [f"## Behaviour before and after\n\n{_text(summary(found))}"], _ROOM_FOR_THE_END
    for text in texts:
        size += len(text) + 2
        if size > _LONGEST:
            break
        shown.append(text)
    if hidden := len(texts) - len(shown) + 1:
        shown.append(f"… and {counted(hidden, 'more section')}; `ingress-migrate diff` shows them all.")
    return "\n\n".join(shown) + "\n"


def _block(block: Block) -> str:
    lines = [
        f"### {_text(block.host)}",
        "",
        "| scheme | path | before | what differs |",
        "|---|---|---|---|",
    ]
    lines += [_row(item) for item in block.items]
    if block.shared:
        lines += ["", *(f"- on all of them, {_text(change_in_words(change))}" for change in block.shared)]
    if block.untried:
        lines += ["", *(f"- not tried: <code>{_text(match.value)}</code>" for match in block.untried)]
    return "\n".join(lines)


def _row(item: Item) -> str:
    changes = "<br>".join(_text(change_in_words(change, short=change.fact == ANSWER)) for change in item.changes)
    cells = (item.schemes, f"<code>{_text(item.path)}</code>", _MARKS[item.mark] + _text(item.text), changes)
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """Nothing in a manifest is read as Markdown."""
    safe = escape(visible(text), quote=False)
    return "".join(f"&#{ord(char)};" if char in "|`*_[]\\~#" else char for char in safe)
