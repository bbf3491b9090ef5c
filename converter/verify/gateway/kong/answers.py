"""Plugins that answer in place of a backend, and plain http where a route takes https alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.texts import is_within
from converter.verify.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from converter.verify.gateway.routes import Route
    from converter.verify.messages import Request

_STATUS = "konghq.com/https-redirect-status-code"
_EXIT = re.compile(r"kong\.response\.exit\((\d+), nil, \{Location = (.+)\}\)\Z")
_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|\(?kong\.request\.(get_\w+)\(\)(?: ~= .*\))?')


def sends_to_https(route: Route) -> bool:
    """Whether it answers plain http although it takes https alone."""
    return _STATUS in route.annotations


def sent_to_https(route: Route, request: Request) -> Answer | None:
    status = str(route.annotations.get(_STATUS, ""))
    if request.scheme == "https" or not status.isdecimal():
        return None
    return Answer(int(status), location=f"https://{request.hostname}{request.target}")


def answer_of(spec: Mapping[str, Any], request: Request) -> Answer | None:
    """What a plugin answers whoever asks; ``None`` for one that lets requests pass."""
    return next((_ANSWERS[name](config, request) for name, config in spec.items() if name in _ANSWERS), None)


def restricted(config: Mapping[str, Any], request: Request) -> Answer | None:
    """Kong: ``ip-restriction``."""

    def listed(name: str) -> bool:
        return any(is_within(request.client, each) for each in config.get(name, []))

    return Answer(403) if listed("deny") or ("allow" in config and not listed("allow")) else None


def too_large(config: Mapping[str, Any], request: Request) -> Answer | None:
    """Kong: ``request-size-limiting``."""
    return Answer(413) if request.body > config["allowed_payload_size"] else None


def _terminated(config: Mapping[str, Any], _: Request) -> Answer | None:
    return Answer(config["status_code"])


def _redirected(config: Mapping[str, Any], request: Request) -> Answer | None:
    kept = request.target if config.get("keep_incoming_path") else ""
    return Answer(config["status_code"], location=f"{config['location']}{kept}")


def _by_lua(config: Mapping[str, Any], request: Request) -> Answer | None:
    """The lines that we write: an address of texts and of parts of the request."""
    found = _EXIT.match(config["access"][0])
    if found is None:
        return None
    path, mark, query = request.target.partition("?")
    said = {
        "get_scheme": request.scheme,
        "get_host": request.hostname,
        "get_path": path,
        "get_raw_query": f"{mark}{query}" if query else "",
    }
    pieces = (said[part[2]] if part[2] else re.sub(r"\\(.)", r"\1", part[1]) for part in _PIECE.finditer(found[2]))
    return Answer(int(found[1]), location="".join(pieces))


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Request], Answer | None]] = {
    "request-termination": _terminated,
    "redirect": _redirected,
    "pre-function": _by_lua,
}
