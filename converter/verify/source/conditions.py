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
    """The location as the request finds it, without conditions.

    The first that answers ends it; of several that only set headers nginx goes by the last.
    """
    met = [b for b in location.behaviours if isinstance(b, Conditional) and holds(b.condition, request)]
    decides = next((each for each in met if each.answer), met[-1] if met else None)
    others = [each for each in location.behaviours if not isinstance(each, Conditional)]
    if decides is None:
        return replace(location, behaviours=tuple(others))
    found = (*decides.then, *others) if decides.answer else (*others, *decides.then)
    return replace(location, behaviours=found)


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
