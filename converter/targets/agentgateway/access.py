"""Who gets through: ``AgentgatewayPolicy.spec.traffic``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from converter.targets import envoy
from converter.targets.agentgateway.kinds import traffic_policy
from converter.targets.carry import Part
from converter.targets.standard import access
from converter.targets.standard.parts import HEADER_NAME, auth_service, notes, signin_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.drafts import Note
    from converter.routing import AccessList, BlockList, ExternalAuth, Location, Password, Refusal
    from converter.targets.carry import Target

_ASKED_WITH = (
    *("Authorization", "Cookie", "Accept", "User-Agent"),
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-Id"),
)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_SAID = {
    **dict.fromkeys(("host", "http_host", "best_http_host"), "request.host"),
    **dict.fromkeys(("scheme", "pass_access_scheme"), "request.scheme"),
    **dict.fromkeys(("request_uri", "escaped_request_uri"), "request.path"),
}


def _required(expression: str, told: tuple[Note, ...]) -> Part:
    """An expression that cannot be evaluated refuses the request; several all have to hold."""
    said = {"authorization": {"action": "Require", "policy": {"matchExpressions": [expression]}}}
    return Part(extensions=(traffic_policy("access", said, told),))


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
    return Part(filters=(kept,), extensions=(traffic_policy("auth", {"basicAuthentication": said}, told),))


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
    return Part(extensions=(traffic_policy("auth", {"extAuth": said}, told),))


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
    address = signin_address(behaviour)
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
    answer = traffic_policy("refusal", {"directResponse": {"status": behaviour.status}}, told)
    return Part(extensions=(answer,), answers=True, path_code="path.refused")
