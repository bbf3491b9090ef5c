"""Endpoints and connections to them: ``DestinationRule``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.ingress.names import is_host
from converter.routing import Affinity, BackendProtocol, BackendTls, MatchKind, Setting
from converter.targets.carry import Part
from converter.targets.envoy import TLS
from converter.targets.istio.kinds import destination_rule
from converter.targets.standard import traffic
from converter.targets.standard.parts import notes
from converter.validity import parse_int

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location
    from converter.targets.carry import Target

_ALGORITHMS = {"round_robin": "ROUND_ROBIN", "ewma": "LEAST_REQUEST"}
_ADDRESS = frozenset({"$remote_addr", "$binary_remote_addr"})
_VARIABLE = re.compile(r"\$(http|cookie|arg)_(\w+)\Z")
_ATTRIBUTES = {"session-cookie-samesite": "SameSite"}
_WHILE_OPEN = "0s"
"""Of a cookie: as long as the browser runs."""


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """Istio: ``DestinationRule.spec.trafficPolicy.loadBalancer.consistentHash.httpCookie``."""
    if location.backend is None:
        return traffic.affinity(behaviour, location, target)
    own = "/" if location.match.kind is MatchKind.REGEX else location.match.value
    seconds = behaviour.seconds
    cookie: dict[str, Any] = {"name": behaviour.cookie, "path": behaviour.path or own}
    cookie["ttl"] = f"{seconds}s" if seconds and seconds > 0 else _WHILE_OPEN
    kept = [o for o in behaviour.extras if _last(o.key) in (*_ATTRIBUTES, "session-cookie-path")]
    if found := [{"name": _ATTRIBUTES[_last(o.key)], "value": o.value} for o in kept if _last(o.key) in _ATTRIBUTES]:
        cookie["attributes"] = found
    told = (
        *notes(target, "affinity.hash", (*behaviour.origins, *kept), "spec.trafficPolicy"),
        *notes(target, "affinity.extra", (origin for origin in behaviour.extras if origin not in kept)),
    )
    policy = {"loadBalancer": {"consistentHash": {"httpCookie": cookie}}}
    return Part(service_policies=(destination_rule(location.backend, policy, told),))


def _last(key: str) -> str:
    return key.rpartition("/")[2]


def hash_by(behaviour: Setting, location: Location, target: Target) -> Part:
    rows, hashed = target.table.settings, _hashed(re.sub(r'[{}"\s]', "", behaviour.value))
    if any(isinstance(each, Affinity) for each in location.behaviours):
        return Part(notes=rows["load-balance.overridden"].notes(behaviour.origins))
    if hashed is None or location.backend is None:
        return Part(notes=rows["upstream-hash-by.lost"].notes(behaviour.origins))
    told = rows["upstream-hash-by"].notes(behaviour.origins, "spec.trafficPolicy")
    policy = {"loadBalancer": {"consistentHash": dict(hashed)}}
    return Part(service_policies=(destination_rule(location.backend, policy, told),))


def _hashed(value: str) -> Mapping[str, Any] | None:
    if value in _ADDRESS:
        return {"useSourceIp": True}
    found = _VARIABLE.match(value)
    if found is None:
        return None
    if found[1] == "http":
        return {"httpHeaderName": found[2].replace("_", "-")}
    if found[1] == "arg":
        return {"httpQueryParameterName": found[2]}
    return {"httpCookie": {"name": found[2], "ttl": _WHILE_OPEN}}


def algorithm(behaviour: Setting, location: Location, target: Target) -> Part:
    rows = target.table.settings
    stronger = (isinstance(b, Affinity) or getattr(b, "name", "") == "upstream-hash-by" for b in location.behaviours)
    if any(stronger):
        return Part(notes=rows["load-balance.overridden"].notes(behaviour.origins))
    chosen = _ALGORITHMS.get(behaviour.value.strip())
    if chosen is None or location.backend is None:
        return Part(notes=rows["load-balance.lost"].notes(behaviour.origins))
    told = rows["load-balance"].notes(behaviour.origins, "spec.trafficPolicy")
    return Part(service_policies=(destination_rule(location.backend, {"loadBalancer": {"simple": chosen}}, told),))


def connect_timeout(behaviour: Setting, location: Location, target: Target) -> Part:
    seconds = parse_int(behaviour.value.strip())
    rows = target.table.settings
    if not seconds or seconds < 0 or location.backend is None:
        return Part(notes=rows["proxy-connect-timeout.lost"].notes(behaviour.origins))
    told = rows["proxy-connect-timeout"].notes(behaviour.origins, "spec.trafficPolicy")
    policy = {"connectionPool": {"tcp": {"connectTimeout": f"{seconds}s"}}}
    return Part(service_policies=(destination_rule(location.backend, policy, told),))


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """Istio: ``DestinationRule.spec.trafficPolicy.tls``; what is verified is a BackendTLSPolicy's affair."""
    found = next((each for each in location.behaviours if isinstance(each, BackendTls)), None)
    if behaviour.protocol not in TLS or (found and found.verified) or location.backend is None:
        return traffic.backend_protocol(behaviour, location, target)
    tls: dict[str, Any] = {"mode": "SIMPLE", "insecureSkipVerify": True}
    if found and is_host(found.name):
        tls["sni"] = found.name
    shown = [o for o in found.origins if o.key.endswith("proxy-ssl-secret")] if found else []
    others = [o for o in found.origins if o not in shown] if found else []
    told = (
        *notes(target, "backend.insecure", (*behaviour.origins, *others), "spec.trafficPolicy"),
        *notes(target, "backend.certificate-lost", shown),
        *notes(target, "backend.tls-extra", found.extras if found else ()),
    )
    return Part(service_policies=(destination_rule(location.backend, {"tls": tls}, told),))
