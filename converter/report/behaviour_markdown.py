"""A review as a comment on a pull request: a table for each host on which something differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.behaviour import change_in_words, summary, verdict_change
from converter.report.digest import digest
from converter.report.markdown import Room, plain, row
from converter.report.words import counted
from converter.verify.facts import ANSWER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.report.digest import Block, Item
    from converter.verify.review import HostReview
    from converter.verify.verdicts import VerdictChange

_ROOM_FOR_THE_END = 1_000
_MARKS = {"": "", "+": "new: ", "-": "gone: "}


def behaviour_as_markdown(reviews: Sequence[HostReview], verdicts: Sequence[VerdictChange] = ()) -> str:
    """GitHub-flavoured Markdown; hosts that are too much for a comment are counted instead of told."""
    found = digest(reviews)
    texts = [_block(block) for block in found.blocks]
    if found.defaults:
        lines = [f"- {plain(change_in_words(each.change))}" for each in found.defaults]
        texts.insert(0, "\n".join(["### What the controller did by itself", "", *lines]))
    if verdicts:
        texts.append("\n".join(["### Verdicts", "", *(f"- {plain(verdict_change(each))}" for each in verdicts)]))
    room = Room(_ROOM_FOR_THE_END)
    shown = [f"## Behaviour before and after\n\n{plain(summary(found))}", *filter(room.takes, texts)]
    if room.hidden:
        shown.append(f"… and {counted(room.hidden, 'more section')}; `ingress-migrate diff` shows them all.")
    return "\n\n".join(shown) + "\n"


def _block(block: Block) -> str:
    lines = [
        f"### {plain(block.host)}",
        "",
        "| scheme | path | before | what differs |",
        "|---|---|---|---|",
    ]
    lines += [_row(item) for item in block.items]
    if block.shared:
        lines += ["", *(f"- on all of them, {plain(change_in_words(change))}" for change in block.shared)]
    if block.untried:
        lines += ["", *(f"- not tried: <code>{plain(match.value)}</code>" for match in block.untried)]
    return "\n".join(lines)


def _row(item: Item) -> str:
    changes = "<br>".join(plain(change_in_words(change, short=change.fact == ANSWER)) for change in item.changes)
    return row((item.schemes, f"<code>{plain(item.path)}</code>", _MARKS[item.mark] + plain(item.text), changes))
