"""A report about probes for a person at a terminal: what differs, then each host in numbers, then the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.page import Page
from converter.report.probe_digest import sections, summary
from converter.report.probe_model import IN_WORDS, asked, counts
from converter.report.words import counted, glued, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.report.page import Line, Style
    from converter.report.probe_digest import Group, Section
    from converter.report.probe_model import ProbeReport
    from converter.verify.live.compared import CheckedProbe, Outcome
    from converter.verify.probes import Probe

_MOST_GROUPS = 12
_MOST_PLACES = 3
_MOST_HOSTS = 8
_MOST_ROWS = 20
_NARROWEST, _WIDEST = 16, 60
_BLANK: Line = (("", ""),)
_STYLES: Mapping[Outcome, Style] = {
    "unannounced": "bold red",
    "unsteady": "bold yellow",
    "announced": "cyan",
    "fault": "bold red",
    "same": "bold yellow",
}


def probe_terminal(report: ProbeReport, console_width: int, *, whole: bool = False) -> list[Line]:
    """``whole`` shows all places of what differs, and the hosts on which nothing does."""
    page = Page(console_width)
    lines = [
        *page.lines(f"old: {report.old}", first="", rest="     "),
        *page.lines(f"new: {report.new}", first="", rest="     "),
        _BLANK,
    ]
    for section in sections(report):
        lines += [*_section(page, section, whole=whole), _BLANK]
    lines += _hosts(page, report, whole=whole)
    lines += _not_sent(page, report)
    for note in report.notes:
        lines += page.lines(note)
    return [*lines, *page.lines(summary(report), _style_of_all(report))]


def requests(probes: Sequence[Probe], console_width: int) -> list[Line]:
    """What would be sent, a line each with its reason below it where there is no room beside."""
    page = Page(console_width)
    lines: list[Line] = []
    for probe in probes:
        head = visible(asked(probe.request))
        reason = f"  {probe.reason}"
        if len(head) + len(reason) <= console_width:
            lines.append(((head, ""), (visible(reason), "dim")))
        else:
            lines += [((head, ""),), *page.lines(probe.reason, "dim", first="  ", rest="  ")]
    return lines


def _section(page: Page, section: Section, *, whole: bool) -> list[Line]:
    lines = page.lines(section.title, _STYLES[section.outcome])
    shown = section.groups if whole else section.groups[:_MOST_GROUPS]
    for group in shown:
        lines += _group(page, group, whole=whole)
    if hidden := len(section.groups) - len(shown):
        lines += page.lines(f"… and {counted(hidden, 'more difference')}; --all shows them", first="  ", rest="  ")
    return lines


def _group(page: Page, group: Group, *, whole: bool) -> list[Line]:
    lines = page.lines(group.text, "bold", first="  ", rest="    ")
    lines += page.lines(group.advice, first="    → ", rest="      ")
    rows = group.rows if whole else group.rows[:_MOST_PLACES]
    for row in rows:
        place = f"{glued(asked(row.probe.request))} ({row.probe.reason})"
        lines += page.lines(place, "dim", first="    ", rest="      ")
    if hidden := len(group.rows) - len(rows):
        hosts = len({row.probe.request.hostname for row in group.rows})
        lines += page.lines(f"and {hidden} more, on {counted(hosts, 'host')} in all", "dim", first="    ", rest="    ")
    return lines


def _hosts(page: Page, report: ProbeReport, *, whole: bool) -> list[Line]:
    hosts = report.hosts()
    same = [] if whole else [host for host, rows in hosts.items() if all(row.outcome == "same" for row in rows)]
    others = {host: rows for host, rows in hosts.items() if host not in same}
    lines = [*_table(page, others, whole=whole), _BLANK] if others else []
    if same:
        names = [*same[:_MOST_HOSTS]]
        more = len(same) - _MOST_HOSTS
        names += [f"and {more} more (--all shows them)"] if more > 0 else []
        start = "Nothing else differs" if others else "Nothing differs"
        lines += [*page.lines(f"{start}, on {counted(len(same), 'host')}: {', '.join(names)}."), _BLANK]
    return lines


def _table(page: Page, hosts: Mapping[str, Sequence[CheckedProbe]], *, whole: bool) -> list[Line]:
    """The hosts with the most that nobody announced come first."""
    heads = ("asked", *IN_WORDS.values())
    ordered = sorted(hosts, key=lambda host: -counts(hosts[host])["unannounced"])
    shown = ordered if whole else ordered[:_MOST_ROWS]
    longest = max(len(visible(host)) for host in shown)
    room = page.console_width - sum(len(head) + 2 for head in heads)
    width = max(_NARROWEST, min(longest, room, _WIDEST))
    lines: list[Line] = [((f"{'host':<{width}}", "bold"), *((f"  {head}", "bold") for head in heads))]
    for host in shown:
        rows = hosts[host]
        numbers = counts(rows)
        name = visible(host)
        if len(name) > width:
            lines.append(((name, ""),))
            name = ""
        cells: list[tuple[str, Style]] = [(f"{name:<{width}}", ""), _cell("asked", len(rows), "")]
        cells += [_cell(IN_WORDS[outcome], number, _number_style(outcome)) for outcome, number in numbers.items()]
        lines.append(tuple(cells))
    if hidden := len(ordered) - len(shown):
        lines += page.lines(f"… and {counted(hidden, 'more host')}; --all shows them")
    return lines


def _cell(head: str, number: int, style: Style) -> tuple[str, Style]:
    return f"  {number or '-':>{len(head)}}", style if number else "dim"


def _number_style(outcome: Outcome) -> Style:
    return "" if outcome == "same" else _STYLES[outcome]


def _not_sent(page: Page, report: ProbeReport) -> list[Line]:
    return [
        line
        for each in report.left_out
        for line in page.lines(f"Not sent: {counted(each.number, 'probe')} {each.reason}.", "dim")
    ]


def _style_of_all(report: ProbeReport) -> Style:
    return _worst(outcome for outcome, number in report.outcomes().items() if number)


def _worst(outcomes: Iterable[Outcome]) -> Style:
    found = set(outcomes)
    return "bold red" if "unannounced" in found else "bold"
