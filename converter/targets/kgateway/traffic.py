"""Paths, times, tries and endpoints: ``TrafficPolicy``, and for a Service ``BackendConfigPolicy``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension
from converter.ingress.names import is_host
from converter.routing import Affinity, BackendProtocol, BackendTls, MatchKind, Setting
from converter.targets.carry import Part
from converter.targets.envoy import TLS, pattern_rewrite, streams
from converter.targets.fields import by_row, setting
from converter.targets.kgateway.kinds import API_VERSION, backend_policy, traffic_policy
from converter.targets.standard import redirects, traffic
from converter.targets.standard.parts import duration, notes

if TYPE_CHECKING:
    from converter.routing import BodyLimit, IdleTimeout, Location, Refusal, Retries, Rewrite
    from converter.targets.carry import Target

_ADDRESS = frozenset({"$remote_addr", "$binary_remote_addr"})
_PATH = "$request_uri"
_VARIABLE = re.compile(r"\$(http|cookie)_(\w+)\Z")
_COOKIE = {"session-cookie-samesite": "sameSite", "session-cookie-path": "path"}
_UNLIMITED = 10
"""Tries where ingress-nginx has no limit but the number of endpoints."""


def rewrite(behaviour: Rewrite, location: Location, target: Target) -> Part:
    """kgateway: ``TrafficPolicy.spec.urlRewrite.pathRegex``."""
    found = pattern_rewrite(behaviour)
    if found is None:
        return redirects.rewrite(behaviour, location, target)
    spec = {"urlRewrite": {"pathRegex": {"pattern": found[0], "substitution": found[1]}}}
    told = notes(target, "rewrite.regex", behaviour.origins, "spec.urlRewrite")
    return Part(extensions=(traffic_policy("rewrite", spec, told),))


def refusal(behaviour: Refusal, _: Location, target: Target) -> Part:
    """kgateway: ``DirectResponse``, where a rule without a backend would say 500."""
    told = notes(target, "access.refused", behaviour.origins, "spec.status")
    answer = Extension("DirectResponse", API_VERSION, "filter", "refusal", {"status": behaviour.status}, told)
    return Part(extensions=(answer,), answers=True, path_code="path.refused")


_by_field = by_row("body-size", traffic.body_limit)


def body_limit(behaviour: BodyLimit, location: Location, target: Target) -> Part:
    """The limit collects each body first, which no stream of gRPC survives."""
    if behaviour.size and streams(location):
        return Part(notes=notes(target, "body-size.grpc", behaviour.origins))
    return _by_field(behaviour, location, target)


def idle_timeout(behaviour: IdleTimeout, location: Location, target: Target) -> Part:
    """Envoy ends every answer after 15 seconds unless the route says otherwise, so every route does.

    kgateway: ``TrafficPolicy.spec.timeouts.streamIdle``.
    """
    if not target.release.has("timeouts"):
        return traffic.idle_timeout(behaviour, location, target)
    fields = (("timeouts", {"request": "0s"}),)
    if all(origin.type == "default" for origin in behaviour.origins):
        row = target.table.defaults["idle-timeouts"]
        return Part(fields=fields, notes=row.notes(behaviour.origins, "timeouts.request"))
    told = notes(target, "idle-timeout", behaviour.origins, "spec.timeouts")
    policy = traffic_policy("timeout", {"timeouts": {"streamIdle": duration(behaviour.seconds)}}, told)
    return Part(fields=fields, extensions=(policy,))


def retries(behaviour: Retries, location: Location, target: Target) -> Part:
    """What never reached the backend is repeated whatever the method; the rest only where all methods may be.

    kgateway: ``TrafficPolicy.spec.retry``.
    """
    written = any(origin.type != "default" for origin in behaviour.origins)
    if not written or not behaviour.conditions or behaviour.tries == 1:
        return traffic.retries(behaviour, location, target)
    retry: dict[str, Any] = {"attempts": behaviour.tries - 1 if behaviour.tries else _UNLIMITED}
    retry["retryOn"] = ["connect-failure", "reset-before-request"]
    if behaviour.every_method:
        retry["retryOn"].append("reset")
        if codes := sorted({int(w[5:]) for w in behaviour.conditions if re.fullmatch(r"http_[45]\d\d", w)}):
            retry["statusCodes"] = codes
    code = "retries.every-method" if behaviour.every_method else "retries"
    told = notes(target, code, behaviour.origins, "spec.retry")
    return Part(extensions=(traffic_policy("retry", {"retry": retry}, told),))


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """The session persistence of the Gateway API where the channel has it, else a hash of the same cookie.

    kgateway: ``BackendConfigPolicy.spec.loadBalancer.ringHash``.
    """
    if target.release.has("session-persistence") or location.backend is None:
        return traffic.affinity(behaviour, location, target)
    path = "/" if location.match.kind is MatchKind.REGEX else location.match.value
    # Without a time Envoy makes no cookie; 0 is one that lasts as long as the browser runs.
    cookie: dict[str, Any] = {"name": behaviour.cookie, "path": path, "ttl": duration(behaviour.seconds or 0)}
    kept = [origin for origin in behaviour.extras if origin.key.rpartition("/")[2] in _COOKIE]
    for origin in kept:
        cookie[_COOKIE[origin.key.rpartition("/")[2]]] = origin.value
    told = (
        *notes(target, "affinity.hash", (*behaviour.origins, *kept), "spec.loadBalancer"),
        *notes(target, "affinity.extra", (origin for origin in behaviour.extras if origin not in kept)),
    )
    spec = {"loadBalancer": {"ringHash": {"hashPolicies": [{"cookie": cookie}]}}}
    return Part(service_policies=(backend_policy(location.backend, spec, told),))


def hash_by(behaviour: Setting, location: Location, target: Target) -> Part:
    rows, hashed = target.table.settings, _hashed(behaviour.value.replace("{", "").replace("}", "").strip().strip('"'))
    if any(isinstance(each, Affinity) for each in location.behaviours):
        return Part(notes=rows["load-balance.overridden"].notes(behaviour.origins))
    if hashed is None or location.backend is None:
        return Part(notes=rows["upstream-hash-by.lost"].notes(behaviour.origins))
    told = rows["upstream-hash-by"].notes(behaviour.origins, "spec.loadBalancer")
    spec = {"loadBalancer": {"ringHash": {"hashPolicies": [hashed]}}}
    return Part(service_policies=(backend_policy(location.backend, spec, told),))


def _hashed(value: str) -> dict[str, Any] | None:
    """Path and query are a header to Envoy."""
    if value in _ADDRESS:
        return {"sourceIP": {}}
    if value == _PATH:
        return {"header": {"name": ":path"}}
    found = _VARIABLE.match(value)
    if found is None:
        return None
    name = found[2].replace("_", "-") if found[1] == "http" else found[2]
    return {"header" if found[1] == "http" else "cookie": {"name": name}}


def access_log(behaviour: Setting, _: Location, target: Target) -> Part:
    """None is what there is anyway."""
    row = "enable-access-log" if behaviour.value.strip() == "false" else "logging"
    return Part(notes=target.table.settings[row].notes(behaviour.origins))


def algorithm(behaviour: Setting, location: Location, target: Target) -> Part:
    stronger = (isinstance(b, Affinity) or getattr(b, "name", "") == "upstream-hash-by" for b in location.behaviours)
    if any(stronger):
        return Part(notes=target.table.settings["load-balance.overridden"].notes(behaviour.origins))
    return setting(behaviour, location, target)


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """kgateway: ``BackendConfigPolicy.spec.tls.insecureSkipVerify``."""
    found = next((each for each in location.behaviours if isinstance(each, BackendTls)), None)
    backend = location.backend
    if behaviour.protocol not in TLS or (found and found.verified) or backend is None:
        return traffic.backend_protocol(behaviour, location, target)
    tls: dict[str, Any] = {"insecureSkipVerify": True}
    if found and is_host(found.name):
        tls["sni"] = found.name
    shown = [o for o in found.origins if o.key.endswith("proxy-ssl-secret")] if found else []
    others = [o for o in found.origins if o not in shown] if found else []
    told = (
        *notes(target, "backend.insecure", (*behaviour.origins, *others), "spec.tls"),
        *notes(target, "backend.certificate-lost", shown),
        *notes(target, "backend.tls-extra", found.extras if found else ()),
    )
    return Part(service_policies=(backend_policy(backend, {"tls": tls}, told),))
