"""The report as a comment on a pull request: the numbers first, the details folded."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from converter.report.groups import sections
from converter.report.words import counted, in_files, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.report.groups import Group
    from converter.report.model import Report

_LONGEST = 60_000
"""GitHub takes comments of 65,536 characters."""
_MOST_PLACES = 20
_ROOM_FOR_THE_END = 500


def to_markdown(report: Report) -> str:
    """GitHub-flavoured Markdown; what is too much for a comment is counted instead of told."""
    blocks = [_head(report)]
    size, hidden = len(blocks[0]) + _ROOM_FOR_THE_END, 0
    for title, groups in sections(report):
        told = []
        for group in groups:
            text = _group(group)
            if size + len(text) < _LONGEST:
                size += len(text) + 1
                told.append(text)
            else:
                hidden += 1
        if told:
            size += len(title) + 8
            blocks.append("\n".join([f"### {title}", "", *told]))
    if hidden:
        blocks.append(f"… and {counted(hidden, 'more group')}; the JSON report has them all.")
    return "\n\n".join(blocks) + "\n"


def _head(report: Report) -> str:
    objects = ", ".join(counted(number, kind) for kind, number in report.kinds().items())
    verdicts = {verdict.value: number for verdict, number in report.verdicts().items()}
    counts = {**verdicts, "errors": len(report.problems_of("error"))}
    return "\n".join(
        [
            f"## ingress-migrate for {report.target} (Gateway API {report.gateway_api} {report.channel})",
            "",
            f"{counted(report.documents, 'Ingress')}{in_files(report.files)} became {objects or 'nothing'}.",
            "",
            _row(counts),
            _row("--:" for _ in counts),
            _row(map(str, counts.values())),
        ]
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _group(group: Group) -> str:
    """HTML without a blank line, so that nothing in a manifest is read as Markdown."""
    subject = f"<code>{_text(group.subject)}</code>: " if group.subject else ""
    places = [f"<li><code>{_text(str(place))}</code></li>" for place in group.places[:_MOST_PLACES]]
    more = len(group.places) - _MOST_PLACES
    if more > 0:
        places.append(f"<li>and {counted(more, 'more place')}</li>")
    advice = f"<p>→ {_text(group.advice)}</p>" if group.advice else ""
    number = counted(len(group.places), "place")
    summary = f"<summary>{subject}{_text(group.message)} ({number}, <code>{_text(group.code)}</code>)</summary>"
    return f"<details>{summary}{advice}<ul>{''.join(places)}</ul></details>"


def _text(text: str) -> str:
    return escape(visible(text), quote=False)
