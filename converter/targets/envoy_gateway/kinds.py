"""The kinds of Envoy Gateway, as objects that are made of one field each and joined later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ListenerPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.gateway.drafts import Companion, Note

API_VERSION = "gateway.envoyproxy.io/v1alpha1"
GROUP = "gateway.envoyproxy.io"


def traffic_policy(word: str, spec: Mapping[str, Any], notes: tuple[Note, ...] = ()) -> Extension:
    """``BackendTrafficPolicy``: how requests reach backends, and what becomes of the answers."""
    return Extension("BackendTrafficPolicy", API_VERSION, "policy", word, spec, notes)


def security_policy(
    word: str, spec: Mapping[str, Any], notes: tuple[Note, ...], companions: tuple[Companion, ...] = ()
) -> Extension:
    """``SecurityPolicy``: who gets through."""
    return Extension("SecurityPolicy", API_VERSION, "policy", word, spec, notes, companions=companions)


def route_filter(word: str, spec: Mapping[str, Any], notes: tuple[Note, ...]) -> Extension:
    """``HTTPRouteFilter``: rewrites and answers that the Gateway API has no word for."""
    return Extension("HTTPRouteFilter", API_VERSION, "filter", word, spec, notes)


def client_policy(word: str, spec: Mapping[str, Any], notes: tuple[Note, ...]) -> ListenerPolicy:
    """``ClientTrafficPolicy``: connections of clients."""
    return ListenerPolicy("ClientTrafficPolicy", API_VERSION, word, spec, notes)


def headers(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Set by Envoy, which takes a percent sign for the start of a command unless it stands there twice."""
    return [{"name": name, "value": value.replace("%", "%%")} for name, value in pairs]
