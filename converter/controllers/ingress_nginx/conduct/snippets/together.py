"""Lines that mean something together: lists of addresses, and cross-origin headers with the answer to preflights."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.snippets.model import Line, Lost
from converter.routing import AccessList, Conditional, Cors, FixedAnswer, ResponseHeaders

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.routing import Behaviour

_EVERYBODY = ("0.0.0.0/0", "::/0")
_CORS = "access-control-"
_KEPT = 5
"""Seconds that a browser keeps an answer that says nothing of it (Fetch standard)."""


def with_access_list(lines: Sequence[Line]) -> list[Line]:
    """``allow`` and ``deny`` count in their order, and the first that fits decides; the list stands on the first line.

    Where an address is both, it is denied: nginx may say otherwise, but never lets in fewer because of it.
    """
    rules = [line for line in lines if line.written.statement.name in ("allow", "deny")]
    if not rules:
        return list(lines)
    allow: list[str] = []
    deny: list[str] = []
    for line in rules:
        word = line.written.args[0]
        if word == "all":
            deny += () if allow or line.written.statement.name == "allow" else _EVERYBODY
            break
        if not _is_network(word):
            return [replace(each, outcome=Lost("refusal")) if each in rules else each for each in lines]
        (allow if line.written.statement.name == "allow" else deny).append(word)
    else:
        allow = []
    closed = rules[-1].written.statement.name == "deny"
    found = AccessList(tuple(allow) if closed else (), tuple(deny), tuple(line.written.origin for line in rules))
    return [_holding(line, rules, found) for line in lines]


def _holding(line: Line, rules: Sequence[Line], found: Behaviour) -> Line:
    if line not in rules:
        return line
    return replace(line, outcome=(found,) if line is rules[0] else ())


def _is_network(word: str) -> bool:
    try:
        ipaddress.ip_network(word, strict=False)
    except ValueError:
        return False
    return True


def with_cors(lines: Sequence[Line]) -> list[Line]:
    """Cross-origin headers beside an answer to OPTIONS are what ``enable-cors`` says."""
    preflight = next((line for line in lines if _answers_options(line)), None)
    if preflight is None:
        return list(lines)
    taking = [line for line in lines if line is preflight or _is_about_origins(line)]
    said = {name.lower(): value for line in taking for name, value in _headers(line)}
    origin = said.get(f"{_CORS}allow-origin", "")
    if not origin or "$" in origin:
        return list(lines)
    found = Cors(
        allow_origins=(origin,),
        allow_methods=said.get(f"{_CORS}allow-methods", ""),
        allow_headers=said.get(f"{_CORS}allow-headers", ""),
        expose_headers=said.get(f"{_CORS}expose-headers", ""),
        max_age=_number(said.get(f"{_CORS}max-age", "")),
        credentials=said.get(f"{_CORS}allow-credentials", "") == "true",
        origins=tuple(line.written.origin for line in taking),
    )
    return [_holding(line, [preflight, *(each for each in taking if each is not preflight)], found) for line in lines]


def _answers_options(line: Line) -> bool:
    for behaviour in line.outcome if isinstance(line.outcome, tuple) else ():
        if isinstance(behaviour, Conditional) and not behaviour.condition.negated:
            subject, value = behaviour.condition.subject, behaviour.condition.value
            answers = any(isinstance(each, FixedAnswer) and each.status in (200, 204) for each in behaviour.then)
            return answers and (subject, value) == ("method", "OPTIONS")
    return False


def _is_about_origins(line: Line) -> bool:
    """Whether all that the line sets are cross-origin headers."""
    found = list(_headers(line))
    return bool(found) and all(name.lower().startswith(_CORS) for name, _ in found)


def _headers(line: Line) -> Iterable[tuple[str, str]]:
    for behaviour in line.outcome if isinstance(line.outcome, tuple) else ():
        inner = behaviour.then if isinstance(behaviour, Conditional) else (behaviour,)
        for each in inner:
            if isinstance(each, ResponseHeaders):
                yield from (*each.values, *each.added)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _KEPT
