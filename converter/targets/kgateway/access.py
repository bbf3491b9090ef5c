"""Who gets through: ``TrafficPolicy``, and for external authentication a ``GatewayExtension``."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Companion
from converter.targets.carry import Part
from converter.targets.envoy import blocked, networks
from converter.targets.kgateway.kinds import API_VERSION, traffic_policy
from converter.targets.standard import access
from converter.targets.standard.parts import HEADER_NAME, auth_service, notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.gateway.drafts import Note
    from converter.routing import AccessList, BlockList, ExternalAuth, Location, Password
    from converter.targets.carry import Target

_ASKED_WITH = (
    *("Authorization", "Cookie", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"),
    *("Accept", "User-Agent", "X-Request-Id"),
)
_PASSED_BACK = ("Location", "Set-Cookie", "WWW-Authenticate")
"""What a refusal carries to the client besides its status."""


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """The narrowest network decides, so what is denied takes the networks within it away from what is allowed.

    kgateway: ``TrafficPolicy.spec.acl``.
    """
    denied, allowed = networks(behaviour.deny), networks(behaviour.allow)
    if denied is None or allowed is None:
        return access.guard(behaviour, location, target)
    left = [network for network in allowed if not _within(network, denied)]
    rules = [{"action": action, "cidrs": found} for action, found in (("deny", denied), ("allow", left)) if found]
    acl: dict[str, Any] = {"defaultAction": "deny" if allowed else "allow", "rules": rules}
    told = notes(target, "access.list", behaviour.origins, "spec.acl")
    return Part(extensions=(traffic_policy("access", {"acl": acl}, told),))


def _within(network: str, others: Sequence[str]) -> bool:
    inner = ip_network(network)
    return any(
        inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
        for outer in map(ip_network, others)
    )


def block_list(behaviour: BlockList, location: Location, target: Target) -> Part:
    """kgateway: ``TrafficPolicy.spec.rbac``."""
    cel = blocked(behaviour)
    if cel is None:
        return access.block_list(behaviour, location, target)
    told = notes(target, "access.blocklist", behaviour.origins, "spec.rbac")
    rbac = {"action": "Deny", "policy": {"matchExpressions": [cel]}}
    return Part(extensions=(traffic_policy("access", {"rbac": rbac}, told),))


def password(behaviour: Password, location: Location, target: Target) -> Part:
    """The same Secret, as far as its hashes are known.

    kgateway: ``TrafficPolicy.spec.basicAuth``.
    """
    if behaviour.digest or behaviour.key_per_user or not behaviour.secret:
        return access.guard(behaviour, location, target)
    reference = {"name": behaviour.secret, "namespace": behaviour.namespace, "key": "auth"}
    names = {"secret": behaviour.secret, "namespace": behaviour.namespace or "default"}
    realm = [origin for origin in behaviour.origins if origin.key.endswith("auth-realm")]
    others = (origin for origin in behaviour.origins if origin not in realm)
    told = (
        *notes(target, "auth.basic", others, "spec.basicAuth", **names),
        *notes(target, "auth.realm-lost", realm),
    )
    kept = {"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": ["Authorization"]}}
    policy = traffic_policy("auth", {"basicAuth": {"secretRef": reference}}, told)
    return Part(filters=(kept,), extensions=(policy,))


def external_auth(behaviour: ExternalAuth, location: Location, target: Target) -> Part:
    """The path of the request can only be put behind that of the address; behind a question mark it is a query.

    kgateway: ``GatewayExtension.spec.extAuth.httpService``.
    """
    service = auth_service(behaviour)
    if service is None or service.scheme != "http" or "$" in service.path:
        return access.guard(behaviour, location, target)
    response: dict[str, Any] = {"headersToClient": list(_PASSED_BACK)}
    if passed := [name for name in dict.fromkeys(behaviour.response_headers) if HEADER_NAME.match(name)]:
        response["headersToBackend"] = passed
    path = service.path or "/"
    http = {
        "backendRef": dict(service.reference),
        "pathPrefix": f"{path}&" if "?" in path else f"{path}?",
        "requestTimeout": "60s",
        "authorizationResponse": response,
    }
    spec = {"extAuth": {"headersToForward": list(_ASKED_WITH), "httpService": http}}
    companion = Companion("GatewayExtension", API_VERSION, spec, ("extAuth", "extensionRef", "name"))
    told = (*_notes(behaviour, target), *notes(target, "auth.external-extra", behaviour.extras))
    return Part(extensions=(traffic_policy("auth", {"extAuth": {"extensionRef": {}}}, told, (companion,)),))


def _notes(behaviour: ExternalAuth, target: Target) -> Iterable[Note]:
    for origin in behaviour.origins:
        signin = "signin" in origin.key and behaviour.signin
        method = origin.key.endswith("auth-method") and behaviour.method != "GET"
        code = "auth.signin-lost" if signin else "auth.method-lost" if method else "auth.external"
        yield from notes(target, code, [origin], "" if signin else "spec.extAuth")
