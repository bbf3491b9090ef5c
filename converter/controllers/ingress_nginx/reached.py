"""What of the behaviours of a location nginx comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import (
    ClientCertificate,
    Conditional,
    Cors,
    FixedAnswer,
    HostHeader,
    Hsts,
    Redirect,
    Refusal,
    RegexPath,
    ResponseHeaders,
    SslRedirect,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.routing import Behaviour

ANSWERS = (Redirect, FixedAnswer, Conditional, SslRedirect)
"""What snippets say before a backend is asked."""


def is_set(behaviour: Behaviour, found: Iterable[Behaviour]) -> bool:
    """Annotations have the first word where a location has one of a kind."""
    return isinstance(behaviour, Cors | HostHeader) and any(isinstance(each, type(behaviour)) for each in found)


def reached(behaviours: Sequence[Behaviour]) -> tuple[Behaviour, ...]:
    """A redirect of nginx's rewrite module answers before https, limits and the backend get their turn.

    Cross-origin headers stand before it in the configuration, so they are on its answer as well. Where the controller
    refuses a location, it writes the refusal in place of everything else (``isLocationAllowed`` in its template).
    """
    if any(isinstance(behaviour, Refusal) for behaviour in behaviours):
        return tuple(b for b in behaviours if isinstance(b, Refusal | ClientCertificate | Hsts))
    answer = next((behaviour for behaviour in behaviours if isinstance(behaviour, Redirect | FixedAnswer)), None)
    if answer is None:
        return tuple(behaviours)
    before = behaviours[: behaviours.index(answer)]
    earlier = (b for b in before if isinstance(b, Conditional))
    return (*earlier, answer, *(b for b in behaviours if isinstance(b, RegexPath | Cors | ResponseHeaders | Hsts)))
