"""Envoy Gateway: regex rewrites and answers by HTTPRouteFilter, rate limits by BackendTrafficPolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, Note
from converter.gateway.regex import is_re2, prefix_pattern
from converter.routing import FixedAnswer, RateLimit, Rewrite
from converter.targets import standard
from converter.targets.carry import Carrier, Part
from converter.targets.rewrites import CAPTURE, Captures, Prefix, read_rewrite, with_known_captures
from converter.targets.standard import answers, redirects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location
    from converter.targets.carry import Target

API_VERSION = "gateway.envoyproxy.io/v1alpha1"
_UNITS = ((1, "Second"), (60, "Minute"), (3600, "Hour"))
_MOST_REQUESTS = 2**32 - 1
"""The field holds no larger number, and nobody sends as many."""
_CLOSES = 444
_ANY_CLIENT = ("0.0.0.0/0", "::/0")


def rewrite(behaviour: Rewrite, location: Location, target: Target) -> Part:
    """A rewrite with captures takes the pattern as it is; Envoy replaces only what matched, so that is the whole path.

    Envoy Gateway: ``HTTPRouteFilter.spec.urlRewrite.path.replaceRegexMatch``.
    """
    reading = read_rewrite(behaviour.pattern, behaviour.target)
    if not isinstance(reading, Captures | Prefix) or not is_re2(behaviour.pattern):
        return redirects.rewrite(behaviour, location, target)
    replace = {
        "pattern": prefix_pattern("(?i)^", behaviour.pattern, ".*$"),
        "substitution": _substitution(behaviour),
    }
    spec = {"urlRewrite": {"path": {"type": "ReplaceRegexMatch", "replaceRegexMatch": replace}}}
    notes = target.table.rows["rewrite.regex"].notes(behaviour.origins, "spec.urlRewrite")
    return Part(extensions=(Extension("HTTPRouteFilter", API_VERSION, "filter", "rewrite", spec, notes),))


def _substitution(behaviour: Rewrite) -> str:
    """Envoy leaves the path alone when a capture does not exist, and takes a backslash for one."""
    target = with_known_captures(behaviour.pattern, behaviour.target)
    return CAPTURE.sub(r"\\\1", target.replace("\\", "\\\\"))


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
    spec: dict[str, Any] = {"rateLimit": {"type": "Local", "local": {"rules": rules}}}
    notes = tuple(_note(origin, target, behaviour, stretched=stretched) for origin in behaviour.origins)
    return Part(extensions=(Extension("BackendTrafficPolicy", API_VERSION, "policy", "limit", spec, notes),))


def _note(origin: Any, target: Target, behaviour: RateLimit, *, stretched: bool) -> Note:
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


def fixed_answer(behaviour: FixedAnswer, location: Location, target: Target) -> Part:
    """The same status and text; 444, which closes the connection, is no status.

    Envoy Gateway: ``HTTPRouteFilter.spec.directResponse``, where a percent sign begins a command of Envoy's.
    """
    if not 200 <= behaviour.status <= 599 or behaviour.status == _CLOSES or "$" in behaviour.body:
        return answers.fixed_answer(behaviour, location, target)
    response: dict[str, Any] = {"statusCode": behaviour.status}
    if behaviour.body:
        inline = behaviour.body.replace("%", "%%")
        response = {"contentType": "text/plain", "body": {"type": "Inline", "inline": inline}, **response}
    notes = target.table.rows["answer.exact"].notes(behaviour.origins, "spec.directResponse")
    extension = Extension("HTTPRouteFilter", API_VERSION, "filter", "answer", {"directResponse": response}, notes)
    return Part(extensions=(extension,), answers=True, path_code="path.answered-exactly")


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    Rewrite: rewrite,
    RateLimit: rate_limit,
    FixedAnswer: fixed_answer,
}
