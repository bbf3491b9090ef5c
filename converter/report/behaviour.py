"""What becomes of requests before and after, for a person who has to say yes: routes instead of YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.report.digest import digest
from converter.report.page import Page
from converter.report.words import counted, glued, visible
from converter.verify.facts import ANSWER, SENT_HOST, SENT_PATH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.report.digest import Block, Digest, Item, Shared
    from converter.report.page import Line, Style
    from converter.verify.changes import Change
    from converter.verify.review import HostReview
    from converter.verify.verdicts import VerdictChange

_WIDEST_PATH = 28
_MOST_HOSTS = 8
_MOST_CODES = 3
_GAP = "  "
_MARKED: dict[str, Style] = {"": "", "+": "green", "-": "red"}
_BLANK: Line = (("", ""),)
_STYLES: dict[Verdict | None, Style] = {
    Verdict.UNTRANSLATED: "red",
    Verdict.APPROXIMATED: "bold yellow",
    None: "cyan",
}


def behaviour(
    reviews: Sequence[HostReview],
    console_width: int,
    verdicts: Sequence[VerdictChange] = (),
    *,
    whole: bool = False,
) -> list[Line]:
    """A block for each host on which something differs, then what holds for many, then the numbers.

    ``verdicts`` are those that an earlier run did not have.

    ``whole`` shows the hosts and the paths on which nothing differs as well.
    """
    found, table = digest(reviews, whole=whole), _Table(Page(console_width))
    blocks = [line for block in found.blocks for line in (*table.block(block), _BLANK)]
    return [*blocks, *table.same(found), *table.defaults(found), *table.verdicts(verdicts), *table.end(found)]


@dataclass(frozen=True, slots=True)
class _Table:
    page: Page

    def block(self, block: Block) -> list[Line]:
        lines: list[Line] = [((block.host, "bold"),)]
        width = min(_WIDEST_PATH, max((len(visible(item.path)) for item in block.items), default=0))
        for item in block.items:
            lines += self._item(item, width)
        for change in block.shared:
            lines += self._change(change, "  ", "on all of them, ")
        for match in block.untried:
            lines += self._dim(f"  {visible(match.value)}: not tried, for no path was found that gets there")
        return lines

    def _item(self, item: Item, width: int) -> list[Line]:
        mark, path, style = item.mark or " ", visible(item.path), _MARKED[item.mark]
        head = glued(f"{mark} {item.schemes:<7}{_GAP}{path:<{width}}{_GAP}")
        indent = " " * (2 + 7 + len(_GAP) + width + len(_GAP))
        if len(path) > width:
            lines = [
                *self.page.lines(head.rstrip(), style),
                *self.page.lines(item.text, style, first=indent, rest=indent),
            ]
        else:
            lines = self.page.lines(item.text, style, first=head, rest=indent)
        for change in item.changes:
            lines += self._change(change, indent[:-2], "", short=change.fact == ANSWER)
        return lines

    def _change(self, change: Change, indent: str, where: str, *, short: bool = False) -> list[Line]:
        text = f"{where}{change_in_words(change, short=short)}"
        first = f"{indent}{'!' if change.silent else '~'}{glued(' ')}"
        return self.page.lines(text, _style(change), first=first, rest=f"{indent}  ")

    def _dim(self, text: str) -> list[Line]:
        rest = " " * (len(text) - len(text.lstrip()))
        return self.page.lines(text.lstrip(), "dim", first=rest, rest=rest)

    def same(self, found: Digest) -> list[Line]:
        if not found.same:
            return []
        nothing = "Nothing else" if found.defaults else "Nothing"
        text = f"{nothing} differs on {counted(len(found.same), 'host')}: {_listed(found.same)}."
        return [*self.page.lines(text), _BLANK]

    def defaults(self, found: Digest) -> list[Line]:
        if not found.defaults:
            return []
        lines = self.page.lines("What the controller did by itself, told once:", "bold")
        for shared in found.defaults:
            lines += self._change(shared.change, "  ", "")
            lines += self._dim(f"    {_places(shared)}")
        return [*lines, _BLANK]

    def verdicts(self, found: Sequence[VerdictChange]) -> list[Line]:
        if not found:
            return []
        lines = self.page.lines("Verdicts that changed:", "bold")
        for change in found:
            lines += self.page.lines(verdict_change(change), "cyan", first="  ~ ", rest="    ")
        return [*lines, _BLANK]

    def end(self, found: Digest) -> list[Line]:
        return self.page.lines(summary(found), "bold")


def summary(found: Digest) -> str:
    """The numbers of a review, in a sentence."""
    if not found.hosts:
        return "No Ingress with a host or a path was found, so there is nothing to ask."
    start = f"{counted(found.ways, 'path')} on {counted(found.hosts, 'host')} asked over http and https"
    if not found.differing:
        return f"{start}: nothing differs{' but what the controller did by itself' if found.defaults else ''}."
    hosts = f"{counted(found.differing, 'host')} with differences"
    if found.silent:
        return f"{start}: {hosts}; {counted(found.silent, 'difference')} that nothing in the report announces."
    return f"{start}: {hosts}{'; the report announces all of them' if found.asked else ''}."


def change_in_words(change: Change, *, short: bool = False) -> str:
    """What differs, with the verdict and the codes that announce it; ``short`` where the line says what was before."""
    missing = "as asked" if change.fact in (SENT_PATH, SENT_HOST) else "none"
    before, after = change.before or missing, change.after or missing
    text = f"→ {after}" if short else f"{before} → {after}"
    if change.fact != ANSWER:
        text = f"{change.fact}, {change.part}: {text}" if change.part else f"{change.fact}: {text}"
    return f"{text}  {_told(change)}".rstrip()


def verdict_change(change: VerdictChange) -> str:
    return f"{change.source}, {change.subject}: {change.before or 'none'} → {change.after or 'none'}"


def _told(change: Change) -> str:
    if change.silent:
        return glued("NOT ANNOUNCED")
    if change.verdict is None:
        return ""
    shown = ", ".join(change.codes[:_MOST_CODES])
    more = len(change.codes) - _MOST_CODES
    return glued(f"{change.verdict.value} [{shown}{f' and {more} more' if more > 0 else ''}]")


def _style(change: Change) -> Style:
    return "bold red" if change.silent else _STYLES.get(change.verdict, "green")


def _listed(hosts: Sequence[str]) -> str:
    names = hosts[:_MOST_HOSTS]
    more = len(hosts) - _MOST_HOSTS
    return ", ".join([*names, *([f"and {more} more (--all shows them)"] if more > 0 else [])])


def _places(shared: Shared) -> str:
    number = f"{counted(shared.ways, 'path')} on {counted(len(shared.hosts), 'host')}"
    return f"{number}: {_listed(shared.hosts)}" if shared.change.fact == ANSWER else number
