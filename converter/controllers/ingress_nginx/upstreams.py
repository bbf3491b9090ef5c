"""Service ports as ingress-nginx knows them: one upstream for all Ingresses that use it.

ingress-nginx: ``createUpstreams``, ``mergeAlternativeBackends``. What is set for an upstream reaches every path of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from converter.controllers.ingress_nginx.conduct import Conduct
    from converter.ingress.model import Backend
    from converter.ledger import Origin

Key = tuple[str, str, str]
"""Namespace, Service, and port as written: the number and the name of one port are two upstreams."""


@dataclass
class Upstream:
    key: Key
    backend: Backend
    first: Conduct
    """The oldest Ingress that uses it decides what holds for it, and whether it is a canary."""
    alternatives: list[tuple[Upstream, list[Origin]]] = field(default_factory=list)
    """Canaries with the paths that tied them to it; only the first one gets requests."""

    @property
    def is_canary(self) -> bool:
        return self.first.canary is not None


def upstream_key(backend: Backend, namespace: str) -> Key:
    return namespace, backend.service or "", str(backend.port)


def upstreams_of(conducts: Sequence[Conduct]) -> dict[Key, Upstream]:
    """The upstreams of all Ingresses, given oldest first."""
    found: dict[Key, Upstream] = {}
    for conduct in conducts:
        for backend in _backends(conduct):
            key = upstream_key(backend, conduct.ingress.namespace)
            found.setdefault(key, Upstream(key, backend, conduct))
    return found


def _backends(conduct: Conduct) -> Iterator[Backend]:
    default = conduct.ingress.default_backend
    if default and default.backend.service:
        yield default.backend
    yield from (path.backend for rule in conduct.ingress.rules for path in rule.paths if path.backend.service)


def tie(main: Upstream, canary: Upstream, origins: Iterable[Origin]) -> bool:
    """Make ``canary`` an alternative of ``main``; whether it gets any request.

    ingress-nginx: ``canMergeBackend``. Only the first alternative is ever looked at.
    """
    if main.is_canary or not canary.is_canary or main.key == canary.key:
        return False
    for known, places in main.alternatives:
        if known.key == canary.key:
            places.extend(origins)
            return known is main.alternatives[0][0]
    main.alternatives.append((canary, list(origins)))
    return len(main.alternatives) == 1
