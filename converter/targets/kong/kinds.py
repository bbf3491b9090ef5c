"""The kinds of Kong: plugins that a rule names, and what a Service has to name itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ServicePolicy
from converter.gateway.names import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Note
    from converter.routing import Backend

_GROUP = "configuration.konghq.com"
_UPSTREAM = "upstream"
CONFIG = "config"
"""As the path of a note: what a plugin is told."""


def plugin(name: str, config: Mapping[str, Any], notes: tuple[Note, ...] = ()) -> Extension:
    """``KongPlugin``: a route runs each plugin once, so what several behaviours tell one of them is put together."""
    content = {"plugin": name, CONFIG: config}
    return Extension("KongPlugin", f"{_GROUP}/v1", "filter", name, content, notes, at="", once=name)


def terminate(status: int, notes: tuple[Note, ...] = (), body: str = "") -> Extension:
    """Answers in place of a backend; without one Kong would say 503."""
    said = {"content_type": "text/plain", "body": body} if body else {}
    return plugin("request-termination", {"status_code": status, **said}, notes)


def upstream_policy(backend: Backend, spec: Mapping[str, Any], notes: tuple[Note, ...]) -> ServicePolicy:
    """``KongUpstreamPolicy``: holds for a Service that names it in ``konghq.com/upstream-policy``."""
    kind, version = "KongUpstreamPolicy", f"{_GROUP}/v1beta1"
    return ServicePolicy(kind, backend.namespace, backend.service, _UPSTREAM, spec, notes, version, targets="")


def names_of(backend: Backend | None, **others: object) -> dict[str, str]:
    """What rows call by name in the commands that they give."""
    found = {name: str(value) for name, value in others.items()}
    if backend is None:
        return found
    policy = shorten(f"{backend.service}-{_UPSTREAM}")
    namespace = backend.namespace or "default"
    return {**found, "service": backend.service, "namespace": namespace, "policy": policy}
