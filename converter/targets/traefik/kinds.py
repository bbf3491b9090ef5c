"""The kinds of Traefik: a Middleware for each thing that a rule does, in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Note

API_VERSION = "traefik.io/v1alpha1"
_ORDER = ("errors", "cors", "compress", "access", "limit", "connections", "auth", "body")
"""Before the filters of the Gateway API: error pages stand for the answers of all others, a preflight is answered
before anybody is asked, and who asks is told the path of the client."""


def middleware(kind: str, spec: Mapping[str, Any], told: tuple[Note, ...], word: str = "") -> Extension:
    """``word`` is for its name, where there may be several of the kind."""
    rank = _ORDER.index(kind) - len(_ORDER) if kind in _ORDER else 1
    return Extension("Middleware", API_VERSION, "filter", word or kind, spec, told, rank=rank)
