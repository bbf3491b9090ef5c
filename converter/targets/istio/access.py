"""Who gets through: ``AuthorizationPolicy``, which refuses, or asks a provider that the mesh configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.names import shorten, slug
from converter.routing import MatchKind
from converter.targets.carry import Part
from converter.targets.envoy import networks
from converter.targets.istio.kinds import authorization_policy
from converter.targets.standard import access
from converter.targets.standard.parts import HEADER_NAME, auth_service, notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.drafts import Note
    from converter.routing import AccessList, ExternalAuth, Location
    from converter.targets.carry import Target
    from converter.targets.standard.parts import ClusterAddress

_PATTERN = frozenset("*{}")
_ASKED_WITH = ("authorization", "cookie", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")
_PASSED_BACK = ("location", "set-cookie", "www-authenticate")


def _can_name(location: Location) -> bool:
    """Paths of a policy are whole or prefixes, and some characters mean more in them."""
    return location.match.kind is not MatchKind.REGEX and not _PATTERN & set(location.match.value)


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """Istio: action ``DENY``; ``ALLOW`` would refuse everything that no rule names."""
    allowed, denied = networks(behaviour.allow), networks(behaviour.deny)
    if allowed is None or denied is None or not _can_name(location):
        return access.guard(behaviour, location, target)
    sources = [
        *([{"source": {"notRemoteIpBlocks": allowed}}] if allowed else []),
        *([{"source": {"remoteIpBlocks": denied}}] if denied else []),
    ]
    told = notes(target, "access.list", behaviour.origins, "spec.rules")
    return Part(extensions=(authorization_policy("access", {"action": "DENY"}, [{"from": sources}], told),))


def external_auth(behaviour: ExternalAuth, location: Location, target: Target) -> Part:
    """Until the mesh configuration knows the provider, Istio refuses everybody there.

    Istio: action ``CUSTOM``, and ``extensionProviders[].envoyExtAuthzHttp`` of ``MeshConfig``.
    """
    service = auth_service(behaviour)
    if service is None or service.scheme != "http" or "$" in service.path or not _can_name(location):
        return access.guard(behaviour, location, target)
    name = shorten(slug(f"auth-{service.namespace}-{service.service}-{service.path}"))
    told = (
        *_told(behaviour, target, {"provider": name, "entry": _entry(name, service, behaviour)}),
        *notes(target, "auth.external-extra", behaviour.extras),
    )
    said = {"action": "CUSTOM", "provider": {"name": name}}
    return Part(extensions=(authorization_policy("auth", said, [{}], told),))


def _told(behaviour: ExternalAuth, target: Target, names: dict[str, str]) -> Iterable[Note]:
    for origin in behaviour.origins:
        signin = "signin" in origin.key and behaviour.signin
        method = origin.key.endswith("auth-method") and behaviour.method != "GET"
        code = "auth.signin-lost" if signin else "auth.method-lost" if method else "auth.external"
        yield from notes(target, code, [origin], "" if signin else "spec.provider", **names)


def _entry(name: str, service: ClusterAddress, behaviour: ExternalAuth) -> str:
    """What the mesh configuration has to hold, on one line of YAML.

    Envoy puts the path of the request behind the prefix; behind a question mark it is a query.
    """
    path = service.path or "/"
    asked: dict[str, Any] = {
        "service": f"{service.service}.{service.namespace}.svc.cluster.local",
        "port": service.port,
        "pathPrefix": f'"{path}{"&" if "?" in path else "?"}"',
        "includeRequestHeadersInCheck": _list(_ASKED_WITH),
        "headersToDownstreamOnDeny": _list(_PASSED_BACK),
    }
    if passed := [header for header in dict.fromkeys(behaviour.response_headers) if HEADER_NAME.match(header)]:
        asked["headersToUpstreamOnAllow"] = _list(passed)
    return f"- {{name: {name}, envoyExtAuthzHttp: {{{', '.join(f'{key}: {value}' for key, value in asked.items())}}}}}"


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(words)}]"
