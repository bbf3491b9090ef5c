"""How many requests a client may send: ``ratelimit.Parse``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.routing import RateLimit

if TYPE_CHECKING:
    from converter.controllers.ingress_nginx.annotations import Settings

_WINDOW = re.compile(r"(\d+)(s|m|h)\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def rate_limits(settings: Settings) -> tuple[RateLimit, ...]:
    factor = settings.number("limit-burst-multiplier")
    written = settings.get("limit-burst-multiplier")
    extra = tuple(filter(None, [written, settings.get("limit-allowlist")]))
    limits = []
    for name, seconds in (("limit-rps", 1), ("limit-rpm", 60)):
        origin, requests = settings.get(name), settings.number(name)
        if origin and requests and requests > 0:
            burst = requests * (5 if factor is None else factor)
            limits.append(RateLimit(requests, seconds, burst, (origin,)))
    if limits and extra:
        first = limits[0]
        limits[0] = RateLimit(first.requests, first.seconds, first.burst, (*first.origins, *extra))
    return (*limits, *_meant_limit(settings))


def _meant_limit(settings: Settings) -> tuple[RateLimit, ...]:
    """``rate-limit`` with ``rate-limit-window``: never read by ingress-nginx, but the intent is plain."""
    amount, window = settings.get("rate-limit"), settings.get("rate-limit-window")
    if not amount or not window or not amount.value.isdigit() or int(amount.value) == 0:
        return ()
    found = _WINDOW.match(window.value)
    if not found or int(found[1]) == 0:
        return ()
    seconds = int(found[1]) * _SECONDS[found[2]]
    return (RateLimit(int(amount.value), seconds, 0, (amount, window), enforced=False),)
