"""What holds for some requests only, and answers that need no backend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from converter.routing.behaviours import Redirect

if TYPE_CHECKING:
    from converter.ledger import Origin
    from converter.routing.behaviours import Behaviour


@dataclass(frozen=True, slots=True)
class Condition:
    """What a request says about itself."""

    subject: Literal["header", "query", "method", "host"]
    name: str
    """Of the header or of the parameter; empty for a method and for the host."""
    value: str
    """The whole value, or a regular expression that is anchored nowhere; empty for none at all."""
    pattern: bool = False
    ignores_case: bool = False
    """Of a pattern."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Conditional:
    """Requests that meet a condition are treated in a further way."""

    condition: Condition
    then: tuple[Behaviour, ...]
    """Redirects, answers and headers; each has the origins of the whole."""
    origins: tuple[Origin, ...]

    @property
    def answer(self) -> Redirect | FixedAnswer | None:
        """What such requests get in place of the backend's answer."""
        return next((each for each in self.then if isinstance(each, Redirect | FixedAnswer)), None)


@dataclass(frozen=True, slots=True)
class FixedAnswer:
    """A request is answered with a status, and the backend hears nothing of it."""

    status: int
    """444 is nginx's own: the connection is closed without an answer."""
    body: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Directive:
    """A line of nginx's own language that no other behaviour says, as it was written."""

    name: str
    context: Literal["http", "server", "location"]
    """Where it stands: for all hosts, for the host, or for the location."""
    text: str
    """With its semicolon or its block; fit to be put into such a context again."""
    code: str
    """Of its entry; targets without snippets of their own have nothing better to say."""
    effect: str
    """What is lost without it, as a sentence."""
    advice: str
    guards: bool
    """It keeps somebody out, so without it a door stands open."""
    origins: tuple[Origin, ...]
