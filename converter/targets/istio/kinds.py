"""The kinds of Istio: what holds for a Service as a whole, and what keeps requests from a Gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ServicePolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.gateway.drafts import Note
    from converter.routing import Backend


def destination_rule(backend: Backend, policy: Mapping[str, Any], notes: tuple[Note, ...]) -> ServicePolicy:
    """``DestinationRule``: names its Service by host, in the domain of nearly every cluster."""
    host = f"{backend.service}.{backend.namespace or 'default'}.svc.cluster.local"
    spec = {"host": host, "trafficPolicy": policy}
    namespace, service = backend.namespace, backend.service
    version = "networking.istio.io/v1"
    return ServicePolicy("DestinationRule", namespace, service, "backend", spec, notes, version, targets="")


def authorization_policy(
    word: str, said: Mapping[str, Any], rules: Sequence[Mapping[str, Any]], notes: tuple[Note, ...]
) -> Extension:
    """``AuthorizationPolicy``: for a Gateway alone, so its rules are told hosts and paths."""
    spec = {**said, "rules": list(rules)}
    return Extension("AuthorizationPolicy", "security.istio.io/v1", "gateway", word, spec, notes)
