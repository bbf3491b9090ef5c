"""Another service that is asked, and where a client signs in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from converter.gateway.drafts import Companion
from converter.ingress.names import is_host
from converter.targets.carry import Part
from converter.targets.envoy_gateway.kinds import API_VERSION, GROUP, security_policy, traffic_policy
from converter.targets.standard import access
from converter.targets.standard.parts import HEADER_NAME, auth_service, notes, signin_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.drafts import Note
    from converter.ledger import Origin
    from converter.routing import ExternalAuth, Location
    from converter.targets.carry import Target

_ASKED_WITH = (
    *("Cookie", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Uri", "X-Forwarded-Method"),
    *("Accept", "User-Agent", "X-Request-Id"),
)
"""What auth services read besides host, method, path and Authorization, which are always sent."""
_REFERENCE = ("extAuth", "http", "backendRefs", 0, "name")
_VARIABLE = re.compile(r"\$\w+|\$\{\w+\}")
_SAID = {
    **dict.fromkeys(("host", "http_host", "best_http_host"), "%REQUESTED_SERVER_NAME%"),
    **dict.fromkeys(("scheme", "pass_access_scheme"), "https"),
    **dict.fromkeys(("request_uri", "escaped_request_uri"), "/"),
}
_OWN_HOST = re.compile(r"\Ahttps?://\$(?:host|http_host|best_http_host|\{host\}|\{http_host\})(?=/|\Z)")


def external_auth(behaviour: ExternalAuth, location: Location, target: Target) -> Part:
    """Envoy Gateway: ``SecurityPolicy.spec.extAuth.http``; the path takes the place of that of the request.

    A service outside of the cluster, or one that speaks TLS, is reached through a ``Backend``.
    """
    found = _asked(behaviour, location)
    if found is None:
        return access.guard(behaviour, location, target)
    reference, path, companions = found
    http: dict[str, Any] = {"backendRefs": [reference], "pathOverride": path}
    if passed := [name for name in dict.fromkeys(behaviour.response_headers) if HEADER_NAME.match(name)]:
        http["headersToBackend"] = passed
    spec = {"extAuth": {"headersToExtAuth": list(_ASKED_WITH), "http": http}}
    code = "auth.external-backend" if companions else "auth.external"
    signin = _signin_address(behaviour)
    about_signin = [origin for origin in behaviour.origins if "signin" in origin.key]
    told = (
        *_notes(behaviour, target, code, about_signin if behaviour.signin else ()),
        *notes(target, "auth.external-extra", behaviour.extras),
    )
    if behaviour.signin and signin is None:
        told = (*told, *notes(target, "auth.signin-lost", about_signin))
    policies = [security_policy("auth", spec, told, companions)]
    if signin:
        policies.append(_signing_in(signin, notes(target, "auth.signin", about_signin, "spec.responseOverride")))
    return Part(extensions=tuple(policies))


def _notes(behaviour: ExternalAuth, target: Target, code: str, besides: Iterable[Origin]) -> Iterable[Note]:
    left = {*besides}
    for origin in behaviour.origins:
        if origin not in left:
            method = origin.key.endswith("auth-method") and behaviour.method != "GET"
            yield from notes(target, "auth.method-lost" if method else code, [origin], "spec.extAuth")


def _asked(behaviour: ExternalAuth, location: Location) -> tuple[dict[str, Any], str, tuple[Companion, ...]] | None:
    """The reference, the path and the object that it leads through; ``None`` for an address that is made up late."""
    service = auth_service(behaviour)
    if service and service.scheme == "http" and "$" not in service.path:
        return dict(service.reference), service.path or "/", ()
    if "$" in behaviour.url:
        return None
    parts = urlsplit(behaviour.url)
    host = parts.hostname or ""
    if not is_host(host) or parts.scheme not in ("http", "https") or location.backend is None:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return {"group": GROUP, "kind": "Backend", "name": ""}, path, (_backend(parts.scheme, host, _port(parts)),)


def _port(parts: Any) -> int:
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return 0


def _backend(scheme: str, host: str, port: int) -> Companion:
    """Names of the cluster have certificates that no public authority signs."""
    spec: dict[str, Any] = {"endpoints": [{"fqdn": {"hostname": host, "port": port}}]}
    inside = host.endswith((".svc", ".cluster.local", ".local", ".internal")) or "." not in host
    if scheme == "https":
        trust = {"insecureSkipVerify": True} if inside else {"wellKnownCACertificates": "System"}
        spec["tls"] = {**trust, "sni": host}
    return Companion("Backend", API_VERSION, spec, _REFERENCE)


def _signin_address(behaviour: ExternalAuth) -> str | None:
    """As Envoy writes it: it knows the name in the handshake, and of the request nothing else.

    An address of the request's own host is left relative. ``None`` for one that needs more than that.
    """
    if not behaviour.signin:
        return None
    address = _OWN_HOST.sub("", signin_address(behaviour)).replace("%", "%%")
    address = f"/{address}" if not address.startswith(("/", "http://", "https://")) else address
    said = _VARIABLE.sub(lambda found: _SAID.get(found[0].strip("${}"), found[0]), address)
    return None if "$" in said else said


def _signing_in(address: str, told: tuple[Note, ...]) -> Any:
    override = {
        "match": {"statusCodes": [{"type": "Value", "value": 401}]},
        "source": "Local",
        "response": {"statusCode": 302, "header": {"set": [{"name": "Location", "value": address}]}},
    }
    return traffic_policy("signin", {"responseOverride": [override]}, told)
