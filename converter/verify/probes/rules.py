"""Requests that nearly meet the conditions of a rule, and those that its filters answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.verify.probes.behaviours import of_origins
from converter.verify.probes.model import Probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.verify.messages import Request
    from converter.verify.ways import Way

_OTHER = "other"


def of_condition(way: Way, request: Request) -> Iterator[Probe]:
    """``request`` meets none of what the way asks for besides the path."""
    asked = replace(request, headers=(*request.headers, *way.headers), method=way.method)
    if way.headers or way.method != request.method:
        yield Probe(asked, f"{way.condition or way.method}, as a rule asks")
    for name, _ in way.headers:
        changed = tuple((key, _OTHER if key == name else value) for key, value in way.headers)
        yield Probe(replace(asked, headers=(*request.headers, *changed)), f"{name}: {_OTHER}, which no rule asks for")
    if asked.query:
        yield Probe(replace(asked, target=asked.path), "without the query that a rule asks for")


def of_rule(rule: Mapping[str, Any], request: Request) -> Iterator[Probe]:
    """``request`` is one that the rule takes."""
    for entry in rule.get("filters", []):
        if entry["type"] == "CORS":
            yield from of_origins(tuple(entry["cors"].get("allowOrigins", ())), request)
