"""Which endpoint a request goes to, how long, and how often: ``BackendTrafficPolicy``.

The field for the endpoint is one, so of affinity, hash and algorithm the first decides, as in ingress-nginx.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.routing import Affinity, MatchKind, Setting
from converter.targets.carry import Part
from converter.targets.envoy_gateway.kinds import traffic_policy
from converter.targets.fields import setting
from converter.targets.standard import traffic
from converter.targets.standard.parts import duration, notes

if TYPE_CHECKING:
    from converter.routing import IdleTimeout, Location, Retries
    from converter.targets.carry import Target

_ATTRIBUTES = {"session-cookie-samesite": "SameSite", "session-cookie-domain": "Domain"}
_ADDRESS = frozenset({"$remote_addr", "$binary_remote_addr"})
_VARIABLE = re.compile(r"\$(http|cookie|arg)_(\w+)\Z")
_UNLIMITED = 10
"""Tries where ingress-nginx has no limit but the number of endpoints."""


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """The session persistence of the Gateway API where the channel has it, else a hash of the same cookie.

    Envoy Gateway: ``BackendTrafficPolicy.spec.loadBalancer.consistentHash.cookie``.
    """
    if target.release.has("session-persistence"):
        return traffic.affinity(behaviour, location, target)
    # Without a time Envoy makes no cookie; 0 is one that lasts as long as the browser runs.
    cookie: dict[str, Any] = {"name": behaviour.cookie, "ttl": duration(behaviour.seconds or 0)}
    told = dict.fromkeys(behaviour.extras)
    attributes = {"Path": behaviour.path or _own_path(location)}
    for origin in told:
        name = origin.key.rpartition("/")[2]
        if name in _ATTRIBUTES:
            attributes[_ATTRIBUTES[name]] = origin.value
    cookie["attributes"] = attributes
    kept = [o for o in told if o.key.rpartition("/")[2] in {*_ATTRIBUTES, "session-cookie-path"}]
    lost = [origin for origin in told if origin not in kept]
    spec = {"loadBalancer": {"type": "ConsistentHash", "consistentHash": {"type": "Cookie", "cookie": cookie}}}
    said = notes(target, "affinity.hash", (*behaviour.origins, *kept), "spec.loadBalancer")
    policy = traffic_policy("affinity", spec, (*said, *notes(target, "affinity.extra", lost)))
    return Part(extensions=(policy,))


def _own_path(location: Location) -> str:
    return "/" if location.match.kind is MatchKind.REGEX else location.match.value


def hash_by(behaviour: Setting, location: Location, target: Target) -> Part:
    """Envoy hashes the address, a header, a cookie or a parameter, and no text that is put together of several."""
    rows, hashed = target.table.settings, _hashed(behaviour.value.strip().strip('"'))
    if any(isinstance(each, Affinity) for each in location.behaviours):
        return Part(notes=rows["load-balance.overridden"].notes(behaviour.origins))
    if hashed is None:
        return Part(notes=rows["upstream-hash-by.lost"].notes(behaviour.origins))
    told = rows["upstream-hash-by"].notes(behaviour.origins, "spec.loadBalancer")
    spec = {"loadBalancer": {"type": "ConsistentHash", "consistentHash": hashed}}
    return Part(extensions=(traffic_policy("hash", spec, told),))


def _hashed(value: str) -> dict[str, Any] | None:
    if value.replace("{", "").replace("}", "") in _ADDRESS:
        return {"type": "SourceIP"}
    found = _VARIABLE.match(value.replace("{", "").replace("}", ""))
    if found is None:
        return None
    if found[1] == "http":
        return {"type": "Headers", "headers": [{"name": found[2].replace("_", "-")}]}
    if found[1] == "cookie":
        return {"type": "Cookie", "cookie": {"name": found[2]}}
    return {"type": "QueryParams", "queryParams": [{"name": found[2]}]}


def algorithm(behaviour: Setting, location: Location, target: Target) -> Part:
    stronger = (each for each in location.behaviours if isinstance(each, Affinity) or _is_hash(each))
    if any(stronger):
        return Part(notes=target.table.settings["load-balance.overridden"].notes(behaviour.origins))
    return setting(behaviour, location, target)


def _is_hash(behaviour: object) -> bool:
    """Also one that Envoy cannot say: the algorithm did not count beside it."""
    return isinstance(behaviour, Setting) and behaviour.name == "upstream-hash-by"


def idle_timeout(behaviour: IdleTimeout, location: Location, target: Target) -> Part:
    """Envoy ends every answer after 15 seconds unless the route says otherwise, so every route does.

    Envoy Gateway: ``BackendTrafficPolicy.spec.timeout.http.streamIdleTimeout``.
    """
    if not target.release.has("timeouts"):
        return traffic.idle_timeout(behaviour, location, target)
    fields = (("timeouts", {"request": "0s"}),)
    if all(origin.type == "default" for origin in behaviour.origins):
        row = target.table.defaults["idle-timeouts"]
        return Part(fields=fields, notes=row.notes(behaviour.origins, "timeouts.request"))
    told = notes(target, "idle-timeout", behaviour.origins, "spec.timeout")
    spec = {"timeout": {"http": {"streamIdleTimeout": duration(behaviour.seconds)}}}
    return Part(fields=fields, extensions=(traffic_policy("timeout", spec, told),))


def retries(behaviour: Retries, location: Location, target: Target) -> Part:
    """What may be repeated whatever the method is what never reached the backend; the rest only where all may be.

    Envoy Gateway: ``BackendTrafficPolicy.spec.retry``.
    """
    written = any(origin.type != "default" for origin in behaviour.origins)
    if not written or not behaviour.conditions or behaviour.tries == 1:
        return traffic.retries(behaviour, location, target)
    codes = sorted({int(word[5:]) for word in behaviour.conditions if re.fullmatch(r"http_[45]\d\d", word)})
    triggers = ["connect-failure", "reset-before-request"]
    retry: dict[str, Any] = {"numRetries": behaviour.tries - 1 if behaviour.tries else _UNLIMITED}
    retry["retryOn"] = {"triggers": triggers}
    if behaviour.every_method:
        triggers.append("reset")
        if codes:
            triggers.append("retriable-status-codes")
            retry["retryOn"]["httpStatusCodes"] = codes
    code = "retries.every-method" if behaviour.every_method else "retries"
    policy = traffic_policy("retry", {"retry": retry}, notes(target, code, behaviour.origins, "spec.retry"))
    return Part(extensions=(policy,))
