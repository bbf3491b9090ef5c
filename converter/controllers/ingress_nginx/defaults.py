"""What ingress-nginx does although nobody wrote it: one ledger entry for each Ingress it holds for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ledger import Origin
from converter.routing import Redirect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.ingress.model import Ingress
    from converter.routing import Location, VirtualHost

_EVERYWHERE = (
    ("forwarded-headers", "X-Forwarded-* set anew, X-Real-IP, X-Request-ID, X-Scheme"),
    ("dropped-headers", "headers with an underscore in their name, and Proxy"),
    ("uri-normalization", "matched on the decoded path with . .. and // resolved"),
)


def defaults_of(ingress: Ingress, declared: Iterable[VirtualHost], secured: int) -> Iterable[Origin]:
    """The defaults at work for this Ingress and the hosts that it declared first, of ``secured`` in all with TLS.

    Those that stand on a location as behaviours are not among them.
    """
    for key, value in _EVERYWHERE:
        yield _default(ingress, key, value)
    for rule in ingress.rules:
        if rule.host.startswith("*."):
            yield _default(ingress, "wildcard-host", rule.host)
    own = list(declared)
    if secured > 1 and any(host.certificate for host in own):
        yield _default(ingress, "connection-reuse", "a connection that was opened for another host")
    for host in own:
        if host.name and host.certificate is None:
            yield _default(ingress, "default-certificate", host.name)
        if host.name and any(_answers_404(location) for location in host.locations):
            yield _default(ingress, "unmatched-paths", host.name)


def controller_defaults(oldest: Ingress) -> Iterable[Origin]:
    """What holds for the controller as a whole; it is told with the oldest Ingress, so that it is told once."""
    yield _default(oldest, "healthz", "/healthz")
    yield _default(oldest, "undeclared-https", "answered with the default certificate")


def _answers_404(location: Location) -> bool:
    """The ``/`` that ingress-nginx adds, unless a redirect answers in its place."""
    added = location.match.value == "/" and location.backend is None and not location.origins
    return added and not any(isinstance(behaviour, Redirect) for behaviour in location.behaviours)


def _default(ingress: Ingress, key: str, value: str) -> Origin:
    return Origin(ingress.source, "default", key, value)
