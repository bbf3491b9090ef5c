"""Snippets: lines of nginx's own language in annotations and options, read directive by directive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.snippets import answers, blocks, conditions, headers
from converter.controllers.ingress_nginx.conduct.snippets.model import Everywhere, Idle, Line, Lost, Snippet, Written
from converter.controllers.ingress_nginx.conduct.snippets.table import own_directives
from converter.controllers.ingress_nginx.conduct.snippets.together import with_access_list, with_cors
from converter.ledger import Origin, Settlement, Verdict
from converter.nginx.grammar import Fault, parse
from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from converter.controllers.ingress_nginx.conduct.snippets.model import Outcome
    from converter.controllers.ingress_nginx.configuration import Configuration
    from converter.nginx.grammar import Context, Statement

__all__ = ["Everywhere", "Snippet", "everywhere", "faults", "read_snippet", "settlements"]

_UNREACHED = Idle(
    "snippets.unreached", "Another line or an annotation answers first, or no location of the host comes to it."
)
_ADVICE = "Correct the snippet, and check in the controller's log since when its configuration has not been loaded."


def read_snippet(whole: Origin, context: Context) -> Snippet:
    """What each line of a snippet asks for; ``context`` is the block of nginx's configuration that it stands in."""
    found = parse(whole.value, context)
    if isinstance(found, Fault):
        return Snippet(whole, fault=found)
    written = [Written(statement, _origin(statement, whole), context) for statement in found]
    lines = [Line(each, _outcome(each)) for each in written]
    return Snippet(whole, tuple(with_cors(with_access_list(lines))))


def everywhere(configuration: Configuration) -> Everywhere:
    """ConfigMap ``http-snippet``, ``server-snippet`` and ``location-snippet``, which nobody has to allow."""
    outer = [*_of_option(configuration, "http-snippet", "http"), *_of_option(configuration, "server-snippet", "server")]
    return Everywhere(tuple(outer), tuple(_of_option(configuration, "location-snippet", "location")))


def _of_option(configuration: Configuration, name: str, context: Context) -> Iterable[Snippet]:
    if whole := configuration.origin(name):
        yield read_snippet(whole, context)


def _origin(statement: Statement, whole: Origin) -> Origin:
    at, told = replace(whole.source, line=_line(whole, statement.line)), whole.told
    return Origin(at, "directive", f"{told.key} {statement.name}", statement.text, whole=whole)


def _line(whole: Origin, line: int) -> int:
    """In the file; the line of the whole where its text is written in another way than line by line."""
    return whole.text_line + line - 1 if whole.text_line else whole.source.line


def _outcome(line: Written) -> Outcome:
    name, args = line.statement.name, line.args
    if annotation := own_directives().get(name):
        return _second(annotation, line)
    if name in ("auth_basic", "auth_request", "satisfy") and args in (("off",), ("all",)):
        return Idle("snippets.no-effect", "It switches off what is not on here.")
    read = _READERS.get(name)
    return read(line) if read else Lost()


def _second(annotation: str, line: Written) -> Idle:
    """ingress-nginx writes the directive into each location itself (its template)."""
    advice = f"If it was meant: the annotation {annotation} sets it."
    if line.context == "location":
        message = "ingress-nginx writes it into each location by itself, and nginx refuses to load a second one."
        return Idle("snippets.duplicate", message, advice)
    return Idle("snippets.not-inherited", "Every location has a line of its own for it, which wins.", advice)


_READERS: Mapping[str, Callable[[Written], Outcome]] = {
    "return": answers.answer,
    "rewrite": answers.rewrite,
    "if": conditions.conditional,
    "location": blocks.block,
    "add_header": headers.add_header,
    "expires": headers.expires,
    "proxy_set_header": headers.proxy_set_header,
    "proxy_hide_header": headers.proxy_hide_header,
    "more_set_headers": headers.more_set_headers,
    "more_clear_headers": headers.more_clear_headers,
    "more_set_input_headers": headers.more_set_input_headers,
    "more_clear_input_headers": headers.more_clear_input_headers,
}


def settlements(snippets: Iterable[Snippet], carried: set[Origin]) -> Iterable[Settlement]:
    """What needs no target to have its verdict; ``carried`` is what the routing table hands on to one."""
    for snippet in snippets:
        if snippet.fault:
            message = f"nginx refuses it, so nothing of it is carried over: {snippet.fault.message}."
            yield Settlement(snippet.whole, Verdict.UNTRANSLATED, "snippets.broken", message, _ADVICE)
        elif not snippet.lines:
            yield Settlement(snippet.whole, Verdict.INERT, "snippets.empty", "It holds no directive.")
        elif _is_told(snippet, carried):
            yield from (_without_effect(line) for line in snippet.lines if line.written.origin not in carried)


def _is_told(snippet: Snippet, carried: set[Origin]) -> bool:
    """A snippet around locations that an older Ingress takes the place of has one entry for all."""
    idle = any(isinstance(line.outcome, Idle) for line in snippet.lines)
    return idle or snippet.whole in carried or snippet.lines[0].written.context == "location"


def _without_effect(line: Line) -> Settlement:
    found = line.outcome if isinstance(line.outcome, Idle) else _UNREACHED
    return Settlement(line.written.origin, Verdict.INERT, found.code, found.message, found.advice)


def faults(snippets: Iterable[Snippet]) -> Iterable[Problem]:
    """Snippets that nginx would refuse, with the line."""
    for snippet in snippets:
        if snippet.fault:
            at, fault = snippet.whole, snippet.fault
            message = f"nginx cannot read {at.told.key}: {fault.message}."
            yield Problem(at.source.file, _line(at, fault.line), "snippet-broken", message, _ADVICE)
