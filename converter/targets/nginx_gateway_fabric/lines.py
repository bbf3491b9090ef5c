"""Which lines of snippets a SnippetsFilter may hold.

nginx refuses its whole configuration for one line that it does not know, and then no change reaches any host. So only
what is known to be taken is carried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

from converter.nginx.grammar import parse
from converter.nginx.writing import written
from converter.routing import AccessList, AnyOf, Conditional, Cors, Directive, HostHeader, RequestHeaders, Split
from converter.targets.nginx_gateway_fabric.table import fits, generated, groups, missing_module, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from converter.nginx.grammar import Statement
    from converter.routing import Location

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_DECIDING = ("break", "if", "return", "rewrite")
_ENDING = ("break", "return", "rewrite")
"""After them nothing of the rewrite module counts that stands behind the snippet."""
_REDIRECTING = ("redirect", "permanent")
_ABSOLUTE = ("http://", "https://", "$scheme")
_NAMED = re.compile(r"\(\?P?<(\w+)>")
_SETS = ("set",)
"""Directives whose first argument is the name of the variable that they define."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a line cannot be carried: a row of the target's table, and what the row leaves open."""

    row: str
    what: str = ""


Fate = str | Unfit
"""The line as nginx is to have it, or why not."""


@cache
def fates(location: Location) -> Mapping[Directive, Fate]:
    """What becomes of each line that nothing else says."""
    lines = [each for each in location.behaviours if isinstance(each, Directive)]
    found: dict[Directive, Fate] = {}
    for line in dict.fromkeys(lines):
        found[line] = _alone(line, location) or _beside(line, found) or _text(line)
    while unfit := _dependent(found):
        found |= unfit
    return found


def variables_of(text: str) -> Iterator[str]:
    """Those whose values stand in a text; a dollar at the end of a pattern is none."""
    yield from (braced or bare for braced, bare in _VARIABLE.findall(text))


def unknown(text: str) -> str:
    """The first variable that nginx does not know by itself; empty for none."""
    return next((f"${name}" for name in variables_of(text) if not variables().knows(name)), "")


def is_matched_further(location: Location) -> bool:
    """Whether rules for the path match on more than that: njs then sends requests on, and ``$uri`` is another one."""
    return any(
        isinstance(each, Conditional) or (isinstance(each, Split) and bool(each.header or each.cookie))
        for each in location.behaviours
    )


def _statement(line: Directive) -> Statement | None:
    found = parse(line.text, line.context)
    return found[0] if isinstance(found, tuple) and len(found) == 1 else None


def _text(line: Directive) -> Fate:
    statement = _statement(line)
    return (written(statement, line.context) if statement else None) or Unfit("snippet.unsafe")


def _alone(line: Directive, location: Location) -> Unfit | None:
    """Whatever else is carried."""
    statement = _statement(line)
    if statement is None:
        return Unfit("snippet.unsafe")
    if line.context == "http":
        return Unfit("snippet.everywhere")
    look = _around if line.context == "server" else _within
    return _misplaced(statement, line.context) or look(statement, location)


def _misplaced(statement: Statement, place: str) -> Unfit | None:
    group = groups().get(statement.name)
    if module := missing_module(statement.name):
        return Unfit("snippet.module", module)
    if statement.name in generated()["directives"]:
        return Unfit("snippet.generated", statement.name)
    if group is None:
        return Unfit("snippet.unknown")
    if place not in group.places:
        return Unfit("snippet.hidden" if place == "server" else "snippet.unknown")
    if not _is_well_formed(statement):
        return Unfit("snippet.malformed")
    inner = statement.name if statement.has_block else ""
    return _first(_misplaced(each, inner) for each in statement.block)


def _is_well_formed(statement: Statement) -> bool:
    return fits(statement.name, statement.args) and all(map(_is_pattern, _patterns(statement)))


def _patterns(statement: Statement) -> Iterable[str]:
    if statement.name == "rewrite":
        return statement.args[:1]
    return statement.args[2:] if statement.name == "if" and "~" in "".join(statement.args[1:2]) else ()


