"""What an Ingress says, typed; what a controller makes of it is not decided here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.ledger import Origin, Source


@dataclass(frozen=True, slots=True)
class Backend:
    """The backend of a path, or the default backend: a Service with a port, or a resource of another kind."""

    service: str | None
    port: int | str | None
    """The number or the name as written; ``None`` only when the manifest has none."""


@dataclass(frozen=True, slots=True)
class Path:
    path: str
    path_type: str
    """``Exact``, ``Prefix`` or ``ImplementationSpecific``."""
    backend: Backend
    origin: Origin


@dataclass(frozen=True, slots=True)
class Rule:
    host: str
    """Empty: the rule holds for requests to hosts that nobody declares."""
    paths: tuple[Path, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Tls:
    hosts: tuple[str, ...]
    secret: str
    """Empty: the controller's default certificate."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class DefaultBackend:
    backend: Backend
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ingress:
    source: Source
    created: str
    """``creationTimestamp`` in its RFC 3339 form, which sorts as text; empty for a manifest from a repository."""
    class_name: Origin | None
    """``spec.ingressClassName``."""
    annotations: Mapping[str, Origin]
    default_backend: DefaultBackend | None
    tls: tuple[Tls, ...]
    rules: tuple[Rule, ...]
    ignored: tuple[Origin, ...]
    """Fields of ``spec`` that the API does not know: an API server drops them."""
    refused: tuple[Origin, ...] = ()
    """What no API server accepts and no object can say; each has its problem."""

    @property
    def namespace(self) -> str:
        return self.source.namespace

    @property
    def name(self) -> str:
        return self.source.name

    def origins(self) -> tuple[Origin, ...]:
        """Everything this Ingress says: one ledger entry for each."""
        found = [*self.annotations.values(), *self.ignored, *self.refused]
        if self.class_name:
            found.append(self.class_name)
        if self.default_backend:
            found.append(self.default_backend.origin)
        found.extend(tls.origin for tls in self.tls)
        for rule in self.rules:
            found.append(rule.origin)
            found.extend(path.origin for path in rule.paths)
        return tuple(found)
