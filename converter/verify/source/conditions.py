"""What holds for some requests only: ``if`` of nginx."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from converter.routing import Conditional

if TYPE_CHECKING:
    from converter.routing import Condition, Location
    from converter.verify.messages import Request


def under_conditions(location: Location, request: Request) -> Location:
    """The location as the request finds it, without conditions."""
    found = []
    for behaviour in location.behaviours:
        if not isinstance(behaviour, Conditional):
            found.append(behaviour)
        elif holds(behaviour.condition, request):
            found.extend(behaviour.then)
    return replace(location, behaviours=tuple(found))


def holds(condition: Condition, request: Request) -> bool:
    """What a request does not say is the empty text to nginx."""
    said = _said(condition, request)
    if not condition.pattern:
        found = said == condition.value if condition.value else bool(said)
    else:
        flags = re.IGNORECASE if condition.ignores_case else 0
        try:
            found = re.search(condition.value, said, flags) is not None
        except re.error:
            found = False
    return found != condition.negated


def _said(condition: Condition, request: Request) -> str:
    if condition.subject == "method":
        return request.method
    if condition.subject == "host":
        return request.hostname
    if condition.subject == "query":
        pairs = parse_qsl(request.query, keep_blank_values=True)
        return next((value for name, value in pairs if name == condition.name), "")
    return request.header(condition.name) or ""
