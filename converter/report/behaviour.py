"""Who answers before and after, for a person who has to say yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.words import counted, visible
from converter.verify.compare import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.report.page import Line, Style
    from converter.verify.messages import Answer, Request
    from converter.verify.review import HostReview, Row

_ANY_HOST = "(any other host)"
_SHOWN_BY_TOLD = ("status", "backend", "location", "path")
"""Aspects that stand in the words for an answer; others need a line of their own."""
_MOST_CODES = 3


def behaviour(reviews: Sequence[HostReview]) -> list[Line]:
    """A block for each host, with a line for each request; then the numbers."""
    lines: list[Line] = []
    for each in reviews:
        lines += [((visible(each.host) or _ANY_HOST, "bold"),), *_rows(each.rows)]
        lines += [
            ((f"  {visible(pattern)}  not tried: no path found that it matches", "dim"),) for pattern in each.untried
        ]
        lines.append((("", ""),))
    return [*lines, *_end(reviews)]


def _rows(rows: Sequence[Row]) -> Iterable[Line]:
    asked = [_asked(row.request) for row in rows]
    before = [_words(row.before, row.request) for row in rows]
    indent, width = max(map(len, asked), default=0), max(map(len, before), default=0)
    for row, request, words in zip(rows, asked, before, strict=True):
        head = f"  {request:<{indent}}  "
        if not row.differences:
            yield (head, ""), (f"{words:<{width}}  same", "dim")
            continue
        after = _words(row.after, row.request)
        yield (head, ""), (f"{words:<{width}}  → {after}", _style(row)), (f"  {_codes(row)}", "dim")
        for each in row.differences:
            if each.aspect not in _SHOWN_BY_TOLD:
                values = f"{visible(each.source) or 'nothing'} → {visible(each.target) or 'nothing'}"
                yield ((f"{'':<{len(head)}}{each.aspect}: {values}", _style(row)),)


def _asked(request: Request) -> str:
    return f"{request.scheme}://{visible(request.host)}{visible(request.target)}"


def _words(answer: Answer, request: Request) -> str:
    """Who answers, with what a redirect or a rewrite makes of the address."""
    text = told(answer)
    if answer.location:
        text += f" to {visible(answer.location)}"
    first = answer.shares[0].forwarded if answer.shares else None
    return f"{text} as {visible(first.target)}" if first and first.target != request.target else text


def _style(row: Row) -> Style:
    return "bold yellow" if row.codes else "bold red"


def _codes(row: Row) -> str:
    if not row.codes:
        return "[not announced]"
    shown = ", ".join(row.codes[:_MOST_CODES])
    hidden = len(row.codes) - _MOST_CODES
    return f"[{shown} and {hidden} more]" if hidden > 0 else f"[{shown}]"


def _end(reviews: Sequence[HostReview]) -> list[Line]:
    rows = [row for each in reviews for row in each.rows]
    differ = [row for row in rows if row.differences]
    silent = sum(not row.codes for row in differ)
    text = f"{counted(len(rows), 'request')} to {counted(len(reviews), 'host')}"
    text += f": {len(rows) - len(differ)} answered the same"
    if differ:
        told_of = f"{silent} of them unannounced" if silent else "the report announces all of them"
        text += f", {len(differ)} not; {told_of}"
    return [((f"{text}.", "bold"),)]
