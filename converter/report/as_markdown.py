"""The report as a comment on a pull request: the numbers first, the details folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.groups import sections
from converter.report.markdown import Room, folded, html, row
from converter.report.words import counted, in_files

if TYPE_CHECKING:
    from converter.report.groups import Group
    from converter.report.model import Report

_MOST_PLACES = 20
_ROOM_FOR_THE_END = 500


def to_markdown(report: Report) -> str:
    """GitHub-flavoured Markdown; what is too much for a comment is counted instead of told."""
    blocks = [_head(report)]
    room = Room(len(blocks[0]) + _ROOM_FOR_THE_END)
    for title, groups in sections(report):
        told = list(filter(room.takes, map(_group, groups)))
        if told:
            blocks.append("\n".join([f"### {title}", "", *told]))
    if room.hidden:
        blocks.append(f"… and {counted(room.hidden, 'more group')}; the JSON report has them all.")
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
            row(counts),
            row("--:" for _ in counts),
            row(map(str, counts.values())),
        ]
    )


def _group(group: Group) -> str:
    subject = f"<code>{html(group.subject)}</code>: " if group.subject else ""
    places = [f"<code>{html(str(place))}</code>" for place in group.places[:_MOST_PLACES]]
    more = len(group.places) - _MOST_PLACES
    if more > 0:
        places.append(f"and {counted(more, 'more place')}")
    number = counted(len(group.places), "place")
    summary = f"{subject}{html(group.message)} ({number}, <code>{html(group.code)}</code>)"
    return folded(summary, group.advice, places)
