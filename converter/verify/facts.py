"""What a reviewer has to know about one way through the proxy: facts in the field's words, the same for both sides.

A fact is a text, or a mapping of texts where one of them may change by itself. Values that only repeat what the client
asked for are written as what they are, so that equal facts of different requests are equal texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.verify.compare import is_about_client
from converter.verify.words import address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.verify.messages import Answer, Forwarded, Headers, Request

Value = str | dict[str, str]
Facts = dict[str, Value]

ANSWER = "answer"
"""Who answers, and where a redirect leads; every way has it, and when it differs in kind nothing else counts."""
SENT_PATH = "path sent"
SENT_HOST = "Host"
REQUEST_HEADERS = "request headers"
FORWARDED_HEADERS = "forwarded headers"
RESPONSE_HEADERS = "response headers"
HSTS = "HSTS"
_USUAL = {"http": "80", "https": "443"}


def facts_of(answer: Answer, request: Request) -> Facts:
    """What an answer shows, without what is the same for any answer to the request."""
    found: Facts = {ANSWER: told(answer, request)}
    sent = answer.shares[0].forwarded if answer.shares else None
    if sent:
        found.update(_as_sent(sent, request))
    headers = {**dict(answer.set_headers), **dict.fromkeys(answer.removed_headers, "taken off")}
    # Cross-origin rules are a policy, which says more than the headers of one answer.
    if shown := {name: value for name, value in headers.items() if not name.lower().startswith("access-control-")}:
        named = _by_name(shown.items())
        if hsts := named.pop("strict-transport-security", ""):
            found[HSTS] = hsts
        if named:
            found[RESPONSE_HEADERS] = named
    return found


def told(answer: Answer, request: Request) -> str:
    """Who answers, in a few words: ``web:80 90%, canary:80 10%``, ``308 to https, same path``, ``404``."""
    if answer.location:
        return f"{answer.status} to {_destination(answer.location, request)}"
    if answer.status is not None:
        return str(answer.status) if answer.status else "no connection"
    if len(answer.shares) == 1:
        return str(answer.shares[0].endpoint or 500)
    return ", ".join(f"{share.endpoint or 500} {100 * share.part:.4g}%" for share in answer.shares)


def _destination(location: str, request: Request) -> str:
    """Only what is another than that of the request, so that redirects of many paths read alike."""
    parts = address(location)
    if not parts.scheme:
        return location
    host = parts.netloc.lower().removesuffix(f":{_USUAL.get(parts.scheme)}")
    path, query = parts.path or "/", f"?{parts.query}" if parts.query else ""
    where = f"{parts.scheme}://{host}" if host != request.hostname else ""
    if not where and parts.scheme != request.scheme:
        where = parts.scheme
    same = f"{path}{query}" == (request.target or "/")
    if same:
        return f"{where}, same path" if where else "itself"
    if not where:
        return f"{path}{query}"
    return f"{where}{path}{query}" if "://" in where else f"{where}, path {path}{query}"


def _as_sent(sent: Forwarded, request: Request) -> Facts:
    found: Facts = {}
    if sent.target != request.target:
        found[SENT_PATH] = sent.target
    if sent.host != request.host:
        found[SENT_HOST] = sent.host
    own = {name.lower(): value for name, value in request.headers}
    headers = {name.lower(): value for name, value in sent.headers if own.get(name.lower()) != value}
    gone = {name: "taken off" for name in own if name not in {key.lower() for key, _ in sent.headers}}
    forwarded = {name: _role(value, request) for name, value in headers.items() if is_about_client(name)}
    others = {name: value for name, value in headers.items() if not is_about_client(name)}
    if others or gone:
        found[REQUEST_HEADERS] = _by_name([*others.items(), *gone.items()])
    if forwarded:
        found[FORWARDED_HEADERS] = _by_name(forwarded.items())
    return found


def _role(value: str, request: Request) -> str:
    """Nothing for what the name of the header says anyway: a part of the request."""
    own = (request.client, request.host, request.scheme, str(request.port or _USUAL[request.scheme]))
    return "" if value in own else value


def _by_name(pairs: Iterable[tuple[str, str]] | Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in sorted(pairs, key=lambda pair: pair[0].lower())}


def in_words(value: Value) -> str:
    """A fact on one line: ``tries 3, after error, timeout``."""
    return value if isinstance(value, str) else ", ".join(f"{name} {text}".rstrip() for name, text in value.items())
