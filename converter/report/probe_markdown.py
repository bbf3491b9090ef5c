"""A report about probes as a comment or a page: the numbers first, the requests folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.markdown import Room, folded, plain, row
from converter.report.probe_digest import sections, summary
from converter.report.probe_model import IN_WORDS, asked, counts
from converter.report.words import counted

if TYPE_CHECKING:
    from converter.report.probe_digest import Group
    from converter.report.probe_model import ProbeReport

_ROOM_FOR_THE_END = 2_000
_MOST_PLACES = 20


def probe_markdown(report: ProbeReport) -> str:
    """GitHub-flavoured Markdown; what is too much for a comment is counted instead of told."""
    blocks = [_head(report)]
    room = Room(len(blocks[0]) + _ROOM_FOR_THE_END)
    for section in sections(report):
        told = list(filter(room.takes, map(_group, section.groups)))
        if told:
            blocks.append("\n".join([f"### {section.title}", "", *told]))
    if room.hidden:
        blocks.append(f"… and {counted(room.hidden, 'more difference')}; the JSON report has them all.")
    return "\n\n".join([*blocks, *_end(report)]) + "\n"


def _head(report: ProbeReport) -> str:
    lines = ["## Two addresses asked the same", "", plain(summary(report)), ""]
    lines += [f"- old: <code>{plain(report.old)}</code>", f"- new: <code>{plain(report.new)}</code>"]
    differing = {host: rows for host, rows in report.hosts().items() if any(row.outcome != "same" for row in rows)}
    if differing:
        heads = ("host", "asked", *IN_WORDS.values())
        lines += ["", row(heads), row(("---", *("--:" for _ in heads[1:])))]
        lines += [
            row((f"<code>{plain(host)}</code>", str(len(rows)), *map(str, counts(rows).values())))
            for host, rows in differing.items()
        ]
    return "\n".join(lines)


def _group(group: Group) -> str:
    probes = [each.probe for each in group.rows[:_MOST_PLACES]]
    places = [f"<code>{plain(asked(each.request))}</code> {plain(each.reason)}" for each in probes]
    more = len(group.rows) - _MOST_PLACES
    if more > 0:
        places.append(f"and {more} more")
    return folded(f"{plain(group.text)} ({counted(len(group.rows), 'probe')})", group.advice, places)


def _end(report: ProbeReport) -> list[str]:
    lines = [f"- Not sent: {counted(each.number, 'probe')} {plain(each.reason)}." for each in report.left_out]
    lines += [f"- {plain(note)}" for note in report.notes]
    return ["\n".join(lines)] if lines else []
