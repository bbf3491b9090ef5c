"""Which Service a request goes to, how, how long, and how often."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import HeaderMatch, Note, ServicePolicy
from converter.gateway.regex import is_re2
from converter.ingress.names import is_host
from converter.ledger import Verdict
from converter.targets.carry import Part, Variant
from converter.targets.standard.parts import FILTER, HEADER_NAME, duration, in_cluster, notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.ledger import Origin
    from converter.routing import (
        Affinity,
        BackendProtocol,
        BackendTls,
        BodyLimit,
        IdleTimeout,
        Location,
        Mirror,
        Retries,
        Setting,
        Split,
    )
    from converter.targets.carry import Target

_H2C = ("kubernetes.io/h2c", "grpc")
_PROTOCOL_LOST = {"fastcgi": "backend.fastcgi", "scheme-of-client": "backend.auto"}
_MOST_WEIGHT = 1_000_000


def split(behaviour: Split, _: Location, target: Target) -> Part:
    """Header before cookie before chance: a rule with a header match wins over the same path without one."""
    found = [*_by_header(behaviour, target), *_by_cookie(behaviour, target)]
    told = {note.origin: note for variant in found for note in variant.notes}
    while found and not found[-1].away and not behaviour.weight:
        found.pop()
    total = min(behaviour.total, _MOST_WEIGHT)
    away = min(behaviour.weight, total)
    served = bool(away) or any(variant.away for variant in found)
    chance = _named(behaviour.origins, "canary-weight", "canary-weight-total")
    settled = [*notes(target, "canary" if away else "canary.no-weight", chance), *_unsayable(behaviour, target)]
    used = {note.origin for note in settled} | told.keys()
    rest = (*(origin for origin in behaviour.origins if origin not in used), *behaviour.places)
    settled += notes(target, "canary" if served else "canary.nothing", rest, "backendRefs" if served else "")
    if not served:
        return Part(notes=(*settled, *told.values()))
    return Part(variants=tuple(found), shares=(total - away, away), notes=tuple(settled))


def _by_header(behaviour: Split, target: Target) -> Iterable[Variant]:
    """ingress-nginx: ``route_to_alternative_balancer``.

    With a value or a pattern, ``always`` and ``never`` mean nothing.

    A pattern that is none sends every request with the header to the main Service.
    """
    name = behaviour.header
    if not name or not _is_sayable(behaviour, target):
        return
    told = notes(target, "canary.header", _named(behaviour.origins, "canary-by-header", "canary-by-header-value"))
    if behaviour.header_value:
        yield Variant("canary", HeaderMatch("Exact", name, behaviour.header_value), away=True, notes=told)
    elif behaviour.header_pattern:
        pattern, written = behaviour.header_pattern, _named(behaviour.origins, "canary-by-header-pattern")
        if not _compiles(pattern):
            yield Variant("not-canary", HeaderMatch("RegularExpression", name, ".*"), away=False, notes=told)
        elif is_re2(pattern) and target.release.has("regex-header"):
            told = (*told, *notes(target, "canary.header-pattern", written))
            yield Variant("canary", HeaderMatch("RegularExpression", name, f".*(?:{pattern}).*"), away=True, notes=told)
    else:
        yield Variant("canary", HeaderMatch("Exact", name, "always"), away=True, notes=told)
        yield Variant("not-canary", HeaderMatch("Exact", name, "never"), away=False, notes=told)


def _by_cookie(behaviour: Split, target: Target) -> Iterable[Variant]:
    if behaviour.cookie and target.release.has("regex-header"):
        told = notes(target, "canary.cookie", _named(behaviour.origins, "canary-by-cookie"))
        for value, away, word in (("always", True, "canary-cookie"), ("never", False, "not-canary-cookie")):
            pattern = rf"^(?:.*;\s*)?{re.escape(behaviour.cookie)}={value}(?:;.*)?$"
            yield Variant(word, HeaderMatch("RegularExpression", "Cookie", pattern), away=away, notes=told)


def _unsayable(behaviour: Split, target: Target) -> Iterable[Note]:
    if behaviour.header and not _is_sayable(behaviour, target):
        written = _named(behaviour.origins, "canary-by-header", "canary-by-header-value")
        yield from notes(target, "canary.header-lost", written)
    pattern, by_pattern = behaviour.header_pattern, target.release.has("regex-header")
    if pattern and not behaviour.header_value and _compiles(pattern) and not (is_re2(pattern) and by_pattern):
        yield from notes(target, "canary.header-lost", _named(behaviour.origins, "canary-by-header-pattern"))
    if behaviour.cookie and not by_pattern:
        yield from notes(target, "canary.cookie-lost", _named(behaviour.origins, "canary-by-cookie"))


def _is_sayable(behaviour: Split, target: Target) -> bool:
    """Whether header and value, where there is one, are those of a header match."""
    return bool(HEADER_NAME.match(behaviour.header)) and target.table.header_without.isdisjoint(behaviour.header_value)


def _named(origins: Iterable[Origin], *names: str) -> tuple[Origin, ...]:
    return tuple(origin for origin in origins if origin.key.rpartition("/")[2] in names)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def mirror(behaviour: Mirror, _: Location, target: Target) -> Part:
    """Gateway API: ``HTTPRequestMirrorFilter`` copies to a Service, with path and host as they are."""
    service = in_cluster(behaviour.url)
    if not target.release.has("mirror"):
        return Part(notes=notes(target, "mirror.lost", behaviour.origins))
    if service is None or service.scheme != "http":
        return Part(notes=notes(target, "mirror.outside", behaviour.origins))
    body = {"type": "RequestMirror", "requestMirror": {"backendRef": dict(service.reference)}}
    return Part(filters=(body,), notes=notes(target, "mirror", behaviour.origins, FILTER))


def body_limit(behaviour: BodyLimit, _: Location, target: Target) -> Part:
    return Part(notes=notes(target, "body-size" if behaviour.size else "body-size.none", behaviour.origins))


def idle_timeout(behaviour: IdleTimeout, _: Location, target: Target) -> Part:
    """A total time would cut what is slow but alive, so the total time is switched off instead."""
    if all(origin.type == "default" for origin in behaviour.origins) or not target.release.has("timeouts"):
        return Part(notes=notes(target, "idle-timeout.lost", behaviour.origins))
    told = notes(target, "idle-timeout", behaviour.origins, "timeouts.request")
    return Part(fields=(("timeouts", {"request": "0s"}),), notes=told)


def retries(behaviour: Retries, _: Location, target: Target) -> Part:
    """Gateway API: ``HTTPRouteRetry`` repeats every method, which is right only where ingress-nginx did so too."""
    if not behaviour.conditions or behaviour.tries == 1:
        return Part(notes=notes(target, "retries.none", behaviour.origins))
    codes = [int(c.removeprefix("http_")) for c in behaviour.conditions if re.fullmatch(r"http_[45]\d\d", c)]
    if not target.release.has("retry") or not behaviour.every_method:
        return Part(notes=notes(target, "retries.lost", behaviour.origins))
    retry: dict[str, Any] = {"attempts": max(behaviour.tries - 1, 1)}
    if codes:
        retry = {"codes": sorted(set(codes)), **retry}
    return Part(fields=(("retry", retry),), notes=notes(target, "retries", behaviour.origins, "retry"))


def affinity(behaviour: Affinity, _: Location, target: Target) -> Part:
    """Gateway API: ``SessionPersistence``, of the experimental channel."""
    if not target.release.has("session-persistence") or len(behaviour.cookie) > 128:
        return Part(notes=notes(target, "affinity.lost", (*behaviour.origins, *behaviour.extras)))
    body: dict[str, Any] = {"sessionName": behaviour.cookie, "type": "Cookie"}
    if behaviour.seconds is not None:
        body["absoluteTimeout"] = duration(behaviour.seconds)
        body["cookieConfig"] = {"lifetimeType": "Permanent"}
    told = (
        *notes(target, "affinity", behaviour.origins, "sessionPersistence"),
        *notes(target, "affinity.extra", behaviour.extras),
    )
    return Part(fields=(("sessionPersistence", body),), notes=told)


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """Gateway API: the port of the Service says it by ``appProtocol``; certificates are a BackendTLSPolicy's affair."""
    backend = location.backend
    if behaviour.protocol == "grpc":
        told = backend is not None and backend.app_protocol in _H2C
        return Part(notes=notes(target, "backend.grpc" if told else "backend.grpc-unsaid", behaviour.origins))
    verified = any(getattr(other, "verified", False) for other in location.behaviours)
    code = _PROTOCOL_LOST.get(behaviour.protocol, "backend.tls-lost")
    if code == "backend.tls-lost" and verified and target.release.form("BackendTLSPolicy"):
        code = "backend.tls"
    return Part(notes=notes(target, code, behaviour.origins))


