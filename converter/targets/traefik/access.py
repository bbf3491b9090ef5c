"""Who gets through: ``ipAllowList``, ``basicAuth``, ``digestAuth`` and ``forwardAuth``."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from converter.ingress.names import is_host
from converter.targets.carry import Part
from converter.targets.envoy import networks
from converter.targets.standard import access
from converter.targets.standard.parts import HEADER_NAME, auth_service, back_to, notes
from converter.targets.traefik.kinds import middleware

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.gateway.drafts import Note
    from converter.ledger import Origin
    from converter.routing import AccessList, ExternalAuth, Location, Password
    from converter.targets.carry import Target

_EVERYBODY = ("0.0.0.0/0", "::/0")
_MOST_NETWORKS = 512
_OWN = r"\$\{?(?:host|http_host|best_http_host)\}?"
_OWN_ADDRESS = re.compile(rf"(?:https?|\$\{{?(?:scheme|pass_access_scheme)\}}?)://{_OWN}(?=/|\$|\Z)")
_PATH = re.compile(r"\$\{?(?:escaped_)?request_uri\}?")
_INSIDE = (".svc", ".cluster.local", ".local", ".internal")


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """Traefik lets in and denies nobody, so what is denied is taken away from what is allowed."""
    allowed, denied = networks(behaviour.allow), networks(behaviour.deny)
    left = None if allowed is None or denied is None else _without(allowed or _EVERYBODY, denied)
    if not left or len(left) > _MOST_NETWORKS:
        return access.guard(behaviour, location, target)
    code = "access.complement" if denied else "access.list"
    told = notes(target, code, behaviour.origins, "spec.ipAllowList")
    return Part(extensions=(middleware("access", {"ipAllowList": {"sourceRange": left}}, told),))


def _without(allowed: Iterable[str], denied: Sequence[str]) -> list[str]:
    left = [ip_network(each) for each in allowed]
    for gone in map(ip_network, denied):
        left = [part for each in left for part in _apart(each, gone)]
    return [str(each) for each in left]


def _apart(network: IPv4Network | IPv6Network, gone: IPv4Network | IPv6Network) -> list[Any]:
    """What is left of a network: two of them are apart, or one holds the other."""
    if network.version != gone.version or not network.overlaps(gone):
        return [network]
    if network.subnet_of(gone):  # type: ignore[arg-type]
        return []
    return sorted(network.address_exclude(gone))  # type: ignore[arg-type]


def password(behaviour: Password, location: Location, target: Target) -> Part:
    """The same Secret where it stands beside the Middleware and has one key, else one that somebody has to make."""
    if not behaviour.secret or (behaviour.digest and behaviour.key_per_user):
        return access.guard(behaviour, location, target)
    home = location.owner.namespace
    there = behaviour.namespace in ("", home) and not behaviour.key_per_user
    users = behaviour.secret if there else f"{behaviour.secret}-htpasswd"
    names = {"secret": behaviour.secret, "users": users, "home": home or "default"}
    names["namespace"] = behaviour.namespace or names["home"]
    kind = "digestAuth" if behaviour.digest else "basicAuth"
    code = "auth.basic" if there else "auth.basic-map" if behaviour.key_per_user else "auth.basic-elsewhere"
    told = notes(target, code, behaviour.origins, f"spec.{kind}", **names)
    spec = {kind: {"secret": users, "removeHeader": True, **({"realm": behaviour.realm} if behaviour.realm else {})}}
    return Part(extensions=(middleware("auth", spec, told, "password"),))


def external_auth(behaviour: ExternalAuth, location: Location, target: Target) -> Part:
    """Traefik asks an address with all headers of the request, and says in further ones what was asked for."""
    found = _asked(behaviour)
    if found is None:
        return access.guard(behaviour, location, target)
    address, tls = found
    spec: dict[str, Any] = {"address": address, **tls}
    if passed := [name for name in dict.fromkeys(behaviour.response_headers) if HEADER_NAME.match(name)]:
        spec["authResponseHeaders"] = passed
    if signin := _signin_address(behaviour):
        spec["authSigninURL"] = signin
    told = (
        *_notes(behaviour, target, signs_in=bool(signin)),
        *notes(target, "auth.external-extra", behaviour.extras),
    )
    return Part(extensions=(middleware("auth", {"forwardAuth": spec}, told, "external"),))


def _notes(behaviour: ExternalAuth, target: Target, *, signs_in: bool) -> Iterable[Note]:
    for origin in behaviour.origins:
        code = _code(origin, behaviour, signs_in=signs_in)
        yield from notes(target, code, [origin], "" if code == "auth.signin-lost" else "spec.forwardAuth")


def _code(origin: Origin, behaviour: ExternalAuth, *, signs_in: bool) -> str:
    if "signin" in origin.key and behaviour.signin:
        return "auth.signin" if signs_in else "auth.signin-lost"
    method = origin.key.endswith("auth-method") and behaviour.method not in ("", "GET")
    return "auth.method-lost" if method else "auth.external"


def _asked(behaviour: ExternalAuth) -> tuple[str, dict[str, Any]] | None:
    """The address, and how its certificate is looked at; ``None`` for an address that is made up late."""
    service = auth_service(behaviour)
    if service and "$" not in service.path and service.namespace:
        host = f"{service.service}.{service.namespace}.svc.cluster.local"
        tls = {"tls": {"insecureSkipVerify": True}} if service.scheme == "https" else {}
        return f"{service.scheme}://{host}:{service.port}{service.path}", tls
    parts = urlsplit(behaviour.url)
    host = parts.hostname or ""
    if "$" in behaviour.url or parts.scheme not in ("http", "https") or not is_host(host):
        return None
    inside = parts.scheme == "https" and (host.endswith(_INSIDE) or "." not in host)
    return behaviour.url, {"tls": {"insecureSkipVerify": True}} if inside else {}


def _signin_address(behaviour: ExternalAuth) -> str:
    """As Traefik sends it, which knows nothing of the request: an address of the request's own host is left relative.

    ingress-nginx adds where to come back to, unless the address says it; that becomes /. Empty for an address that
    needs more than that.
    """
    if not behaviour.signin:
        return ""
    parameter = back_to(behaviour)
    address, _, query = _OWN_ADDRESS.sub("", behaviour.signin).partition("?")
    relative = not address or address.startswith("/")
    kept = [_PATH.sub("/", part) for part in query.split("&") if part and (relative or "$" not in part)]
    if relative and not any(part.startswith(f"{parameter}=") for part in kept):
        kept.append(f"{parameter}=/")
    said = f"{address or '/'}{'?' if kept else ''}{'&'.join(kept)}"
    return "" if "$" in said or not said.startswith(("/", "http://", "https://")) else said
