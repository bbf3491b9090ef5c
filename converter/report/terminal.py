"""The report for a person at a terminal: short, and what needs a hand before the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.report.groups import Group, of_entries, of_problems
from converter.report.page import ADVICE_LINES, MESSAGE_LINES, Line, Page, Style
from converter.report.words import counted, glued, in_files
from converter.targets.switches import IGNORED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.ledger import Entry
    from converter.problems import Problem
    from converter.report.groups import Place
    from converter.report.model import Report

_MOST_GROUPS = 12
_MOST_PLACES = 3

_NAMES = {Verdict.BUILTIN: "built in"}
_STYLES: dict[Verdict, Style] = {Verdict.UNTRANSLATED: "bold red", Verdict.APPROXIMATED: "bold yellow"}
_BLANK: Line = (("", ""),)
_WORST_FIRST = tuple(reversed(Verdict))


def summary(report: Report, console_width: int) -> list[Line]:
    """The whole summary, as lines that are ready to be shown."""
    page = Page(console_width)
    return _joined(*_sections(page, report), _end(page, report) + _notes_counted(page, report))


def full_summary(report: Report, console_width: int) -> list[Line]:
    """The summary with every note and all its places."""
    page = Page(console_width)
    return _joined(*_sections(page, report), _end(page, report), _notes(page, report))


def _sections(page: Page, report: Report) -> Iterable[list[Line]]:
    yield _made(page, report)
    yield _errors(page, report)
    yield _switches(page, report)
    yield _written(page, report, Verdict.UNTRANSLATED, "Untranslated: nothing in the result does this")
    yield _written(page, report, Verdict.APPROXIMATED, "Approximated: nearly the same; check the difference")
    yield _defaults(page, report)


def _joined(*sections: list[Line]) -> list[Line]:
    """The sections that are not empty, a blank line between them."""
    lines = [line for section in sections if section for line in (_BLANK, *section)]
    return lines[1:]


def _made(page: Page, report: Report) -> list[Line]:
    if not report.documents:
        return page.lines(f"Found no Ingress{in_files(report.files)}.", "bold")
    objects = ", ".join(glued(counted(number, kind)) for kind, number in report.kinds().items())
    release = glued(f"(Gateway API {report.gateway_api} {report.channel}).")
    counts = (glued(f"{_name(verdict)} {number}") for verdict, number in report.verdicts().items())
    return [
        *page.lines(f"Made {objects or 'nothing'} for {report.target} {release}", "bold"),
        *page.lines(" · ".join(counts)),
    ]


def _errors(page: Page, report: Report) -> list[Line]:
    errors = report.problems_of("error")
    title = f"{counted(len(errors), 'error')}: not converted, or not valid"
    return _section(page, title, "bold red", of_problems(errors))


def _switches(page: Page, report: Report) -> list[Line]:
    notes = [note for note in report.problems_of("note") if note.code in IGNORED]
    title = "See to this first: the implementation ignores it until then"
    return _section(page, title, "bold yellow", of_problems(notes))


def _written(page: Page, report: Report, verdict: Verdict, title: str) -> list[Line]:
    """What a person wrote, with one verdict."""
    entries = [each for each in report.entries if each.origin.type != "default"]
    return _section(page, title, _STYLES[verdict], of_entries(entries, verdict))


def _section(page: Page, title: str, style: Style, groups: Sequence[Group]) -> list[Line]:
    if not groups:
        return []
    lines = page.lines(title, style)
    for group in groups[:_MOST_GROUPS]:
        lines += _group(page, group)
    return lines + _more(page, len(groups), "group")


def _group(page: Page, group: Group) -> list[Line]:
    head, body = (group.subject, group.message) if group.subject else (group.message, "")
    return [
        *page.lines(f"{head} {glued(f'[{group.code}]')}", "bold", first="  ", rest="  ", most=MESSAGE_LINES),
        *page.lines(body, first="    ", rest="    ", most=MESSAGE_LINES),
        *page.lines(group.advice, first="    → ", rest="      ", most=ADVICE_LINES),
        *page.lines(_places(group.places), "dim", first="    ", rest="    "),
    ]


def _places(places: Sequence[Place]) -> str:
    shown = ", ".join(glued(str(place)) for place in places[:_MOST_PLACES])
    hidden = len(places) - _MOST_PLACES
    return f"{shown} {glued(f'and {hidden} more')}" if hidden > 0 else shown


def _defaults(page: Page, report: Report) -> list[Line]:
    """What nobody wrote: it repeats for each Ingress, so each key has one line, with its worst verdict."""
    worst: dict[str, Entry] = {}
    for entry in sorted(report.entries, key=lambda entry: _WORST_FIRST.index(entry.verdict)):
        if entry.origin.type == "default":
            worst.setdefault(entry.origin.key, entry)
    if not worst:
        return []
    lines = page.lines(f"What {report.controller} did by itself", "bold")
    for key, entry in list(worst.items())[:_MOST_GROUPS]:
        first = f"  {_name(entry.verdict):<14}"
        top, *others = page.lines(f"{key}: {entry.message}", first=first, rest=" " * len(first))
        lines += [((first, _STYLES.get(entry.verdict, "")), (top[0][0].removeprefix(first), "")), *others]
    return lines + _more(page, len(worst), "default")


def _more(page: Page, number: int, noun: str) -> list[Line]:
    hidden = number - _MOST_GROUPS
    if hidden <= 0:
        return []
    return page.lines(f"… and {counted(hidden, f'more {noun}')}; --report FILE has them all", first="  ", rest="  ")


def _end(page: Page, report: Report) -> list[Line]:
    told = report.problems_of("error") or len(_other_notes(report)) < len(report.problems_of("note"))
    needs_a_hand = told or any(entry.verdict in _STYLES for entry in report.entries)
    return page.lines("Nothing is left to do by hand.") if report.documents and not needs_a_hand else []


def _other_notes(report: Report) -> list[Problem]:
    return [note for note in report.problems_of("note") if note.code not in IGNORED]


def _notes_counted(page: Page, report: Report) -> list[Line]:
    notes = len(_other_notes(report))
    if not notes:
        return []
    return page.lines(f"{counted(notes, 'note')}; --verbose shows {'it' if notes == 1 else 'them all'}.")


def _notes(page: Page, report: Report) -> list[Line]:
    groups = of_problems(_other_notes(report))
    if not groups:
        return []
    lines = page.lines("Notes: nothing to do, but good to know", "bold")
    for group in groups:
        lines += page.lines(f"{group.message} {glued(f'[{group.code}]')}", first="  ", rest="  ")
        lines += page.lines(group.advice, first="    → ", rest="      ")
        lines += page.lines(", ".join(glued(str(place)) for place in group.places), "dim", first="    ", rest="    ")
    return lines


def _name(verdict: Verdict) -> str:
    return _NAMES.get(verdict, verdict.value)
