"""What is kept for each Service port, whichever Ingress asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.routing import Affinity

if TYPE_CHECKING:
    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.ledger import Origin

_CANARY = (
    *("canary", "canary-by-header", "canary-by-header-value", "canary-by-header-pattern", "canary-by-cookie"),
    *("canary-weight", "canary-weight-total"),
)
_AFFINITY = ("affinity", "session-cookie-name", "session-cookie-max-age", "session-cookie-expires")
_COOKIE = (
    *("affinity-mode", "affinity-canary-behavior", "session-cookie-change-on-failure", "session-cookie-domain"),
    *("session-cookie-path", "session-cookie-samesite", "session-cookie-conditional-samesite-none"),
    "session-cookie-secure",
)


@dataclass(frozen=True, slots=True)
class Canary:
    """Which requests of a main Service go to another one."""

    header: str
    header_value: str
    header_pattern: str
    cookie: str
    weight: int
    total: int
    origins: tuple[Origin, ...]


def canary(settings: Settings) -> Canary | None:
    """ingress-nginx: ``canary.Parse``, ``route_to_alternative_balancer``; a total of 100 or less counts as 100."""
    if settings.flag("canary") is not True:
        return None
    return Canary(
        header=settings.text("canary-by-header"),
        header_value=settings.text("canary-by-header-value"),
        header_pattern=settings.text("canary-by-header-pattern"),
        cookie=settings.text("canary-by-cookie"),
        weight=max(settings.number("canary-weight") or 0, 0),
        total=max(settings.number("canary-weight-total") or 0, 100),
        origins=settings.written(*_CANARY),
    )


def affinity(settings: Settings) -> Affinity | None:
    if settings.text("affinity").strip() != "cookie":
        return None
    return Affinity(
        cookie=settings.in_force("session-cookie-name").value,
        max_age=_positive(settings.number("session-cookie-max-age")),
        expires=_positive(settings.number("session-cookie-expires")),
        path=settings.text("session-cookie-path"),
        secure=settings.on("session-cookie-secure"),
        origins=settings.written(*_AFFINITY),
        extras=settings.written(*_COOKIE),
    )


def _positive(number: int | None) -> int | None:
    return number if number and number > 0 else None
