"""The kinds of kgateway, as objects that are made of one field each and joined later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ListenerPolicy, ServicePolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Companion, Note
    from converter.routing import Backend

API_VERSION = "gateway.kgateway.dev/v1alpha1"


def traffic_policy(
    word: str, spec: Mapping[str, Any], notes: tuple[Note, ...], companions: tuple[Companion, ...] = ()
) -> Extension:
    """``TrafficPolicy``: what holds for requests of a route or a rule."""
    return Extension("TrafficPolicy", API_VERSION, "policy", word, spec, notes, companions=companions)


def backend_policy(backend: Backend, spec: Mapping[str, Any], notes: tuple[Note, ...]) -> ServicePolicy:
    """``BackendConfigPolicy``: what holds for a Service, whichever route leads there."""
    return ServicePolicy("BackendConfigPolicy", backend.namespace, backend.service, "backend", spec, notes, API_VERSION)


def listener_policy(spec: Mapping[str, Any], notes: tuple[Note, ...]) -> ListenerPolicy:
    """``ListenerPolicy``: what holds for all listeners of a Gateway."""
    return ListenerPolicy("ListenerPolicy", API_VERSION, "client", {"default": spec}, notes, names_sets=False)
