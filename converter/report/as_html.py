"""The report as one page for a browser, which asks nothing of the network and runs nothing but its own script.

What a reviewer must see stands in the page itself; the list of entries and the YAML side by side are data, from which
the script makes what is looked at.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from converter.ledger import Verdict
from converter.report.groups import sections
from converter.report.page_data import VERDICTS, page_data
from converter.report.words import counted, in_files, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.report.groups import Group, Place
    from converter.report.model import Report

_SCRIPTS = ("data", "elements", "filter", "compare", "list", "main")
"""In the order in which one needs the other."""
_MOST_GROUPS = 200
_MOST_PLACES = 20
_MEANINGS = {
    Verdict.UNTRANSLATED: "had effect and is lost",
    Verdict.APPROXIMATED: "nearly the same",
    Verdict.TRANSLATED: "the same",
    Verdict.BUILTIN: "done without being told",
    Verdict.INERT: "had no effect before either",
}
_MARKS = {"error": "!", "untranslated": "✕", "approximated": "≈", "translated": "✓", "builtin": "◆", "inert": "–"}
"""Colours alone are no signs; ``web/elements.js`` has the same."""


def to_html(report: Report) -> str:
    """The whole page; equal reports give equal text."""
    style, script = _asset("page.css"), "".join(_asset(f"{name}.js") for name in _SCRIPTS)
    data, yaml = page_data(report)
    about = (
        f"ingress-migrate {report.tool_version} for {report.target} (Gateway API {report.gateway_api} {report.channel})"
    )
    return Template(_asset("page.html")).substitute(
        policy=_policy(style, script),
        title=_text(f"Ingress migration: {counted(report.documents, 'Ingress')}"),
        style=style,
        about=_text(about),
        became=_became(report),
        status=_status(report),
        verdicts=_verdicts(report),
        findings=_findings(report),
        controller=_text(report.controller),
        data=_embedded(data),
        yaml=_embedded(yaml),
        script=script,
    )


def _asset(name: str) -> str:
    # Few runs ask for it, and the import takes longer than most reports.
    from importlib import resources

    return resources.files(__package__).joinpath("web", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, nothing is sent, and what came from a manifest can neither run nor style."""
    rules = {
        "default-src": "'none'",
        "style-src": _digest(style),
        "script-src": _digest(script),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _embedded(data: dict[str, Any]) -> str:
    """JSON that cannot end the element it stands in, nor begin a comment there."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _text(text: str) -> str:
    return escape(visible(text))


def _became(report: Report) -> str:
    objects = ", ".join(counted(number, kind) for kind, number in report.kinds().items())
    return _text(f"{counted(report.documents, 'Ingress')}{in_files(report.files)} became {objects or 'nothing'}.")


def _status(report: Report) -> str:
    """The one sentence for somebody who reads no further."""
    errors = len(report.problems_of("error"))
    written = [entry.verdict for entry in report.entries if entry.origin.type != "default"]
    lost, near = written.count(Verdict.UNTRANSLATED), written.count(Verdict.APPROXIMATED)
    if errors:
        tone, text = "error", f"{counted(errors, 'error')}: some input is not converted, or would be refused."
    elif lost:
        tone, text = "untranslated", f"{counted(lost, 'setting')} had effect and is lost; decide about each."
        text = text if lost == 1 else text.replace(" is lost", " are lost")
    elif near:
        verb = "works" if near == 1 else "work"
        tone, text = "approximated", f"{counted(near, 'setting')} {verb} nearly as before; check the difference."
    else:
        tone, text = "translated", "Nothing that somebody wrote is lost."
    return f'<p class="status {tone}">{_mark(tone)} {_text(text)}</p>'


def _verdicts(report: Report) -> str:
    counts = report.verdicts()
    items = [_count(verdict.value, counts[verdict], _MEANINGS[verdict], f"#v={verdict}&own=1") for verdict in VERDICTS]
    errors = _count("error", len(report.problems_of("error")), "not converted, or not valid", "#findings")
    return f'<ul class="verdicts">{errors}{"".join(items)}</ul>\n{_bar([(v.value, counts[v]) for v in VERDICTS])}'


def _count(tone: str, number: int, meaning: str, address: str) -> str:
    name = "errors" if tone == "error" else tone
    label = f"<span>{_mark(tone)} {name}</span><small>{meaning}</small>"
    shown = tone if number else "none"
    return f'<li class="{shown}"><a href="{escape(address)}"><b>{number:,}</b>{label}</a></li>'


def _mark(tone: str) -> str:
    return f'<span class="mark" aria-hidden="true">{_MARKS.get(tone, "i")}</span>'


def _bar(counts: Sequence[tuple[str, int]]) -> str:
    """The verdicts' shares; the numbers above say the same."""
    total = sum(number for _, number in counts)
    if not total:
        return ""
    parts, before = [], 0
    for tone, number in counts:
        if number:
            parts.append(f'<rect class="{tone}" x="{before}" width="{number}" height="1"/>')
        before += number
    shape = f'viewBox="0 0 {total} 1" preserveAspectRatio="none" aria-hidden="true"'
    return f'<svg class="bar" {shape}>{"".join(parts)}</svg>'


def _findings(report: Report) -> str:
    known = {(entry.origin.source.file, entry.origin.source.line) for entry in report.entries}
    found = [_section(title, groups, known) for title, groups in sections(report) if groups]
    return "\n".join(found) or "<p>Nothing: no error, nothing lost, nothing that differs.</p>"


def _section(title: str, groups: Sequence[Group], known: set[tuple[str, int]]) -> str:
    shown = [_group(group, known) for group in groups[:_MOST_GROUPS]]
    hidden = len(groups) - len(shown)
    more = [f"<p>… and {counted(hidden, 'more group')}; the entries below have them all.</p>"] if hidden > 0 else []
    return "\n".join([f"<h3>{_text(title)}</h3>", *shown, *more])


def _group(group: Group, known: set[tuple[str, int]]) -> str:
    subject = f"<code>{_text(group.subject)}</code>: " if group.subject else ""
    advice = f'<p class="advice">{_text(group.advice)}</p>' if group.advice else ""
    number = f'<span class="places">{counted(len(group.places), "place")}</span>'
    summary = f"<summary>{_mark(group.tone)}<span>{subject}{_text(group.message)}</span>{number}</summary>"
    places = "".join(_places(group, known))
    return f'<details class="group {group.tone}">{summary}{advice}<ul>{places}</ul></details>'


def _places(group: Group, known: set[tuple[str, int]]) -> Iterable[str]:
    for each in group.places[:_MOST_PLACES]:
        text = _text(str(each))
        linked = (each.file, each.line) in known
        yield f'<li><a href="{_address(each)}">{text}</a></li>' if linked else f"<li>{text}</li>"
    more = len(group.places) - _MOST_PLACES
    if more > 0:
        yield f'<li><a href="#own=1&amp;q={_quoted(group.code)}">and {counted(more, "more place")}</a></li>'
    yield f"<li><code>{_text(group.code)}</code></li>"


def _address(place: Place) -> str:
    """The entry there, in the first of its environments."""
    environment = f"env={_quoted(place.environments[0])}&amp;" if place.environments else ""
    return f"#{environment}at={_quoted(place.address)}"


def _quoted(text: str) -> str:
    return escape(quote(visible(text), safe="/:"))
