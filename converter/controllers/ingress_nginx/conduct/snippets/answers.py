"""Directives that answer in place of the backend, or send it another path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.redirects import redirect_to
from converter.controllers.ingress_nginx.conduct.snippets.model import Lost
from converter.routing import FixedAnswer, Redirect, Rewrite

if TYPE_CHECKING:
    from converter.controllers.ingress_nginx.conduct.snippets.model import Outcome, Written

_REDIRECTS = (301, 302, 303, 307, 308)
_HOST = re.compile(r"\$(?:\{host\}|\{http_host\}|best_http_host|http_host|server_name)(?!\w)")
_EVERY_PATH = re.compile(r"\^?(?:/?\(\.\*\)|/?\.\*|/?)\$?")
_REST = re.compile(r"/?\$1\Z")
_ABSOLUTE = ("http://", "https://", "$scheme")


def answer(line: Written) -> Outcome:
    """``return CODE``, ``return CODE TEXT``, ``return CODE ADDRESS`` and ``return ADDRESS``."""
    code, *rest = line.args
    if not code.isdigit():
        return redirect(code, 302, line, keeps_query=False)
    status = int(code)
    if status in _REDIRECTS and rest:
        return redirect(rest[0], status, line, keeps_query=False)
    return (FixedAnswer(status, rest[0] if rest else "", (line.origin,)),) if 100 <= status <= 599 else Lost("answer")


def redirect(address: str, status: int, line: Written, *, keeps_query: bool) -> tuple[Redirect] | Lost:
    """What the model cannot say of the address stays in it, so that a target knows."""
    written = _HOST.sub("$host", address).replace("$uri$is_args$args", "$request_uri")
    bare = written.removesuffix("$uri")
    try:
        found = redirect_to(bare, status, (line.origin,), keeps_query=keeps_query)
    except ValueError:
        return Lost("answer")
    if bare != written:
        if found.path not in ("", "/"):
            return Lost("answer")
        found = Redirect(status, (line.origin,), found.scheme, found.host, found.port, keeps_query=keeps_query)
    return (found,)


def rewrite(line: Written) -> Outcome:
    """A redirect of every path; or, with ``break``, another path for the backend."""
    pattern, target, *flags = line.args
    flag = flags[0] if flags else ""
    if target.startswith(_ABSOLUTE) or flag in ("redirect", "permanent"):
        return _redirects(pattern, target, 301 if flag == "permanent" else 302, line)
    if flag == "break" and line.context == "location" and target.startswith("/") and "?" not in target:
        return (Rewrite(pattern.removeprefix("^").removesuffix("$"), target, (line.origin,), any_case=False),)
    return Lost("rewrite")


def _redirects(pattern: str, target: str, status: int, line: Written) -> Outcome:
    """The query of the request is appended, unless the target ends with a question mark."""
    address = target.removesuffix("?")
    if not _EVERY_PATH.fullmatch(pattern) or not target.startswith((*_ABSOLUTE, "/")):
        return Lost("rewrite")
    same = "$uri" if address != target else "$request_uri"
    address = _REST.sub(lambda _: same, address)
    return redirect(address, status, line, keeps_query=address == target)
