"""``if``: what an HTTPRoute can match on becomes a condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from converter.controllers.ingress_nginx.conduct.snippets.answers import answer, rewrite
from converter.controllers.ingress_nginx.conduct.snippets.headers import (
    add_header,
    more_clear_headers,
    more_set_headers,
)
from converter.controllers.ingress_nginx.conduct.snippets.model import Lost, Written
from converter.routing import Condition, Conditional, FixedAnswer, Redirect, ResponseHeaders, SslRedirect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from converter.controllers.ingress_nginx.conduct.snippets.model import Outcome
    from converter.nginx.grammar import Statement
    from converter.routing import Behaviour

_INSIDE: Mapping[str, Callable[[Written], Outcome]] = {
    "return": answer,
    "rewrite": rewrite,
    "add_header": add_header,
    "more_set_headers": more_set_headers,
    "more_clear_headers": more_clear_headers,
}
_VARIABLE = re.compile(r"\$\{?(http|arg)_(\w+)\}?")
_COOKIE = re.compile(r"\$\{?cookie_(\w+)\}?")
_TRUE = "[^0]|.."
_REFUSALS = frozenset({"401", "403", "404", "405", "410", "429", "444"})
_PLAIN_HTTP = (("$scheme", "=", "http"), ("$scheme", "!=", "https"), ("$server_port", "=", "80"), ("$https", "=", ""))


def conditional(line: Written) -> Outcome:
    then = _then(line)
    if then is None:
        return _lost(line)
    if line.args in _PLAIN_HTTP:
        to_https = _to_https(then)
        return (to_https,) if to_https else _lost(line)
    condition = _condition(line.args)
    return (Conditional(condition, then, (line.origin,)),) if condition and then else _lost(line)


def _lost(line: Written) -> Lost:
    """A refusal that is not carried over leaves a door open."""
    return Lost("refusal" if any(_refuses(each) for each in line.statement.block) else "condition")


def _refuses(statement: Statement) -> bool:
    return statement.name == "return" and statement.args[0] in _REFUSALS


def _then(line: Written) -> tuple[Behaviour, ...] | None:
    """What is done for such requests; ``None`` when a line of it is more than can be said."""
    found: list[Behaviour] = []
    for statement in line.statement.block:
        if statement.name == "break":
            continue
        read = _INSIDE.get(statement.name)
        outcome = read(Written(statement, line.origin, line.context)) if read else Lost()
        if not isinstance(outcome, tuple) or not all(isinstance(each, _SAYABLE) for each in outcome):
            return None
        found.extend(outcome)
    return tuple(found)


_SAYABLE = (Redirect, FixedAnswer, ResponseHeaders)


def _to_https(then: Sequence[Behaviour]) -> SslRedirect | None:
    """The same address over https."""
    found = then[0] if len(then) == 1 else None
    if not isinstance(found, Redirect) or (found.scheme, found.host, found.port, found.path) != ("https", "", 0, ""):
        return None
    return SslRedirect(found.status, found.origins, strips_slash=False)


def _condition(args: Sequence[str]) -> Condition | None:
    """nginx: a variable alone holds unless it is empty or ``0``; ``~*`` takes no notice of letter case."""
    variable, operator, value = args if len(args) == 3 else (args[0], "~", _TRUE)
    negated, sign = operator.startswith("!"), operator.removeprefix("!")
    if sign not in ("=", "~", "~*") or len(args) not in (1, 3) or "$" in _without_anchors(value, sign):
        return None
    cookie = _COOKIE.fullmatch(variable)
    if cookie and sign == "=":
        pattern = rf"(?:^|;\s*){re.escape(cookie[1])}={re.escape(value)}(?:;|$)"
        return Condition("header", "Cookie", pattern, pattern=True, negated=negated)
    subject = _subject(variable)
    if subject is None or (subject[0] in ("method", "host") and not value):
        return None
    missing = sign == "=" and not value
    return Condition(*subject, value, pattern=sign != "=", ignores_case=sign == "~*", negated=negated != missing)


def _without_anchors(value: str, sign: str) -> str:
    """In a pattern a dollar at the end of a branch is no variable."""
    return value if sign == "=" else re.sub(r"\$(?=[)|]|\Z)", "", value)


def _subject(variable: str) -> tuple[Literal["header", "query", "method", "host"], str] | None:
    """What the variable is about, and the name of it."""
    if variable in ("$host", "$http_host"):
        return "host", ""
    if variable == "$request_method":
        return "method", ""
    if variable == "$content_type":
        return "header", "Content-Type"
    found = _VARIABLE.fullmatch(variable)
    if found is None:
        return None
    if found[1] == "arg":
        return "query", found[2]
    return "header", "-".join(word.capitalize() for word in found[2].split("_"))
