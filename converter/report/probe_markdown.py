"""A report about probes as a comment or a page: the numbers first, the requests folded."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from converter.report.probe_digest import sections, summary
from converter.report.probe_model import IN_WORDS, asked, counts
from converter.report.words import counted, visible

if TYPE_CHECKING:
    from converter.report.probe_digest import Group
    from converter.report.probe_model import ProbeReport

_LONGEST = 60_000
"""GitHub takes comments of 65,536 characters."""
_ROOM_FOR_THE_END = 2_000
_MOST_PLACES = 20


def probe_markdown(report: ProbeReport) -> str:
    """GitHub-flavoured Markdown; what is too much for a comment is counted instead of told."""
    blocks = [_head(report)]
    size, hidden = len(blocks[0]) + _ROOM_FOR_THE_END, 0
    for section in sections(report):
        told = []
        for text in map(_group, section.groups):
            if size + len(text) < _LONGEST:
                size += len(text) + 1
                told.append(text)
            else:
                hidden += 1
        if told:
            blocks.append("\n".join([f"### {section.title}", "", *told]))
    if hidden:
        blocks.append(f"… and {counted(hidden, 'more difference')}; the JSON report has them all.")
    return "\n\n".join([*blocks, *_end(report)]) + "\n"


def _head(report: ProbeReport) -> str:
    lines = ["## Two addresses asked the same", "", _text(summary(report)), ""]
    lines += [f"- old: <code>{_text(report.old)}</code>", f"- new: <code>{_text(report.new)}</code>"]
    differing = {host: rows for host, rows in report.hosts().items() if any(row.outcome != "same" for row in rows)}
    if differing:
        heads = ("host", "asked", *IN_WORDS.values())
        lines += ["", _row(*heads), _row("---", *("--:" for _ in heads[1:]))]
        lines += [
            _row(f"<code>{_text(host)}</code>", str(len(rows)), *map(str, counts(rows).values()))
            for host, rows in differing.items()
        ]
    return "\n".join(lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _group(group: Group) -> str:
    """HTML without a blank line, so that nothing that was received is read as Markdown."""
    places = [
        f"<li><code>{_text(asked(row.probe.request))}</code> {_text(row.probe.reason)}</li>"
        for row in group.rows[:_MOST_PLACES]
    ]
    more = len(group.rows) - _MOST_PLACES
    if more > 0:
        places.append(f"<li>and {more} more</li>")
    advice = f"<p>→ {_text(group.advice)}</p>" if group.advice else ""
    summary_ = f"<summary>{_text(group.text)} ({counted(len(group.rows), 'probe')})</summary>"
    return f"<details>{summary_}{advice}<ul>{''.join(places)}</ul></details>"


def _end(report: ProbeReport) -> list[str]:
    lines = [f"- Not sent: {counted(each.number, 'probe')} {_text(each.reason)}." for each in report.left_out]
    lines += [f"- {_text(note)}" for note in report.notes]
    return ["\n".join(lines)] if lines else []


def _text(text: str) -> str:
    """Nothing that was received is read as Markdown or as HTML."""
    safe = escape(visible(text), quote=False)
    return "".join(f"&#{ord(char)};" if char in "|`*_[]\\~#" else char for char in safe)
