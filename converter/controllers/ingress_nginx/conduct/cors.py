"""Cross-origin rules, with the defaults and quirks of ingress-nginx: ``cors.Parse``, ``buildCorsOriginRegex``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.words import listed
from converter.routing import Cors

if TYPE_CHECKING:
    from converter.controllers.ingress_nginx.annotations import Settings

_ORIGIN = re.compile(r"([a-z]+://(\*\.)?[A-Za-z0-9\-.]*(:\d+)?|\*|null)\Z")
_NAMES = (
    *("enable-cors", "cors-allow-origin", "cors-allow-methods", "cors-allow-headers", "cors-expose-headers"),
    *("cors-allow-credentials", "cors-max-age"),
)


def cors(settings: Settings) -> Cors | None:
    """``None`` also where every origin is written in a way that none can match: then nothing is answered here."""
    if not settings.on("enable-cors"):
        return None
    allowed = origins(settings.in_force("cors-allow-origin").value)
    if not allowed:
        return None
    return Cors(
        allow_origins=allowed,
        allow_methods=settings.in_force("cors-allow-methods").value,
        allow_headers=settings.in_force("cors-allow-headers").value,
        expose_headers=settings.text("cors-expose-headers"),
        max_age=settings.amount("cors-max-age"),
        credentials=settings.on("cors-allow-credentials"),
        origins=settings.written(*_NAMES),
    )


def origins(value: str) -> tuple[str, ...]:
    """Those that count: one ``*`` takes the place of all, and what has no scheme is skipped."""
    written = listed(value)
    if "*" in written:
        return ("*",)
    return tuple(dict.fromkeys(origin for origin in written if _ORIGIN.match(origin)))
