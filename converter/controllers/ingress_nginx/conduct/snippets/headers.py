"""Directives about headers: nginx's own, and those of the module headers-more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.snippets.model import Idle, Lost
from converter.controllers.ingress_nginx.conduct.snippets.values import is_known
from converter.routing import HostHeader, RequestHeaders, ResponseHeaders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.controllers.ingress_nginx.conduct.snippets.model import Outcome, Written

_SAME: Mapping[str, tuple[str, ...]] = {
    "host": ("$host", "$http_host", "$best_http_host"),
    "x-request-id": ("$req_id", "$request_id"),
    "x-real-ip": ("$remote_addr", "$the_real_ip"),
    "x-forwarded-for": ("$remote_addr", "$the_real_ip"),
    "x-forwarded-host": ("$host", "$http_host", "$best_http_host"),
    "x-forwarded-port": ("$server_port", "$pass_port", "$pass_server_port"),
    "x-forwarded-proto": ("$scheme", "$pass_access_scheme"),
    "x-forwarded-scheme": ("$scheme", "$pass_access_scheme"),
    "x-scheme": ("$scheme", "$pass_access_scheme"),
    "x-original-forwarded-for": ("$http_x_forwarded_for",),
    "upgrade": ("$http_upgrade",),
    "connection": ("$connection_upgrade", "upgrade", "Upgrade"),
    "proxy": ("",),
}
"""What ingress-nginx says to the backend in every location, and the values that come to the same."""
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 2592000, "y": 31536000}
_TIME = re.compile(r"(\d+)([smhdwMy]?)")


def add_header(line: Written) -> Outcome:
    """Beside what the backend says; without ``always`` on answers of a few statuses only."""
    name, value, *rest = line.args
    if rest not in ([], ["always"]) or not is_known(value):
        return Lost("value" if not is_known(value) else "form")
    if not value:
        return Idle("snippets.no-effect", "nginx adds no header with an empty value.")
    kind = "headers.response" if rest else "headers.response-some"
    return (ResponseHeaders((), (line.origin,), added=((name, value),), kind=kind),)


def proxy_set_header(line: Written) -> Outcome:
    """nginx inherits these lines only where there are none, and each location of ingress-nginx has some."""
    name, value = line.args
    if line.context != "location":
        return Idle(
            "snippets.not-inherited",
            "Every location sets request headers of its own, so nginx takes none from outside.",
            "It had no effect until now; use configuration-snippet or proxy-set-headers if it should have.",
        )
    own = _SAME.get(name.lower())
    if own and value in own:
        return Idle("snippets.repeated", "ingress-nginx tells the backend the same by itself.")
    if not is_known(value):
        return Lost("value")
    if name.lower() == "host":
        return Lost("host-twice")
    return (RequestHeaders(((name, value),), (line.origin,), "headers.request-twice" if own else "headers.request"),)


def proxy_hide_header(line: Written) -> Outcome:
    return (ResponseHeaders((), (line.origin,), removed=(line.args[0],)),)


def more_set_headers(line: Written) -> Outcome:
    """In place of what the backend says, on answers of every status; without a value the header is taken off."""
    if any(word.startswith("-") or "*" in word.partition(":")[0] for word in line.args):
        return Lost("form")
    pairs = _pairs(line.args)
    if not all(is_known(value) for value in pairs.values()):
        return Lost("value")
    values = tuple((name, value) for name, value in pairs.items() if value)
    return (ResponseHeaders(values, (line.origin,), removed=tuple(name for name in pairs if not pairs[name])),)


def more_clear_headers(line: Written) -> Outcome:
    if any(word.startswith("-") or "*" in word for word in line.args):
        return Lost("form")
    return (ResponseHeaders((), (line.origin,), removed=tuple(_pairs(line.args))),)


def more_set_input_headers(line: Written) -> Outcome:
    """What the client says is replaced before anything else looks at it."""
    if any(word.startswith("-") for word in line.args):
        return Lost("form")
    pairs = _pairs(line.args)
    if not all(is_known(value) for value in pairs.values()):
        return Lost("value")
    host = next((value for name, value in pairs.items() if name.lower() == "host"), "")
    others = tuple((name, value) for name, value in pairs.items() if name.lower() != "host")
    found = (HostHeader(host, (line.origin,)),) if host else ()
    return (*found, RequestHeaders(others, (line.origin,))) if others else found or Lost("form")


def more_clear_input_headers(line: Written) -> Outcome:
    if any(word.startswith("-") or "*" in word for word in line.args):
        return Lost("form")
    return (RequestHeaders(tuple((name, "") for name in _pairs(line.args)), (line.origin,)),)


def expires(line: Written) -> Outcome:
    """nginx says it twice: in ``Cache-Control``, and as a date."""
    value = line.args[-1]
    if value == "off":
        return Idle("snippets.no-effect", "nginx sets no such header then, which is its default.")
    found = _TIME.fullmatch(value)
    if value == "max":
        policy = "max-age=315360000"
    elif value == "epoch" or value.startswith("-"):
        policy = "no-cache"
    elif found and len(line.args) == 1:
        policy = f"max-age={int(found[1]) * _SECONDS[found[2]]}"
    else:
        return Lost("form")
    return (ResponseHeaders((("Cache-Control", policy),), (line.origin,), kind="headers.expires"),)


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    """``Name: value``, or the name alone; of one name the last counts."""
    parts = (word.partition(":") for word in words)
    return {name.strip(): value.strip() for name, _, value in parts if name.strip()}
