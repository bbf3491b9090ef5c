"""How Traefik speaks to a Service: a ``TraefikService`` in its place, with a ``ServersTransport`` where that is needed.

A rule refers to one object for its Service, so everything that a location asks of it is said there at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import BackendObject, Companion
from converter.ingress.names import is_host
from converter.routing import Affinity, BackendProtocol, BackendTls, MatchKind, Mirror, Setting
from converter.targets.carry import Part
from converter.targets.standard import traffic
from converter.targets.standard.parts import in_cluster, notes
from converter.targets.traefik.kinds import API_VERSION
from converter.validity import parse_int

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.drafts import BackendRef, Note
    from converter.ledger import Origin
    from converter.routing import Location
    from converter.targets.carry import Target

_SCHEMES = {"https": "https", "grpcs": "https", "grpc": "h2c"}
_ADDRESS = frozenset({"$remote_addr", "$binary_remote_addr"})
_SAME_SITE = frozenset({"None", "Lax", "Strict"})
_STRATEGIES = {"round_robin": "wrr", "ewma": "leasttime"}


def service_object(location: Location, target: Target) -> Part:
    """Everything that the location asks of its Service; each behaviour brings the same part."""

    def through(reference: BackendRef) -> BackendObject:
        own = {"name": reference.name, "port": reference.port, **_balanced(location)}
        transport = _transport(location)
        told = tuple(dict.fromkeys(_notes(location, target)))
        copies = _copies(location)
        spec: dict[str, Any] = (
            {"mirroring": {**own, "mirrors": copies}} if copies else {"weighted": {"services": [own]}}
        )
        at = ("mirroring", "serversTransport") if copies else ("weighted", "services", 0, "serversTransport")
        companions = (Companion("ServersTransport", API_VERSION, transport, at),) if transport else ()
        return BackendObject("TraefikService", API_VERSION, f"{reference.port}-service", spec, told, companions)

    return Part(through=through)


def _first(location: Location, kind: type) -> Any:
    return next((each for each in location.behaviours if isinstance(each, kind)), None)


def _setting(location: Location, name: str) -> Setting | None:
    return next((b for b in location.behaviours if isinstance(b, Setting) and b.name == name), None)


def _balanced(location: Location) -> dict[str, Any]:
    found: dict[str, Any] = {}
    protocol = _first(location, BackendProtocol)
    if protocol and protocol.protocol in _SCHEMES:
        found["scheme"] = _SCHEMES[protocol.protocol]
    if affinity := _first(location, Affinity):
        found["sticky"] = {"cookie": _cookie(affinity, location)}
    elif _is_by_address(location):
        found["strategy"] = "hrw"
    elif (balance := _setting(location, "load-balance")) and balance.value.strip() in _STRATEGIES:
        found["strategy"] = _STRATEGIES[balance.value.strip()]
    return found


def _is_by_address(location: Location) -> bool:
    hashed = _setting(location, "upstream-hash-by")
    return hashed is not None and hashed.value.strip().strip('"').replace("{", "").replace("}", "") in _ADDRESS


def _cookie(affinity: Affinity, location: Location) -> dict[str, Any]:
    path = affinity.path or ("/" if location.match.kind is MatchKind.REGEX else location.match.value)
    found: dict[str, Any] = {"name": affinity.cookie, "path": path, "httpOnly": True}
    if affinity.seconds is not None:
        found["maxAge"] = affinity.seconds
    if affinity.secure:
        found["secure"] = True
    for origin in affinity.extras:
        name, value = origin.key.rpartition("/")[2], origin.value.strip()
        if name == "session-cookie-samesite" and value.capitalize() in _SAME_SITE:
            found["sameSite"] = value.capitalize()
        elif name == "session-cookie-domain" and value:
            found["domain"] = value
    return found


def _is_kept(origin: Origin) -> bool:
    name = origin.key.rpartition("/")[2]
    same_site = name == "session-cookie-samesite" and origin.value.strip().capitalize() in _SAME_SITE
    return same_site or name in ("session-cookie-domain", "session-cookie-path", "session-cookie-secure")


def _transport(location: Location) -> dict[str, Any]:
    found: dict[str, Any] = {}
    protocol, tls = _first(location, BackendProtocol), _first(location, BackendTls)
    if protocol and _SCHEMES.get(protocol.protocol) == "https":
        found |= _verification(tls, location)
    connect = _setting(location, "proxy-connect-timeout")
    if connect and (seconds := parse_int(connect.value.strip())) and seconds > 0:
        found["forwardingTimeouts"] = {"dialTimeout": f"{seconds}s"}
    return found


def _verification(tls: BackendTls | None, location: Location) -> dict[str, Any]:
    """Secrets stand beside the object, or it cannot name them."""
    backend = location.backend
    if tls is None or backend is None or not _is_beside(tls, location):
        return {"insecureSkipVerify": True}
    name = tls.name or (f"{backend.service}.{backend.namespace}.svc" if tls.verified else "")
    found: dict[str, Any] = {"rootCAs": [{"secret": tls.secret}]} if tls.verified else {"insecureSkipVerify": True}
    if is_host(name):
        found["serverName"] = name
    return {**found, "certificatesSecrets": [tls.secret]}


def _is_beside(tls: BackendTls, location: Location) -> bool:
    return location.backend is not None and tls.namespace == location.backend.namespace


def _copies(location: Location) -> list[dict[str, Any]]:
    mirrors = (each for each in location.behaviours if isinstance(each, Mirror))
    services = (_mirrored(mirror, location) for mirror in mirrors)
    return [{"name": service.service, "port": service.port, "percent": 100} for service in services if service]


def _mirrored(mirror: Mirror, location: Location) -> Any:
    """The Service that gets the copies; Traefik looks for it beside the object."""
    service = in_cluster(mirror.url)
    beside = service and location.backend and service.namespace == location.backend.namespace
    return service if service and beside and service.scheme == "http" else None


def _notes(location: Location, target: Target) -> Iterable[Note]:
    """What the object says, behaviour by behaviour, with what it cannot say of them."""
    rows = target.table.settings
    for behaviour in location.behaviours:
        if isinstance(behaviour, Affinity):
            kept = [origin for origin in behaviour.extras if _is_kept(origin)]
            yield from notes(target, "affinity", (*behaviour.origins, *kept), "spec")
            yield from notes(target, "affinity.extra", (o for o in behaviour.extras if o not in kept))
        elif isinstance(behaviour, BackendProtocol) and behaviour.protocol in _SCHEMES:
            grpc = behaviour.protocol == "grpc"
            verified = any(isinstance(b, BackendTls) and b.verified for b in location.behaviours)
            code = "backend.grpc" if grpc else "backend.tls" if verified else "backend.insecure"
            yield from notes(target, code, behaviour.origins, "spec")
        elif isinstance(behaviour, BackendTls) and _speaks_tls(location):
            yield from notes(target, _tls_code(behaviour, location), behaviour.origins, "spec")
            yield from notes(target, "backend.tls-extra", behaviour.extras)
        elif isinstance(behaviour, Mirror) and _mirrored(behaviour, location):
            yield from notes(target, "mirror", behaviour.origins, "spec.mirroring")
        elif isinstance(behaviour, Setting) and behaviour.name in _SETTINGS and is_said(behaviour, location):
            yield from rows[behaviour.name].notes(behaviour.origins, "spec")


def _tls_code(tls: BackendTls, location: Location) -> str:
    if not _is_beside(tls, location):
        return "backend.certificate-lost"
    return "backend.tls" if tls.verified else "backend.insecure"


def _speaks_tls(location: Location) -> bool:
    protocol = _first(location, BackendProtocol)
    return protocol is not None and _SCHEMES.get(protocol.protocol) == "https"


def is_said(setting: Setting, location: Location) -> bool:
    if setting.name == "upstream-hash-by":
        return _first(location, Affinity) is None and _is_by_address(location)
    if setting.name == "load-balance":
        stronger = _first(location, Affinity) or _setting(location, "upstream-hash-by")
        return not stronger and setting.value.strip() in _STRATEGIES
    seconds = parse_int(setting.value.strip())
    return seconds is not None and seconds > 0


_SETTINGS = frozenset({"upstream-hash-by", "load-balance", "proxy-connect-timeout"})


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    if location.backend is None:
        return traffic.affinity(behaviour, location, target)
    return service_object(location, target)


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """Who cannot be verified as before is not spoken to without verification."""
    tls = _first(location, BackendTls)
    lost = tls and tls.verified and not _is_beside(tls, location)
    if behaviour.protocol not in _SCHEMES or location.backend is None or lost:
        return traffic.backend_protocol(behaviour, location, target)
    return service_object(location, target)


def backend_tls(behaviour: BackendTls, location: Location, target: Target) -> Part:
    lost = behaviour.verified and not _is_beside(behaviour, location)
    if not _speaks_tls(location) or location.backend is None or lost:
        return traffic.backend_tls(behaviour, location, target)
    return service_object(location, target)


def mirror(behaviour: Mirror, location: Location, target: Target) -> Part:
    if location.backend is None or _mirrored(behaviour, location) is None:
        return Part(notes=notes(target, "mirror.outside", behaviour.origins))
    return service_object(location, target)


def balancing(behaviour: Setting, location: Location, target: Target) -> Part:
    rows = target.table.settings
    if location.backend is not None and is_said(behaviour, location):
        return service_object(location, target)
    overridden = _first(location, Affinity) or (
        behaviour.name == "load-balance" and _setting(location, "upstream-hash-by")
    )
    return Part(
        notes=rows["load-balance.overridden" if overridden else f"{behaviour.name}.lost"].notes(behaviour.origins)
    )
