"""A comparison as a comment on a pull request: what nobody announced in the open, the rest folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.markdown import Room, html, plain, row
from converter.report.verified import NAMES, codes, places, summary, verdict, where
from converter.report.verified_groups import accepted, announced, unannounced
from converter.report.verified_model import placed
from converter.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.report.verified_groups import Group
    from converter.report.verified_model import Comparison

_ROOM_FOR_THE_END = 1_000
_MOST_EXAMPLES = 3


def verified_as_markdown(comparison: Comparison) -> str:
    """GitHub-flavoured Markdown; what is too much for a comment is counted instead of told."""
    room = Room(_ROOM_FOR_THE_END)
    shown = [_head(comparison), *filter(room.takes, _blocks(comparison))]
    if room.hidden:
        shown.append(f"… and {counted(room.hidden, 'more section')}; the JSON report has them all.")
    return "\n\n".join(shown) + "\n"


def _head(comparison: Comparison) -> str:
    counts = comparison.counts()
    lines = [
        f"## {comparison.words.heading} {plain(summary(comparison))}",
        "",
        row(NAMES[outcome] for outcome in counts),
        row("--:" for _ in counts),
        row(map(str, counts.values())),
        "",
        plain(verdict(comparison)),
    ]
    return "\n".join(lines)


def _blocks(comparison: Comparison) -> Iterable[str]:
    words = comparison.words.before, comparison.words.after
    for host, groups in unannounced(comparison.rows).items():
        yield "\n\n".join([f"### {plain(host)}", *(_open(group, words) for group in groups)])
    for title, groups in (("Accepted", accepted(comparison.rows)), ("Announced", announced(comparison.rows))):
        if groups:
            yield "\n".join([f"### {title}", "", *(_folded(group) for group in groups)])
    told = [f"- {plain(f'{placed(each)}{each.message} {each.advice}'.rstrip())}" for each in comparison.notes]
    told += [f"- {plain(f'{each.file}:{each.line}: accepts nothing: {each.reason}')}" for each in comparison.stale]
    if told:
        yield "\n".join(["### Notes", "", *told])


def _open(group: Group, words: tuple[str, str]) -> str:
    lines = [f"**{plain(group.finding.in_words())}** ({counted(len(group.rows), 'probe')})", ""]
    lines += [f"- {word}: {plain(place)}" for word, place in places(group, words)]
    lines += [f"- <code>{plain(row.request)}</code> ({plain(row.reason)})" for row in group.rows[:_MOST_EXAMPLES]]
    more = len(group.rows) - _MOST_EXAMPLES
    return "\n".join([*lines, *([f"- and {counted(more, 'more probe')}"] if more > 0 else [])])


def _folded(group: Group) -> str:
    """HTML without a blank line, so that nothing in a manifest is read as Markdown."""
    finding = group.finding
    head = finding.accepted or f"{finding.remarks[0].message} {codes(group)}"
    advice = f"<p>→ {html(finding.remarks[0].advice)}</p>" if finding.remarks and finding.remarks[0].advice else ""
    example = f"<code>{html(group.first.request)}</code>: {html(finding.in_words())}"
    return f"<details><summary>{html(head)} ({where(group)})</summary>{advice}<p>{example}</p></details>"
