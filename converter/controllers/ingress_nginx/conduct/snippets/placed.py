"""What the lines of snippets do at one location, where its names are known and nginx has joined its blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.snippets.model import Lost
from converter.controllers.ingress_nginx.conduct.snippets.table import lost
from converter.controllers.ingress_nginx.conduct.snippets.values import at_place
from converter.routing import (
    AccessList,
    Condition,
    Conditional,
    ExternalAuth,
    RequestHeaders,
    ResponseHeaders,
    Rewrite,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.controllers.ingress_nginx.conduct import Conduct
    from converter.controllers.ingress_nginx.conduct.snippets.model import Line, Snippet, Written
    from converter.controllers.ingress_nginx.servers import Place, Server
    from converter.routing import Behaviour

_TAILS = ("(/|$)(.*)", "(?:/|$)(.*)", "/(.*)", "/?(.*)", "(.*)")
_INHERITED_WHOLE = ("add_header", "allow", "deny", "proxy_hide_header", "expires")
"""nginx takes such lines from outside only where a block has none of its own."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A location, as far as snippets depend on it."""

    path: str
    host: str
    only_name: bool
    """Whether the host answers to this one name."""
    variables: Mapping[str, str]
    """Those that ingress-nginx sets at its start, without their dollars."""
    plain_prefix: bool
    """The path is a prefix, the host is not in regex mode, and nothing else rewrites."""
    own: frozenset[str]
    """Directives that ingress-nginx writes into it because of annotations."""


def spot_of(place: Place, server: Server, conduct: Conduct, *, regex: bool) -> Spot:
    backend = place.backend
    own = {"add_header": ExternalAuth, "allow": AccessList, "deny": AccessList}
    variables = {
        "namespace": conduct.ingress.namespace,
        "ingress_name": conduct.ingress.name,
        "service_name": (backend.service if backend else None) or "",
        "service_port": str((backend.port if backend else None) or ""),
        "location_path": place.path,
    }
    return Spot(
        path=place.path,
        host=server.name,
        only_name=bool(server.name) and not server.name.startswith("*.") and not server.aliases,
        variables=variables,
        plain_prefix=not (regex or place.exact or place.plain),
        own=frozenset(name for name, kind in own.items() if any(isinstance(each, kind) for each in conduct.guards)),
    )


def behaviours_at(
    spot: Spot, outer: Sequence[Snippet], inner: Sequence[Snippet]
) -> tuple[list[Behaviour], list[Behaviour]]:
    """What the snippets around the location ask for, and what those inside it do; each in its order."""
    own = {line.written.statement.name for snippet in inner for line in snippet.lines}
    around = [line for snippet in outer for line in snippet.lines if not _is_hidden(line.written, own | spot.own)]
    within = [line for snippet in inner for line in snippet.lines if not _is_after_list(line.written, spot)]
    return [*_all_at(spot, around)], [*_all_at(spot, within)]


def _is_hidden(written: Written, own: set[str]) -> bool:
    name = written.statement.name
    names = {"allow", "deny"} if name in ("allow", "deny") else {name}
    return name in _INHERITED_WHOLE and bool(names & own)


def _is_after_list(written: Written, spot: Spot) -> bool:
    """The list of the annotations ends with a line about everybody, so nothing after it counts."""
    return "allow" in spot.own and written.statement.name in ("allow", "deny")


def _all_at(spot: Spot, lines: Iterable[Line]) -> Iterator[Behaviour]:
    for line in lines:
        outcome = line.outcome
        if isinstance(outcome, Lost):
            yield lost(line.written, outcome.reason)
        elif isinstance(outcome, tuple):
            for behaviour in outcome:
                yield from _at(spot, behaviour, line.written)


def _at(spot: Spot, behaviour: Behaviour, written: Written) -> Iterable[Behaviour]:
    if isinstance(behaviour, RequestHeaders):
        return (replace(behaviour, values=_named(behaviour.values, spot)),)
    if isinstance(behaviour, ResponseHeaders):
        return (replace(behaviour, values=_named(behaviour.values, spot), added=_named(behaviour.added, spot)),)
    if isinstance(behaviour, Rewrite) and not _is_of_prefix(behaviour, spot):
        return (lost(written, "rewrite"),)
    if isinstance(behaviour, Conditional) and behaviour.condition.subject == "host":
        return _for_host(spot, behaviour, written)
    return (behaviour,)


def _named(pairs: tuple[tuple[str, str], ...], spot: Spot) -> tuple[tuple[str, str], ...]:
    return tuple((name, at_place(value, spot.variables)) for name, value in pairs)


def _is_of_prefix(rewrite: Rewrite, spot: Spot) -> bool:
    """Whether the pattern holds for the whole location, so that the location can be rewritten as such."""
    head = next((rewrite.pattern.removesuffix(t) for t in _TAILS if rewrite.pattern.endswith(t)), None)
    return spot.plain_prefix and head == spot.path.rstrip("/")


def _for_host(spot: Spot, behaviour: Conditional, written: Written) -> Iterable[Behaviour]:
    """A host with one name always meets the condition, or never does."""
    if not spot.only_name:
        return (lost(written, "condition"),)
    return behaviour.then if _holds(behaviour.condition, spot.host) else ()


def _holds(condition: Condition, host: str) -> bool:
    if not condition.pattern:
        return (condition.value == host) != condition.negated
    flags = re.IGNORECASE if condition.ignores_case else 0
    try:
        return bool(re.search(condition.value, host, flags)) != condition.negated
    except re.error:
        return False
