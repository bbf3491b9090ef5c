"""The one kind of agentgateway, as objects that are made of one field each and joined later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ListenerPolicy, ServicePolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Note
    from converter.routing import Backend

KIND, API_VERSION = "AgentgatewayPolicy", "agentgateway.dev/v1alpha1"


def traffic_policy(word: str, said: Mapping[str, Any], notes: tuple[Note, ...]) -> Extension:
    """What holds for requests of a route or a rule."""
    return Extension(KIND, API_VERSION, "policy", word, {"traffic": said}, notes)


def backend_policy(backend: Backend, said: Mapping[str, Any], notes: tuple[Note, ...]) -> ServicePolicy:
    """What holds for a Service, whichever route leads there."""
    spec = {"backend": said}
    return ServicePolicy(KIND, backend.namespace, backend.service, "backend", spec, notes, API_VERSION)


def frontend_policy(said: Mapping[str, Any], notes: tuple[Note, ...]) -> ListenerPolicy:
    """What holds for a Gateway: the definition allows neither listeners nor ListenerSets."""
    return ListenerPolicy(KIND, API_VERSION, "client", {"frontend": said}, notes, names_sets=False)
