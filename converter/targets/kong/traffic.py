"""Limits, cross-origin rules and endpoints; and what Kong reads from annotations of Services, which we do not touch."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.gateway.releases import known_releases
from converter.routing import Affinity, MatchKind, Setting
from converter.targets.carry import Part
from converter.targets.kong.kinds import CONFIG, names_of, plugin, upstream_policy
from converter.targets.standard import headers, traffic
from converter.targets.standard.parts import FILTER, notes
from converter.validity import parse_int

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Note
    from converter.ledger import Origin
    from converter.routing import (
        BackendProtocol,
        BackendTls,
        BodyLimit,
        Cors,
        IdleTimeout,
        Location,
        RateLimit,
        Retries,
    )
    from converter.targets.carry import Target

_UNITS = ((1, "second"), (60, "minute"), (3600, "hour"))
_ALGORITHMS = {"round_robin": "round-robin", "ewma": "latency"}
_INPUTS: Mapping[str, Mapping[str, str]] = {
    "$remote_addr": {"input": "ip"},
    "$binary_remote_addr": {"input": "ip"},
    "$uri": {"input": "path"},
}
_VARIABLE = re.compile(r"\$(http|cookie|arg)_(\w+)\Z")
_COOKIE_PATH = "session-cookie-path"


def rate_limit(behaviour: RateLimit, _: Location, target: Target) -> Part:
    """Kong: ``rate-limiting``, counted on each node by itself."""
    seconds, unit = next((pair for pair in _UNITS if pair[0] >= behaviour.seconds), _UNITS[-1])
    requests = max(1, behaviour.requests * seconds // behaviour.seconds)
    config = {unit: requests, "limit_by": "ip", "policy": "local", "hide_client_headers": True}
    told = tuple(_limit_note(origin, target, behaviour) for origin in behaviour.origins)
    return Part(extensions=(plugin("rate-limiting", config, told),))


def _limit_note(origin: Origin, target: Target, behaviour: RateLimit) -> Note:
    rows = target.table.rows
    if origin.key.endswith(("limit-allowlist", "limit-whitelist")):
        return rows["rate-limit.allowlist-lost"].note(origin)
    return rows["rate-limit" if behaviour.enforced else "rate-limit.not-enforced"].note(origin, CONFIG)


def body_limit(behaviour: BodyLimit, location: Location, target: Target) -> Part:
    """Kong: ``request-size-limiting``."""
    written = any(origin.type != "default" for origin in behaviour.origins)
    if not behaviour.size or not written:
        return traffic.body_limit(behaviour, location, target)
    config = {"allowed_payload_size": behaviour.size, "size_unit": "bytes"}
    told = notes(target, "body-size", behaviour.origins, CONFIG)
    return Part(extensions=(plugin("request-size-limiting", config, told),))


def cors(behaviour: Cors, location: Location, target: Target) -> Part:
    """What the filter of the Gateway API would say, as the plugin says it; ``*.`` is a pattern for one label.

    Kong: ``cors``.
    """
    newest = replace(target.release, version=known_releases()[-1], lacks=frozenset())
    part = headers.cors(behaviour, location, replace(target, release=newest))
    if not part.filters:
        return part
    body = part.filters[0]["cors"]
    config: dict[str, Any] = {"origins": [_origin_pattern(origin) for origin in body["allowOrigins"]]}
    config["methods"] = body["allowMethods"]
    config |= {ours: body[theirs] for theirs, ours in _LISTS.items() if theirs in body}
    config |= {"credentials": "allowCredentials" in body, "max_age": body["maxAge"]}
    told = tuple(replace(note, path=CONFIG) if note.path == FILTER else note for note in part.notes)
    return Part(extensions=(plugin("cors", config, told),))


_LISTS = {"allowHeaders": "headers", "exposeHeaders": "exposed_headers"}


def _origin_pattern(origin: str) -> str:
    scheme, mark, rest = origin.partition("://*.")
    return f"{scheme}://[^.]+\\.{re.escape(rest)}" if mark else origin


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """A hash of the same cookie, which Kong sets where it is missing. Kong: ``KongUpstreamPolicy.spec.hashOn``."""
    backend = location.backend
    if backend is None:
        return traffic.affinity(behaviour, location, target)
    own = "/" if location.match.kind is MatchKind.REGEX else location.match.value
    kept = [origin for origin in behaviour.extras if origin.key.endswith(_COOKIE_PATH)]
    hashed = {"cookie": behaviour.cookie, "cookiePath": behaviour.path or own}
    told = (
        *notes(target, "affinity.hash", (*behaviour.origins, *kept), "spec.hashOn", **names_of(backend)),
        *notes(target, "affinity.extra", (origin for origin in behaviour.extras if origin not in kept)),
    )
    spec = {"algorithm": "consistent-hashing", "hashOn": hashed}
    return Part(service_policies=(upstream_policy(backend, spec, told),))


def hash_by(behaviour: Setting, location: Location, target: Target) -> Part:
    rows, backend = target.table.settings, location.backend
    hashed = _hashed(re.sub(r'[{}"\s]', "", behaviour.value))
    if any(isinstance(each, Affinity) for each in location.behaviours):
        return Part(notes=rows["load-balance.overridden"].notes(behaviour.origins))
    if hashed is None or backend is None:
        return Part(notes=rows["upstream-hash-by.lost"].notes(behaviour.origins))
    told = rows["upstream-hash-by"].notes(behaviour.origins, "spec.hashOn", **names_of(backend))
    spec = {"algorithm": "consistent-hashing", "hashOn": dict(hashed)}
    return Part(service_policies=(upstream_policy(backend, spec, told),))


def _hashed(value: str) -> Mapping[str, str] | None:
    if value in _INPUTS:
        return _INPUTS[value]
    found = _VARIABLE.match(value)
    if found is None:
        return None
    if found[1] == "http":
        return {"header": found[2].replace("_", "-")}
    return {"queryArg": found[2]} if found[1] == "arg" else {"cookie": found[2], "cookiePath": "/"}


def algorithm(behaviour: Setting, location: Location, target: Target) -> Part:
    rows, backend = target.table.settings, location.backend
    stronger = (isinstance(b, Affinity) or getattr(b, "name", "") == "upstream-hash-by" for b in location.behaviours)
    if any(stronger):
        return Part(notes=rows["load-balance.overridden"].notes(behaviour.origins))
    chosen = _ALGORITHMS.get(behaviour.value.strip())
    if chosen is None or backend is None:
        return Part(notes=rows["load-balance.lost"].notes(behaviour.origins))
    told = rows["load-balance"].notes(behaviour.origins, "spec.algorithm", **names_of(backend))
    return Part(service_policies=(upstream_policy(backend, {"algorithm": chosen}, told),))


def connect_timeout(behaviour: Setting, location: Location, target: Target) -> Part:
    """Kong: ``konghq.com/connect-timeout`` of the Service."""
    seconds = parse_int(behaviour.value.strip())
    rows = target.table.settings
    if not seconds or seconds < 0:
        return Part(notes=rows["proxy-connect-timeout.lost"].notes(behaviour.origins))
    names = names_of(location.backend, milliseconds=seconds * 1000)
    return Part(notes=rows["proxy-connect-timeout"].notes(behaviour.origins, **names))


def idle_timeout(behaviour: IdleTimeout, location: Location, target: Target) -> Part:
    """Kong: ``konghq.com/read-timeout`` and ``konghq.com/write-timeout`` of the Service."""
    names = names_of(location.backend, milliseconds=behaviour.seconds * 1000)
    return Part(notes=notes(target, "idle-timeout", behaviour.origins, **names))


def retries(behaviour: Retries, location: Location, target: Target) -> Part:
    """Kong: ``konghq.com/retries`` of the Service; 0 tries are as many as there are endpoints."""
    none = not behaviour.conditions or behaviour.tries == 1
    again = 0 if none else behaviour.tries - 1 if behaviour.tries else _UNLIMITED
    names = names_of(location.backend, retries=again)
    return Part(notes=notes(target, "retries.none" if none else "retries", behaviour.origins, **names))


_UNLIMITED = 10
"""Further tries where ingress-nginx has no limit but the number of endpoints."""
_SPOKEN = {"https": "https", "grpc": "grpc", "grpcs": "grpcs"}


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """Kong: ``konghq.com/protocol`` of the Service."""
    spoken = _SPOKEN.get(behaviour.protocol)
    if spoken is None:
        return traffic.backend_protocol(behaviour, location, target)
    names = names_of(location.backend, protocol=spoken)
    return Part(notes=notes(target, "backend.protocol", behaviour.origins, **names))


def backend_tls(behaviour: BackendTls, location: Location, target: Target) -> Part:
    """Kong: ``konghq.com/tls-verify`` and ``konghq.com/ca-certificates-secrets`` of the Service."""
    code = "backend.tls" if behaviour.verified else "backend.tls-unverified"
    names = names_of(location.backend, secret=behaviour.secret)
    return Part(notes=notes(target, code, (*behaviour.origins, *behaviour.extras), **names))
