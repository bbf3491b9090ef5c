"""``location`` blocks in snippets around the locations: paths of the host that nginx answers by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.snippets.answers import answer
from converter.controllers.ingress_nginx.conduct.snippets.model import Block, Lost, Written
from converter.controllers.ingress_nginx.conduct.snippets.table import lost
from converter.routing import FixedAnswer, Match, MatchKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.controllers.ingress_nginx.conduct.snippets.model import Outcome, Snippet
    from converter.ledger import Origin
    from converter.routing import Behaviour

_SILENT = ("access_log", "error_log", "log_not_found", "default_type", "types", "internal", "allow")
"""They change nothing about an answer that nginx gives to everybody."""
_FORBIDDEN = 403


def block(line: Written) -> Outcome:
    """One that refuses or answers every request; a block that does more is lost."""
    match = _match(line.args)
    then = _answer(line)
    if match is None or then is None:
        return Lost()
    wider = match.kind is MatchKind.PREFIX and not match.value.endswith("/")
    return Block(match, (then, lost(line, "prefix")) if wider else (then,))


def _match(args: tuple[str, ...]) -> Match | None:
    """nginx tries exact paths, then patterns in their order, then the longest prefix."""
    sign, path = args if len(args) == 2 else ("", args[0])
    if sign in ("~", "~*"):
        anchored = path.startswith("^")
        return Match(MatchKind.REGEX, path[1:] if anchored else f".*{path}")
    if not path.startswith("/") or sign not in ("", "=", "^~"):
        return None
    return Match(MatchKind.EXACT if sign == "=" else MatchKind.PREFIX, path)


def _answer(line: Written) -> Behaviour | None:
    """``return`` comes before ``deny``, wherever the two stand."""
    found: Behaviour | None = None
    refused = False
    for statement in line.statement.block:
        if statement.name == "return" and found is None:
            outcome = answer(Written(statement, line.origin, "location"))
            if not isinstance(outcome, tuple):
                return None
            found = outcome[0]
        elif statement.name == "deny" and statement.args == ("all",):
            refused = True
        elif statement.name not in _SILENT or (statement.name == "allow" and not found):
            return None
    return found or (FixedAnswer(_FORBIDDEN, "", (line.origin,)) if refused else None)


def blocks_of(snippets: Iterable[Snippet], *, regex: bool) -> Iterator[tuple[Match, Origin, tuple[Behaviour, ...]]]:
    """The blocks that nginx comes to: a pattern of an Ingress, as in a ``regex`` host, is tried before any prefix."""
    for snippet in snippets:
        for line in snippet.lines:
            found = line.outcome
            if isinstance(found, Block) and not (regex and found.match.kind is MatchKind.PREFIX):
                yield found.match, line.written.origin, found.then
