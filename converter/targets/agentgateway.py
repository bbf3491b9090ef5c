"""agentgateway: one kind of policy, for rules under ``traffic``, for Services under ``backend``, and for Gateways.

Values of many fields are expressions (CEL), so text stands in quotes within them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from converter import routing
from converter.gateway.drafts import Extension, ListenerPolicy, ServicePolicy
from converter.ingress.names import is_host
from converter.targets import envoy, fields, standard
from converter.targets.carry import Part
from converter.targets.standard import access, traffic
from converter.targets.standard.parts import HEADER_NAME, auth_service, notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.gateway.drafts import Note
    from converter.routing import (
        AccessList,
        BackendProtocol,
        BackendTls,
        BlockList,
        ExternalAuth,
        Location,
        Password,
        Refusal,
        Retries,
        RoutingTable,
    )
    from converter.targets.carry import Carrier, Target

__all__ = ["CARRIERS", "gateway"]

KIND, API_VERSION = "AgentgatewayPolicy", "agentgateway.dev/v1alpha1"
_ASKED_WITH = (
    *("Authorization", "Cookie", "Accept", "User-Agent"),
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-Id"),
)
_TLS = ("https", "grpcs")
_VERSIONS = {"TLSv1.2": "1.2", "TLSv1.3": "1.3"}
_REPEATABLE = 'request.method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]'
_UNLIMITED = 10
"""Tries where ingress-nginx has no limit but the number of endpoints."""
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_SAID = {
    **dict.fromkeys(("host", "http_host", "best_http_host"), "request.host"),
    **dict.fromkeys(("scheme", "pass_access_scheme"), "request.scheme"),
    **dict.fromkeys(("request_uri", "escaped_request_uri"), "request.path"),
}


def _policy(word: str, said: Mapping[str, Any], told: tuple[Note, ...]) -> Extension:
    return Extension(KIND, API_VERSION, "policy", word, {"traffic": said}, told)


def _required(expression: str, told: tuple[Note, ...]) -> Part:
    """An expression that cannot be evaluated refuses the request; several all have to hold."""
    said = {"authorization": {"action": "Require", "policy": {"matchExpressions": [expression]}}}
    return Part(extensions=(_policy("access", said, told),))


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """agentgateway: ``AgentgatewayPolicy.spec.traffic.authorization``."""
    denied, allowed = envoy.networks(behaviour.deny), envoy.networks(behaviour.allow)
    if denied is None or allowed is None:
        return access.guard(behaviour, location, target)
    parts = [f"({_any(allowed)})"] if allowed else []
    parts += [f"!({_any(denied)})"] if denied else []
    told = notes(target, "access.list", behaviour.origins, "spec.traffic.authorization")
    return _required(" && ".join(parts), told)


def _any(cidrs: Iterable[str]) -> str:
    return " || ".join(f"cidr({json.dumps(each)}).containsIP(source.address)" for each in cidrs)


def block_list(behaviour: BlockList, location: Location, target: Target) -> Part:
    cel = envoy.blocked(behaviour)
    if cel is None:
        return access.block_list(behaviour, location, target)
    told = notes(target, "access.blocklist", behaviour.origins, "spec.traffic.authorization")
    return _required(f"!({cel})", told)


def password(behaviour: Password, location: Location, target: Target) -> Part:
    """The same Secret, which has to stand beside the route.

    agentgateway: ``AgentgatewayPolicy.spec.traffic.basicAuthentication``.
    """
    away = behaviour.namespace != location.owner.namespace
    if behaviour.digest or behaviour.key_per_user or away or not behaviour.secret:
        return access.guard(behaviour, location, target)
    said: dict[str, Any] = {"secretRef": {"name": behaviour.secret, "key": "auth"}}
    if behaviour.realm:
        said["realm"] = behaviour.realm
    told = notes(target, "auth.basic", behaviour.origins, "spec.traffic.basicAuthentication")
    kept = {"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": ["Authorization"]}}
    return Part(filters=(kept,), extensions=(_policy("auth", {"basicAuthentication": said}, told),))


def external_auth(behaviour: ExternalAuth, location: Location, target: Target) -> Part:
    """agentgateway: ``AgentgatewayPolicy.spec.traffic.extAuth``."""
    service = auth_service(behaviour)
    if service is None or service.scheme != "http" or "$" in service.path:
        return access.guard(behaviour, location, target)
    http: dict[str, Any] = {"path": json.dumps(service.path or "/"), "allowedRequestHeaders": list(_ASKED_WITH)}
    http["addRequestHeaders"] = {"X-Original-Method": "request.method"}
    if passed := [name for name in dict.fromkeys(behaviour.response_headers) if HEADER_NAME.match(name)]:
        http["allowedResponseHeaders"] = passed
    signin = _signin(behaviour)
    if signin:
        http["redirect"] = signin
    said = {"backendRef": dict(service.reference), "failureMode": "FailClosed", "http": http}
    told = (*_notes(behaviour, target, signin), *notes(target, "auth.external-extra", behaviour.extras))
    return Part(extensions=(_policy("auth", {"extAuth": said}, told),))


def _notes(behaviour: ExternalAuth, target: Target, signin: str | None) -> Iterable[Note]:
    for origin in behaviour.origins:
        about_signin = "signin" in origin.key and behaviour.signin
        method = origin.key.endswith("auth-method") and behaviour.method != "GET"
        code = "auth.signin" if about_signin and signin else "auth.signin-lost" if about_signin else "auth.external"
        told = "auth.method-lost" if method else code
        yield from notes(target, told, [origin], "" if told == "auth.signin-lost" else "spec.traffic.extAuth")


def _signin(behaviour: ExternalAuth) -> str | None:
    """The address as an expression; ``None`` for none, and for one with variables that nothing stands for."""
    if not behaviour.signin:
        return None
    parameter = next((o.value for o in behaviour.origins if o.key.endswith("auth-signin-redirect-param")), "rd")
    address = behaviour.signin
    if f"{parameter}=" not in address:
        mark = "&" if "?" in address else "?"
        address = f"{address}{mark}{parameter}=$pass_access_scheme://$http_host$escaped_request_uri"
    words, rest = [], 0
    for found in _VARIABLE.finditer(address):
        if (found[1] or found[2]) not in _SAID:
            return None
        words += [json.dumps(address[rest : found.start()])] if found.start() > rest else []
        words.append(_SAID[found[1] or found[2]])
        rest = found.end()
    words += [json.dumps(address[rest:])] if address[rest:] else []
    return " + ".join(words)


def refusal(behaviour: Refusal, _: Location, target: Target) -> Part:
    """agentgateway: ``AgentgatewayPolicy.spec.traffic.directResponse``."""
    told = notes(target, "access.refused", behaviour.origins, "spec.traffic.directResponse")
    answer = _policy("refusal", {"directResponse": {"status": behaviour.status}}, told)
    return Part(extensions=(answer,), answers=True, path_code="path.refused")


def retries(behaviour: Retries, location: Location, target: Target) -> Part:
    """It can tell methods that may be repeated, as nginx does.

    agentgateway: ``AgentgatewayPolicy.spec.traffic.retry``.
    """
    written = any(origin.type != "default" for origin in behaviour.origins)
    if not written or not behaviour.conditions or behaviour.tries == 1:
        return traffic.retries(behaviour, location, target)
    retry: dict[str, Any] = {"attempts": behaviour.tries - 1 if behaviour.tries else _UNLIMITED}
    if codes := sorted({int(word[5:]) for word in behaviour.conditions if re.fullmatch(r"http_[45]\d\d", word)}):
        retry["codes"] = codes
    if not behaviour.every_method:
        retry["precondition"] = _REPEATABLE
    told = notes(target, "retries", behaviour.origins, "spec.traffic.retry")
    return Part(extensions=(_policy("retry", {"retry": retry}, told),))


_by_field = fields.by_row("body-size", traffic.body_limit)


def body_limit(behaviour: routing.BodyLimit, location: Location, target: Target) -> Part:
    """The limit collects each body first, which no stream of gRPC survives."""
    if behaviour.size and envoy.streams(location):
        return Part(notes=notes(target, "body-size.grpc", behaviour.origins))
    return _by_field(behaviour, location, target)


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """agentgateway: ``AgentgatewayPolicy.spec.backend.tls.insecureSkipVerify``."""
    found = next((each for each in location.behaviours if isinstance(each, routing.BackendTls)), None)
    backend = location.backend
    if behaviour.protocol not in _TLS or (found and found.verified) or backend is None:
        return traffic.backend_protocol(behaviour, location, target)
    tls: dict[str, Any] = {"insecureSkipVerify": "All"}
    if found and is_host(found.name):
        tls["sni"] = found.name
    if found and found.namespace == backend.namespace:
        tls["mtlsCertificateRef"] = [{"name": found.secret}]
    told = (
        *notes(target, "backend.insecure", (*behaviour.origins, *(found.origins if found else ())), "spec.backend.tls"),
        *notes(target, "backend.tls-extra", found.extras if found else ()),
    )
    policy = ServicePolicy(
        KIND, backend.namespace, backend.service, "backend", {"backend": {"tls": tls}}, told, API_VERSION
    )
    return Part(service_policies=(policy,))


def backend_tls(behaviour: BackendTls, location: Location, target: Target) -> Part:
    """One that verifies nothing is said by the object for the protocol."""
    spoken = any(isinstance(b, routing.BackendProtocol) and b.protocol in _TLS for b in location.behaviours)
    if behaviour.verified or not spoken or location.backend is None:
        return traffic.backend_tls(behaviour, location, target)
    return Part()


def gateway(table: RoutingTable, target: Target) -> Part:
    """agentgateway: ``AgentgatewayPolicy.spec.frontend``, which targets Gateways alone."""
    options, rows = {option.name: option for option in table.options}, target.table.rows
    found: list[ListenerPolicy] = []
    proxied = options.get("use-proxy-protocol")
    if proxied and proxied.value.strip() == "true":
        told = rows["proxy-protocol"].notes(proxied.origins, "spec.frontend.proxyProtocol")
        found.append(_frontend({"proxyProtocol": {"version": "All", "mode": "Strict"}}, told))
    spoken = options.get("ssl-protocols")
    versions = [_VERSIONS[word] for word in spoken.value.split() if word in _VERSIONS] if spoken else []
    if spoken and versions:
        told = target.table.settings["ssl-protocols"].notes(spoken.origins, "spec.frontend.tls")
        said = {"minProtocolVersion": min(versions), "maxProtocolVersion": max(versions)}
        found.append(_frontend({"tls": said}, told))
    return Part(listener_policies=tuple(found), notes=rows["trusted-headers"].notes(table.trusts_forwarded))


def _frontend(said: Mapping[str, Any], told: tuple[Note, ...]) -> ListenerPolicy:
    return ListenerPolicy(KIND, API_VERSION, "client", {"frontend": said}, told, names_sets=False)


CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access_list,
    routing.BlockList: block_list,
    routing.Password: password,
    routing.ExternalAuth: external_auth,
    routing.Refusal: refusal,
    routing.Retries: retries,
    routing.BodyLimit: body_limit,
    routing.BackendProtocol: backend_protocol,
    routing.BackendTls: backend_tls,
    routing.Setting: fields.setting,
}