def backend_tls(behaviour: BackendTls, location: Location, target: Target) -> Part:
    """Gateway API: ``BackendTLSPolicy`` always verifies, so it says nothing less than ``proxy-ssl-verify: on``."""
    form, backend = target.release.form("BackendTLSPolicy"), location.backend
    origins = (*behaviour.origins, *behaviour.extras)
    name = behaviour.name or (f"{backend.service}.{backend.namespace}.svc" if backend else "")
    sayable = backend and behaviour.verified and is_host(name) and behaviour.namespace == backend.namespace
    if form is None or not sayable or backend is None:
        return Part(notes=notes(target, "backend.tls-lost", origins))
    reference = {"group": "", "kind": "Secret", "name": behaviour.secret}
    spec = {"validation": {"caCertificateRefs": [reference], "hostname": name}}
    told = (
        *notes(target, "backend.tls", behaviour.origins, "spec.validation"),
        *notes(target, "backend.tls-extra", behaviour.extras),
    )
    policy = ServicePolicy("BackendTLSPolicy", backend.namespace, backend.service, "tls", spec, told)
    return Part(service_policies=(policy,))


def setting(behaviour: Setting, _: Location, target: Target) -> Part:
    """A row for the setting, else one for its topic; else it is lost, and what is lost is said in its own words."""
    rows = target.table.settings
    row = rows.get(behaviour.name) or rows.get(behaviour.topic)
    return Part(notes=row.notes(behaviour.origins)) if row else lost_setting(behaviour)


def lost_setting(behaviour: Setting) -> Part:
    message = f"Not carried over: {behaviour.effect}"
    advice = "Find out whether the application needs it, and configure it on the Gateway by hand."
    code = f"{behaviour.topic}.untranslated"
    return Part(notes=tuple(Note(o, Verdict.UNTRANSLATED, code, message, advice) for o in behaviour.origins))
