"""A comparison as a comment on a pull request: what nobody announced in the open, the rest folded."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from converter.report.verified import NAMES, codes, places, summary, verdict, where
from converter.report.verified_groups import accepted, announced, unannounced
from converter.report.verified_model import placed
from converter.report.words import counted, unglued, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.report.verified_groups import Group
    from converter.report.verified_model import Comparison

_LONGEST = 60_000
"""GitHub takes comments of 65,536 characters."""
_ROOM_FOR_THE_END = 1_000
_MOST_EXAMPLES = 3


def verified_as_markdown(comparison: Comparison) -> str:
    """GitHub-flavoured Markdown; what is too much for a comment is counted instead of told."""
    shown, hidden, size = [_head(comparison)], 0, _ROOM_FOR_THE_END
    for text in _blocks(comparison):
        if size + len(text) > _LONGEST:
            hidden += 1
        else:
            size += len(text) + 2
            shown.append(text)
    if hidden:
        shown.append(f"… and {counted(hidden, 'more section')}; the JSON report has them all.")
    return "\n\n".join(shown) + "\n"


def _head(comparison: Comparison) -> str:
    counts = comparison.counts()
    lines = [
        f"## {comparison.words.heading} {_text(summary(comparison))}",
        "",
        _row(NAMES[outcome] for outcome in counts),
        _row("--:" for _ in counts),
        _row(map(str, counts.values())),
        "",
        _text(verdict(comparison)),
    ]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _blocks(comparison: Comparison) -> Iterable[str]:
    words = comparison.words.before, comparison.words.after
    for host, groups in unannounced(comparison.rows).items():
        yield "\n\n".join([f"### {_text(host)}", *(_open(group, words) for group in groups)])
    for title, groups in (("Accepted", accepted(comparison.rows)), ("Announced", announced(comparison.rows))):
        if groups:
            yield "\n".join([f"### {title}", "", *(_folded(group) for group in groups)])
    told = [f"- {_text(f'{placed(each)}{each.message} {each.advice}'.rstrip())}" for each in comparison.notes]
    told += [f"- {_text(f'{each.file}:{each.line}: accepts nothing: {each.reason}')}" for each in comparison.stale]
    if told:
        yield "\n".join(["### Notes", "", *told])


def _open(group: Group, words: tuple[str, str]) -> str:
    lines = [f"**{_text(group.finding.in_words())}** ({counted(len(group.rows), 'probe')})", ""]
    lines += [f"- {word}: {_text(place)}" for word, place in places(group, words)]
    lines += [f"- <code>{_text(row.request)}</code> ({_text(row.reason)})" for row in group.rows[:_MOST_EXAMPLES]]
    more = len(group.rows) - _MOST_EXAMPLES
    return "\n".join([*lines, *([f"- and {counted(more, 'more probe')}"] if more > 0 else [])])


def _folded(group: Group) -> str:
    """HTML without a blank line, so that nothing in a manifest is read as Markdown."""
    finding = group.finding
    head = finding.accepted or f"{finding.remarks[0].message} {codes(group)}"
    advice = f"<p>→ {_html(finding.remarks[0].advice)}</p>" if finding.remarks and finding.remarks[0].advice else ""
    example = f"<code>{_html(group.first.request)}</code>: {_html(finding.in_words())}"
    return f"<details><summary>{_html(head)} ({where(group)})</summary>{advice}<p>{example}</p></details>"


def _html(text: str) -> str:
    return escape(unglued(visible(text)), quote=False)


def _text(text: str) -> str:
    """Nothing in a manifest is read as Markdown."""
    return "".join(f"&#{ord(char)};" if char in "|`*_[]\\~#" else char for char in _html(text))