def _is_pattern(text: str) -> bool:
    """What Python takes for a pattern, PCRE does as well but for a few words that nobody writes here."""
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _within(statement: Statement, location: Location) -> Unfit | None:
    """In a location, beside what NGINX Gateway Fabric and the rule write there."""
    name, args = statement.name, statement.args
    if name == "proxy_set_header" and args[0].lower() in {*generated()["request-headers"], *_request_headers(location)}:
        return Unfit("snippet.generated", f"proxy_set_header {args[0]}")
    if name in _ENDING and any(isinstance(each, Cors) for each in location.behaviours):
        return Unfit("snippet.preflight")
    if is_matched_further(location) and (name in ("break", "rewrite") or _is_of_path(args)):
        return Unfit("snippet.matched")
    inner = statement.block if name == "if" else ()
    return _anywhere(statement, location) or _first(_within(each, location) for each in inner)


def _around(statement: Statement, location: Location) -> Unfit | None:
    """In a server, whose rewriting nginx does again for a request that is sent on within it."""
    name, args = statement.name, statement.args
    rewrites = name == "rewrite" and args[-1] not in _REDIRECTING and not args[1].startswith(_ABSOLUTE)
    if rewrites or (name in ("if", "set") and _is_of_path(args)):
        return Unfit("snippet.again")
    return _anywhere(statement, location) or _first(_around(each, location) for each in statement.block)


def _anywhere(statement: Statement, location: Location) -> Unfit | None:
    name, args = statement.name, statement.args
    if name in ("allow", "deny") and any(isinstance(each, AccessList | AnyOf) for each in location.behaviours):
        return Unfit("snippet.generated", name)
    return (
        Unfit("snippet.generated", f"location {args[-1]}")
        if name == "error_page" and args[-1].startswith("@")
        else None
    )


def _first(found: Iterable[Unfit | None]) -> Unfit | None:
    return next(filter(None, found), None)


def _is_of_path(args: Iterable[str]) -> bool:
    return any(name in variables().of_path for word in args for name in variables_of(word))


def _request_headers(location: Location) -> Iterator[str]:
    for each in location.behaviours:
        if isinstance(each, RequestHeaders):
            yield from (name.lower() for name, _ in each.values)
        elif isinstance(each, HostHeader):
            yield "host"


def _beside(line: Directive, earlier: Mapping[Directive, Fate]) -> Unfit | None:
    """nginx takes most directives once in a block."""
    if groups()[line.name].repeats:
        return None
    carried = (each for each, fate in earlier.items() if isinstance(fate, str))
    same = any((each.name, each.context) == (line.name, line.context) for each in carried)
    return Unfit("snippet.twice", line.name) if same else None


def _dependent(found: Mapping[Directive, Fate]) -> dict[Directive, Fate]:
    """Lines that need another one which is not carried: for a variable, or to know whether nginx comes to them."""
    carried = [line for line, fate in found.items() if isinstance(fate, str)]
    defined = {name for line in carried if (statement := _statement(line)) for name in _defined([statement])}
    lost: dict[Directive, Fate] = {}
    for line in carried:
        if name := next((each for each in _used(line) if not (variables().knows(each) or each in defined)), ""):
            lost[line] = Unfit("snippet.own-variable" if name in variables().own else "snippet.variable", f"${name}")
        elif line.name in _DECIDING and any(_may_end(each, line, fate) for each, fate in _before(line, found)):
            lost[line] = Unfit("snippet.stopped")
    return lost


def _before(line: Directive, found: Mapping[Directive, Fate]) -> Iterator[tuple[Directive, Fate]]:
    return takewhile(lambda pair: pair[0] is not line, found.items())


def _may_end(earlier: Directive, line: Directive, fate: Fate) -> bool:
    """Whether nginx might not have come to the line because of one that is not carried."""
    return isinstance(fate, Unfit) and earlier.context == line.context and earlier.name in _DECIDING


def _defined(statements: Iterable[Statement]) -> Iterator[str]:
    for each in statements:
        if each.name in _SETS:
            yield each.args[0].removeprefix("$")
        yield from (name for word in each.args for name in _NAMED.findall(word))
        yield from _defined(each.block)


def _used(line: Directive) -> Iterator[str]:
    statement = _statement(line)
    yield from _values([statement]) if statement else ()


def _values(statements: Iterable[Statement]) -> Iterator[str]:
    for each in statements:
        words = each.args[1:] if each.name in _SETS else each.args
        yield from (name for word in words for name in variables_of(word))
        yield from _values(each.block)
