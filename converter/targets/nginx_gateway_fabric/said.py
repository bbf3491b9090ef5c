"""Behaviours that nginx itself has lines for, and NGINX Gateway Fabric no field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.routing import Cors, Directive
from converter.targets.carry import Part
from converter.targets.nginx_gateway_fabric import policies
from converter.targets.nginx_gateway_fabric.lines import is_matched_further, unknown, variables_of
from converter.targets.nginx_gateway_fabric.snippets import LAST, line, offered, said
from converter.targets.nginx_gateway_fabric.table import settings, variables
from converter.targets.standard import access, answers, redirects, traffic
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.routing import Behaviour, FixedAnswer, Location, Refusal, Retries, Rewrite, Setting
    from converter.targets.carry import Target

_TEXT = "text/html"
"""What ingress-nginx calls a text that nginx answers with."""
_PREFLIGHT = "if ($request_method = OPTIONS) {\n  return 200;\n}"
"""As NGINX Gateway Fabric writes it for CORS, behind the snippets, where a rewrite has ended the rewriting."""


def or_else(lines: Sequence[str | None], code: str, behaviour: Behaviour, target: Target, otherwise: Part) -> Part:
    """A part with these lines, if they can be written and somebody allowed snippets."""
    known = [each for each in lines if each is not None]
    if not known or len(known) < len(lines):
        return otherwise
    if not target.snippets:
        return offered(otherwise, target)
    return Part(extensions=(said(known, notes(target, code, behaviour.origins)),))


def rewrite(behaviour: Rewrite, location: Location, target: Target) -> Part:
    """The directive that ingress-nginx writes; only the location that a client asks for has a path to be rewritten."""
    found = redirects.rewrite(behaviour, location, target)
    sayable = behaviour.target.startswith("/") and not unknown(behaviour.target)
    if found.filters or found.match or not sayable or is_matched_further(location) or location.backend is None:
        return found
    pattern = f"(?i){behaviour.pattern}" if behaviour.any_case else f"^{behaviour.pattern}$"
    preflight = [_PREFLIGHT] if any(isinstance(each, Cors) for each in location.behaviours) else []
    lines = [*preflight, line("rewrite", pattern, behaviour.target, "break")]
    part = or_else(lines, "rewrite.snippet", behaviour, target, found)
    return replace(part, extensions=tuple(replace(each, rank=LAST) for each in part.extensions))


def fixed_answer(behaviour: FixedAnswer, location: Location, target: Target) -> Part:
    found, body = answers.fixed_answer(behaviour, location, target), behaviour.body
    moved = is_matched_further(location) and any(name in variables().of_path for name in variables_of(body))
    if unknown(body) or moved:
        return found
    text = [line("default_type", _TEXT), line("return", str(behaviour.status), body)] if body else []
    return _answering(text or [line("return", str(behaviour.status))], "answer.exact", behaviour, target, found)


def refusal(behaviour: Refusal, location: Location, target: Target) -> Part:
    found = access.refusal(behaviour, location, target)
    return _answering([line("return", str(behaviour.status))], "access.refused-exactly", behaviour, target, found)


def _answering(
    lines: Sequence[str | None], code: str, behaviour: FixedAnswer | Refusal, target: Target, otherwise: Part
) -> Part:
    part = or_else(lines, code, behaviour, target, otherwise)
    if not part.extensions:
        return part
    return Part(extensions=part.extensions, answers=True, path_code="path.answered-exactly")


def retries(behaviour: Retries, location: Location, target: Target) -> Part:
    found = traffic.retries(behaviour, location, target)
    if location.backend is None or all(origin.type == "default" for origin in behaviour.origins):
        return found
    when = [*behaviour.conditions, *(["non_idempotent"] if behaviour.every_method else [])]
    lines = [line("proxy_next_upstream", *(when if behaviour.conditions else ["off"]))]
    if behaviour.conditions:
        lines.append(line("proxy_next_upstream_tries", str(behaviour.tries)))
    if behaviour.conditions and behaviour.seconds:
        lines.append(line("proxy_next_upstream_timeout", f"{behaviour.seconds}s"))
    return or_else(lines, "retries.snippet", behaviour, target, found)


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    found = policies.setting(behaviour, location, target)
    if behaviour.name not in settings() or location.backend is None or not behaviour.value.strip():
        return found
    directive, unit = settings()[behaviour.name]
    words = behaviour.value.split()
    same = any(isinstance(each, Directive) and each.name == directive for each in location.behaviours)
    if same or any("$" in word for word in words) or all(note.verdict == "builtin" for note in found.notes):
        return found
    lines = [line(directive, *words[:-1], f"{words[-1]}{unit}")]
    return or_else(lines, "setting.snippet", behaviour, target, found)
