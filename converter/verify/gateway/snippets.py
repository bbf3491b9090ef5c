"""Lines of nginx's own language in a ``SnippetsFilter``: what they answer, whom they let in, and what else they say."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from converter.nginx.grammar import parse
from converter.verify.facts import in_words
from converter.verify.gateway.texts import found_by, is_within
from converter.verify.messages import Answer
from converter.verify.words import network, of_line, tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from converter.nginx.grammar import Context, Statement
    from converter.verify.facts import Facts, Value
    from converter.verify.messages import Request

KIND = "SnippetsFilter"
IN_LOCATION = "http.server.location"
IN_SERVER = "http.server"
_INSIDE: Mapping[str, Context] = {"http": "http", IN_SERVER: "server", IN_LOCATION: "location"}
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_CAPTURE = re.compile(r"\$(\d)")
_SIGN_IN = ("401", "=302")
_FORBIDDEN = 403
_UNAUTHORIZED = 401
_HIDDEN = 404
_ANSWERS = ("return", "internal", "default_type", "rewrite")
"""They show in the answer."""
_NETWORKS = {"allow": "allowed", "deny": "denied"}
_GUARDS = ("addresses", "basic auth", "external auth")
_TRIES = ("proxy_next_upstream", "proxy_next_upstream_tries", "proxy_next_upstream_timeout")


def lines(entry: Mapping[str, Any], context: str = IN_LOCATION) -> tuple[Statement, ...]:
    """The statements for a context; none of a text that nginx would refuse."""
    snippets = entry.get("spec", {}).get("snippets", [])
    return tuple(each for s in snippets if s["context"] == context for each in _parsed(s["value"], context))


@lru_cache(maxsize=1024)
def _parsed(text: str, context: str) -> tuple[Statement, ...]:
    found = parse(text, _INSIDE[context]) if context in _INSIDE else ()
    return found if isinstance(found, tuple) else ()


def answer(entry: Mapping[str, Any], request: Request) -> Answer | None:
    """What nginx answers before anybody is let in; a location of its own is closed to whoever comes from outside."""
    for each in lines(entry):
        if each.name == "internal":
            return Answer(_HIDDEN)
        if each.name == "return" and each.args[0].isdigit():
            status = int(each.args[0])
            away = 300 <= status < 400 and len(each.args) > 1
            return Answer(status, location=_expanded(each.args[1], request) if away else "")
    return None


def rewritten(entry: Mapping[str, Any], path: str) -> str:
    """The path after the lines that end with ``break``, of which the first that matches is the last."""
    for each in lines(entry):
        if each.name == "rewrite" and each.args[-1] == "break" and (found := found_by(each.args[0], path)):
            return _CAPTURE.sub(lambda capture, found=found: _group(found, int(capture[1])), each.args[1])  # type: ignore[misc]
    return path


def _group(found: re.Match[str], number: int) -> str:
    return (found[number] or "") if number <= len(found.groups()) else ""


def denials(entry: Mapping[str, Any], request: Request) -> Iterator[Answer | None]:
    """What each of its access rules says to the request; ``None`` for one that lets it in."""
    found = lines(entry)
    if any(each.name in _NETWORKS for each in found):
        yield None if _is_let_in(found, request) else Answer(_FORBIDDEN)
    if any(each.name == "auth_request" for each in found):
        signin = _signin(found)
        refused = Answer(302, location=_expanded(signin, request)) if signin else Answer(_UNAUTHORIZED)
        yield None if request.identified else refused


def is_any(policies: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one access rule that lets a request in is enough."""
    found = (each for policy in policies if policy["kind"] == KIND for each in lines(policy))
    return any(each.name == "satisfy" and each.args == ("any",) for each in found)


def _is_let_in(statements: Iterable[Statement], request: Request) -> bool:
    """The first line that fits."""
    for each in statements:
        if each.name in _NETWORKS and (each.args[0] == "all" or is_within(request.client, each.args[0])):
            return each.name == "allow"
    return True


def _signin(statements: Iterable[Statement]) -> str:
    return next((each.args[-1] for each in statements if each.name == "error_page" and each.args[:2] == _SIGN_IN), "")


def _expanded(text: str, request: Request) -> str:
    known = {"scheme": request.scheme, "host": request.hostname, "http_host": request.host}
    known |= {"request_uri": request.target, "args": request.query, "is_args": "?" if request.query else ""}
    return _VARIABLE.sub(lambda found: known.get(found[1], found[0]), text)


def facts(statements: Sequence[Statement], asked: Callable[[str], str]) -> Iterator[tuple[str, Value]]:
    """What the lines say besides; ``asked`` tells which service is behind a path of the same server."""
    access = {word: ", ".join(_listed(statements, name)) for name, word in _NETWORKS.items()}
    if any(access.values()):
        yield "addresses", {word: text for word, text in access.items() if text}
    for each in statements:
        if each.name == "auth_request":
            signin = _signin(statements)
            yield "external auth", {"asks": asked(each.args[0]), **({"sign-in": signin} if signin else {})}
        elif not _is_told(each):
            yield of_line(each.name, each.text)
    yield from _retries(statements)


def _listed(statements: Iterable[Statement], name: str) -> Iterator[str]:
    return (network(each.args[0]) for each in statements if each.name == name and each.args[0] != "all")


def _is_told(each: Statement) -> bool:
    """In the answer, or by another fact: what an authentication service says is handed on by lines of their own."""
    known = (*_ANSWERS, *_NETWORKS, *_TRIES, "auth_request_set")
    handed_on = each.name in ("add_header", "proxy_set_header") and each.args[-1].startswith("$auth_")
    return each.name in known or handed_on or (each.name == "error_page" and each.args[:2] == _SIGN_IN)


def _retries(statements: Iterable[Statement]) -> Iterator[tuple[str, Value]]:
    said = {each.name: each.args for each in statements if each.name in _TRIES}
    when = [word for word in said.get("proxy_next_upstream", ()) if word not in ("off", "non_idempotent")]
    if when:
        (written,) = said.get("proxy_next_upstream_tries", ("0",))
        number = int(written) if written.isdecimal() else 0
        yield "retries", tries(number, (word.removeprefix("http_") for word in when))


def any_one_of(found: Facts) -> Facts:
    """With the access rules in one, where one of them is enough."""
    if found.get("nginx satisfy") != "satisfy any;":
        return found
    rest = {name: value for name, value in found.items() if name not in (*_GUARDS, "nginx satisfy")}
    parts = (f"{name} {in_words(found[name])}" for name in _GUARDS if name in found)
    return {**rest, "any one of": "; ".join(parts)}
