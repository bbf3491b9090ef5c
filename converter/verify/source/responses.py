"""What nginx puts on a response, whoever made it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from converter.routing import Cors, Hsts, ResponseHeaders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.routing import Behaviour
    from converter.verify.messages import Answer, Headers, Request


def with_headers(answer: Answer, behaviours: Iterable[Behaviour], request: Request) -> Answer:
    """The headers that the behaviours set, ordered by name, and the names of those that they take off a backend's."""
    found: dict[str, tuple[str, str]] = {}
    removed: set[str] = set()
    for behaviour in behaviours:
        if isinstance(behaviour, Cors):
            found.update((name.lower(), (name, value)) for name, value in cors_headers(behaviour, request))
        elif isinstance(behaviour, ResponseHeaders):
            for name, value in behaviour.values:
                if value:
                    found[name.lower()] = name, value
                    removed.discard(name.lower())
            for name in behaviour.removed:
                found.pop(name.lower(), None)
                removed.add(name.lower())
        elif isinstance(behaviour, Hsts) and request.scheme == "https":
            found["strict-transport-security"] = ("Strict-Transport-Security", behaviour.value)
    set_headers = tuple(found[name] for name in sorted(found))
    gone = tuple(sorted(removed)) if answer.shares else ()
    return replace(answer, set_headers=set_headers, removed_headers=gone)


def cors_headers(cors: Cors, request: Request) -> Headers:
    """On every response to an origin that is allowed, not on preflights alone."""
    origin = request.header("Origin")
    if not origin_allowed(cors, origin):
        return ()
    found = [("Access-Control-Allow-Origin", "*" if cors.allow_origins == ("*",) else origin or "")]
    if cors.credentials:
        found.append(("Access-Control-Allow-Credentials", "true"))
    found.append(("Access-Control-Allow-Methods", cors.allow_methods))
    found.append(("Access-Control-Allow-Headers", cors.allow_headers))
    if cors.expose_headers:
        found.append(("Access-Control-Expose-Headers", cors.expose_headers))
    return (*found, ("Access-Control-Max-Age", str(cors.max_age)))


def origin_allowed(cors: Cors, origin: str | None) -> bool:
    """``buildCorsOriginRegex``: in any letter case, and anchored at the end only."""
    if cors.allow_origins == ("*",):
        return True
    return origin is not None and any(re.search(_pattern(written), origin) for written in cors.allow_origins)


def _pattern(written: str) -> str:
    scheme, mark, rest = written.partition("://*.")
    text = f"{re.escape(scheme)}://[A-Za-z0-9\\-]+\\.{re.escape(rest)}" if mark else re.escape(written)
    return f"(?i){text}$"
