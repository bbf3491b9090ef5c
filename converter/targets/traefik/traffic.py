"""How many requests, how long, how often and to which path: one Middleware each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.gateway.regex import is_re2, prefix_pattern
from converter.targets.carry import Part
from converter.targets.envoy import streams
from converter.targets.rewrites import CAPTURE, Captures, Prefix, read_rewrite, with_known_captures
from converter.targets.standard import redirects, traffic
from converter.targets.standard.parts import notes
from converter.targets.traefik.kinds import middleware
from converter.validity import parse_int

if TYPE_CHECKING:
    from converter.routing import BodyLimit, Location, RateLimit, Retries, Rewrite, Setting
    from converter.targets.carry import Target

_BY_ADDRESS = {"ipStrategy": {"depth": 0}}
_UNLIMITED = 10
"""Tries where ingress-nginx has no limit but the number of endpoints."""


def rate_limit(behaviour: RateLimit, _: Location, target: Target) -> Part:
    """nginx lets a burst pass on top of the first request; what was never read says a number for a whole window."""
    rows = target.table.rows
    burst = behaviour.burst + 1 if behaviour.enforced else behaviour.requests
    limit = {
        "average": behaviour.requests,
        "period": f"{behaviour.seconds}s",
        "burst": burst,
        "sourceCriterion": _BY_ADDRESS,
    }
    exempt = [o for o in behaviour.origins if o.key.endswith(("limit-allowlist", "limit-whitelist"))]
    others = [o for o in behaviour.origins if o not in exempt]
    code = "rate-limit" if behaviour.enforced else "rate-limit.not-enforced"
    told = (*rows[code].notes(others, "spec.rateLimit"), *rows["rate-limit.allowlist-lost"].notes(exempt))
    word = f"limit-{behaviour.seconds}s{'' if behaviour.enforced else '-meant'}"
    return Part(extensions=(middleware("limit", {"rateLimit": limit}, told, word),))


def connections(behaviour: Setting, _: Location, target: Target) -> Part:
    """Traefik counts requests under way, as HTTP/2 has many of them on one connection."""
    amount, row = parse_int(behaviour.value.strip()), target.table.settings[behaviour.name]
    if not amount or amount < 1:
        return traffic.lost_setting(behaviour)
    spec = {"inFlightReq": {"amount": amount, "sourceCriterion": _BY_ADDRESS}}
    return Part(extensions=(middleware("connections", spec, row.notes(behaviour.origins, "spec.inFlightReq")),))


def body_limit(behaviour: BodyLimit, location: Location, target: Target) -> Part:
    """The limit collects each body first, which no stream of gRPC survives."""
    if all(origin.type == "default" for origin in behaviour.origins) or not behaviour.size or location.backend is None:
        return traffic.body_limit(behaviour, location, target)
    if streams(location):
        return Part(notes=notes(target, "body-size.grpc", behaviour.origins))
    told = notes(target, "body-size", behaviour.origins, "spec.buffering")
    return Part(extensions=(middleware("body", {"buffering": {"maxRequestBodyBytes": behaviour.size}}, told),))


def retries(behaviour: Retries, location: Location, target: Target) -> Part:
    """A failed connection counts as an error; further statuses are listed."""
    written = any(origin.type != "default" for origin in behaviour.origins)
    if not written or not behaviour.conditions or behaviour.tries == 1:
        return traffic.retries(behaviour, location, target)
    retry: dict[str, Any] = {"attempts": behaviour.tries or _UNLIMITED}
    if codes := sorted({word[5:] for word in behaviour.conditions if re.fullmatch(r"http_[1-5]\d\d", word)}):
        retry["status"] = codes
    if not {"error", "timeout"} & {*behaviour.conditions}:
        retry["disableRetryOnNetworkError"] = True
    if behaviour.every_method:
        retry["retryNonIdempotentMethod"] = True
    if behaviour.seconds:
        retry["timeout"] = f"{behaviour.seconds}s"
    told = notes(target, "retries", behaviour.origins, "spec.retry")
    return Part(extensions=(middleware("retry", {"retry": retry}, told),))


def rewrite(behaviour: Rewrite, location: Location, target: Target) -> Part:
    """Traefik replaces what matched, so that is the whole path."""
    reading = read_rewrite(behaviour.pattern, behaviour.target)
    if not isinstance(reading, Captures | Prefix) or not is_re2(behaviour.pattern):
        return redirects.rewrite(behaviour, location, target)
    wanted = with_known_captures(behaviour.pattern, behaviour.target)
    regex = prefix_pattern("(?i)^", behaviour.pattern, ".*$")
    spec = {"replacePathRegex": {"regex": regex, "replacement": CAPTURE.sub(r"${\1}", wanted)}}
    told = notes(target, "rewrite.regex", behaviour.origins, "spec.replacePathRegex")
    return Part(extensions=(middleware("rewrite", spec, told),))
