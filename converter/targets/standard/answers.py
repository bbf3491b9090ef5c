"""Answers without a backend, what holds for some requests only, and lines of nginx that nothing else says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.gateway.drafts import HeaderMatch, Note, RequestMatch
from converter.gateway.regex import is_re2
from converter.ledger import Verdict
from converter.routing import FixedAnswer, ResponseHeaders
from converter.targets.carry import Branch, Part
from converter.targets.standard.access import guard
from converter.targets.standard.parts import HEADER_NAME, METHODS

if TYPE_CHECKING:
    from converter.routing import Behaviour, Condition, Conditional, Directive, Location
    from converter.targets.carry import Target

_LONGEST = 4096
"""Of the value of a header match; one of a parameter may be 1024 long."""
_LONGEST_PARAMETER = 1024


def fixed_answer(behaviour: FixedAnswer, _: Location, target: Target) -> Part:
    """Gateway API: a rule without a backend answers 500, whatever status was meant."""
    code = "answer.status" if behaviour.status >= 400 else "answer.lost"
    return Part(notes=target.table.rows[code].notes(behaviour.origins), answers=True, path_code="path.answered")


def conditional(behaviour: Conditional, location: Location, target: Target) -> Part:
    """A branch of the rule; what it cannot say closes the path where somebody was refused by it."""
    condition, answer = behaviour.condition, behaviour.answer
    rows = target.table.rows
    matches = _matches(condition, target)
    if matches is None and isinstance(answer, FixedAnswer) and answer.status >= 400:
        return guard(behaviour, location, target)
    if matches is None:
        return Part(notes=rows["condition.lost"].notes(behaviour.origins))
    parts = [target.carry(each, location) for each in behaviour.then if not answer or not _is_header(each)]
    if isinstance(answer, FixedAnswer) and answer.status < 400 and not any(part.extensions for part in parts):
        return Part(notes=rows["answer.passed"].notes(behaviour.origins))
    told = rows["condition"].notes(behaviour.origins, "matches")
    if answer and any(_is_header(each) for each in behaviour.then):
        told = (*told, *rows["redirect.headers-lost"].notes(behaviour.origins))
    word = "-".join(filter(None, ["other" if condition.negated else "", condition.name.lower() or condition.subject]))
    return Part(branches=(Branch(word, matches, condition.negated, tuple(parts), told),))


def _is_header(behaviour: Behaviour) -> bool:
    return isinstance(behaviour, ResponseHeaders)


def _matches(condition: Condition, target: Target) -> tuple[RequestMatch, ...] | None:
    """Any of them is the condition without its negation; ``None`` when the Gateway API cannot say it."""
    if condition.subject == "method":
        return _methods(condition) if target.release.has("method-match") else None
    match = _value(condition, target)
    if condition.subject == "header":
        return (RequestMatch(headers=(match,)),) if match else None
    sayable = condition.subject == "query" and target.release.has("query-match")
    return (RequestMatch(queries=(match,)),) if match and sayable else None


def _methods(condition: Condition) -> tuple[RequestMatch, ...] | None:
    """All that the pattern or the word stands for."""
    if not condition.pattern:
        return (RequestMatch(condition.value),) if condition.value in METHODS else None
    if not is_re2(condition.value):
        return None
    flags = re.IGNORECASE if condition.ignores_case else 0
    found = tuple(RequestMatch(method) for method in METHODS if re.search(condition.value, method, flags))
    return found or None


def _value(condition: Condition, target: Target) -> HeaderMatch | None:
    """Patterns match the whole value, so what is anchored nowhere is written with the rest around it."""
    in_header = condition.subject == "header"
    longest = _LONGEST if in_header else _LONGEST_PARAMETER
    value = condition.value
    if not condition.pattern and value:
        legal = HEADER_NAME.match(condition.name) and len(value) <= longest
        if in_header and not target.table.header_without.isdisjoint(value):
            return None
        return HeaderMatch("Exact", condition.name, value) if legal else None
    if value and not is_re2(value):
        return None
    pattern = f"{'(?i)' if condition.ignores_case else ''}.*(?:{value}).*" if value else ".+"
    known = target.release.has("regex-header") and HEADER_NAME.match(condition.name)
    return HeaderMatch("RegularExpression", condition.name, pattern) if known and len(pattern) <= longest else None


def directive(behaviour: Directive, location: Location, target: Target) -> Part:
    """Only an implementation on nginx could take the line as it is."""
    if behaviour.guards:
        return guard(behaviour, location, target)
    message = f"Not carried over: {behaviour.effect[:1].lower()}{behaviour.effect[1:]}"
    return Part(
        notes=tuple(
            Note(origin, Verdict.UNTRANSLATED, behaviour.code, message, behaviour.advice)
            for origin in behaviour.origins
        )
    )
