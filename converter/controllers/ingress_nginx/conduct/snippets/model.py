"""What became of a snippet: each of its lines, and what the controller does because of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.ledger import Origin
    from converter.nginx.grammar import Context, Fault, Statement
    from converter.routing import Behaviour, Match


@dataclass(frozen=True, slots=True)
class Idle:
    """It changes nothing, before and after."""

    code: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """No behaviour says it. The reason is a row of the table; empty for what is lost in any form."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A location of its own, which answers every request."""

    match: Match
    then: tuple[Behaviour, ...]


Outcome = tuple["Behaviour", ...] | Block | Idle | Lost


@dataclass(frozen=True, slots=True)
class Written:
    """A statement at its place."""

    statement: Statement
    origin: Origin
    context: Context

    @property
    def args(self) -> tuple[str, ...]:
        return self.statement.args


@dataclass(frozen=True, slots=True)
class Line:
    written: Written
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Snippet:
    whole: Origin
    lines: tuple[Line, ...] = ()
    fault: Fault | None = None
    """Why nginx would refuse it; it has no lines then."""


@dataclass(frozen=True, slots=True)
class Everywhere:
    """The snippets of the controller's own options, which hold for all hosts."""

    outer: tuple[Snippet, ...] = ()
    """Around the locations."""
    inner: tuple[Snippet, ...] = ()
    """In each location, after its own."""
