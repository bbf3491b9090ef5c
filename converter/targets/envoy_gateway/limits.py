"""How many requests, and how long they may be: ``BackendTrafficPolicy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.targets.carry import Part
from converter.targets.envoy import streams
from converter.targets.envoy_gateway.kinds import traffic_policy
from converter.targets.fields import by_row
from converter.targets.standard import traffic
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from converter.gateway.drafts import Note
    from converter.ledger import Origin
    from converter.routing import BodyLimit, Location, RateLimit
    from converter.targets.carry import Target

_UNITS = ((1, "Second"), (60, "Minute"), (3600, "Hour"))
_MOST_REQUESTS = 2**32 - 1
"""The field holds no larger number, and nobody sends as many."""
_ANY_CLIENT = ("0.0.0.0/0", "::/0")


def rate_limit(behaviour: RateLimit, _: Location, target: Target) -> Part:
    """One rule for IPv4 and one for IPv6, each counting every client address by itself.

    Envoy Gateway: ``BackendTrafficPolicy.spec.rateLimit.local``.
    """
    requests, unit, stretched = _in_units(behaviour)
    limit = {"requests": min(requests, _MOST_REQUESTS), "unit": unit}
    rules = [
        {"clientSelectors": [{"sourceCIDR": {"type": "Distinct", "value": cidr}}], "limit": limit}
        for cidr in _ANY_CLIENT
    ]
    told = tuple(_note(origin, target, behaviour, stretched=stretched) for origin in behaviour.origins)
    policy = traffic_policy("limit", {"rateLimit": {"type": "Local", "local": {"rules": rules}}}, told)
    return Part(extensions=(policy,))


def _note(origin: Origin, target: Target, behaviour: RateLimit, *, stretched: bool) -> Note:
    rows = target.table.rows
    if origin.key.endswith(("limit-allowlist", "limit-whitelist")):
        return rows["rate-limit.allowlist-lost"].note(origin)
    code = "rate-limit" if behaviour.enforced else "rate-limit.window" if stretched else "rate-limit.not-enforced"
    return rows[code].note(origin, "spec.rateLimit")


def _in_units(limit: RateLimit) -> tuple[int, str, bool]:
    """Requests by the unit that Envoy Gateway counts in, and whether the time had to be stretched."""
    for seconds, unit in _UNITS:
        if limit.seconds == seconds:
            return limit.requests, unit, False
    seconds, unit = next((pair for pair in _UNITS if pair[0] >= limit.seconds), _UNITS[-1])
    return max(1, limit.requests * seconds // limit.seconds), unit, True


_by_field = by_row("body-size", traffic.body_limit)


def body_limit(behaviour: BodyLimit, location: Location, target: Target) -> Part:
    """The limit collects each body first, which no stream of gRPC survives.

    Envoy Gateway: ``BackendTrafficPolicy.spec.requestBuffer.limit``.
    """
    if behaviour.size and streams(location):
        return Part(notes=notes(target, "body-size.grpc", behaviour.origins))
    return _by_field(behaviour, location, target)
