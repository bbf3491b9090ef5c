"""Who gets through, read from the annotations of one Ingress and the controller's own lists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from converter.controllers.ingress_nginx.conduct.words import listed, reference
from converter.routing import AccessList, AnyOf, BlockList, ClientCertificate, ExternalAuth, Password, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.ledger import Origin
    from converter.routing import Behaviour, Guard

_PASSWORD = ("auth-type", "auth-secret", "auth-secret-type", "auth-realm")
_EXTERNAL = ("auth-url", "auth-method", "auth-response-headers", "auth-signin", "auth-signin-redirect-param")
_EXTRAS = (
    *("auth-snippet", "auth-cache-key", "auth-cache-duration", "auth-proxy-set-headers", "auth-request-redirect"),
    *("auth-always-set-cookie", "auth-keepalive", "auth-keepalive-requests", "auth-keepalive-timeout"),
    "auth-keepalive-share-vars",
)
_CERTIFICATE = ("auth-tls-secret", "auth-tls-verify-client", "auth-tls-match-cn")
_CERTIFICATE_EXTRAS = (
    "auth-tls-verify-depth",
    "auth-tls-error-page",
    "auth-tls-pass-certificate-to-upstream",
)


def guards(settings: Settings, namespace: str, *, exempt: bool) -> Iterable[Behaviour]:
    """The guards of a path; ``exempt`` says that ``no-auth-locations`` frees it of authentication."""
    if settings.refusals:
        yield Refusal(503, tuple(settings.refusals.values()))
    found: list[AccessList | Password | ExternalAuth] = [*_access_list(settings)]
    if not exempt:
        found.extend(_password(settings, namespace))
        external = _external(settings)
        if isinstance(external, Refusal):
            yield external
        elif external:
            found.append(external)
    yield from _together(found, settings)


def block_lists(settings: Settings) -> Iterable[BlockList]:
    """ConfigMap ``block-user-agents`` and ``block-referers``: for every host."""
    for name, header in (("block-user-agents", "User-Agent"), ("block-referers", "Referer")):
        if option := settings.configuration.origin(name):
            yield BlockList(header, listed(option.value), (option,))


def client_certificate(settings: Settings, namespace: str) -> Guard | None:
    """ingress-nginx: ``authtls``. It holds for a whole host, over https alone."""
    secret = settings.get("auth-tls-secret")
    if secret is None:
        return None
    verifies = settings.in_force("auth-tls-verify-client").value
    if verifies == "off":
        return None
    demanded = verifies == "on"
    origins, extras = settings.written(*_CERTIFICATE), settings.written(*_CERTIFICATE_EXTRAS)
    name = settings.text("auth-tls-match-cn").removeprefix("CN=")
    return ClientCertificate(*reference(secret.value, namespace), demanded, name, origins, extras)


def exempt_from_auth(path: str, settings: Settings) -> bool:
    """ConfigMap ``no-auth-locations``: it is the path of the Ingress that counts, not that of the request."""
    return any(path.startswith(prefix) for prefix in listed(settings.configuration.text("no-auth-locations")))


def _together(found: Sequence[AccessList | Password | ExternalAuth], settings: Settings) -> Iterable[Behaviour]:
    satisfy = settings.get("satisfy")
    if satisfy and satisfy.value == "any" and found:
        yield AnyOf(tuple(found), (satisfy, *(origin for guard in found for origin in guard.origins)))
    else:
        yield from found


def _access_list(settings: Settings) -> Iterable[AccessList]:
    """A list of its own takes a path out of ``block-cidrs``: nginx inherits these lines only where there are none."""
    allow, deny = settings.in_force("allowlist-source-range"), settings.in_force("denylist-source-range")
    origins = tuple(origin for origin in (allow, deny) if origin.value)
    if origins:
        yield AccessList(listed(allow.value), listed(deny.value), origins)
    elif blocked := settings.configuration.origin("block-cidrs"):
        yield AccessList((), listed(blocked.value), (blocked,))


def _password(settings: Settings, namespace: str) -> Iterable[Password]:
    kind, secret = settings.get("auth-type"), settings.text("auth-secret")
    if kind:
        yield Password(
            *reference(secret, namespace),
            key_per_user=settings.in_force("auth-secret-type").value == "auth-map",
            realm=settings.text("auth-realm"),
            digest=kind.value == "digest",
            origins=settings.written(*_PASSWORD),
        )


def _external(settings: Settings) -> ExternalAuth | Refusal | None:
    """Its own address takes a path out of the global one altogether (``shouldApplyGlobalAuth``)."""
    own = settings.get("auth-url")
    url = own or _global_url(settings)
    if url is None:
        return None
    if own and not _is_absolute(url.value):
        return Refusal(503, (own,))
    values = {name: _value(settings, name, own) for name in _EXTERNAL}
    return ExternalAuth(
        url.value,
        values["auth-method"] or "GET",
        listed(values["auth-response-headers"]),
        values["auth-signin"],
        (url, *(origin for origin in _written(settings, _EXTERNAL, own) if origin != url)),
        _written(settings, _EXTRAS, own),
    )


def _global_url(settings: Settings) -> Origin | None:
    return settings.configuration.origin("global-auth-url") if settings.on("enable-global-auth") else None


def _value(settings: Settings, name: str, own: Origin | None) -> str:
    if own:
        return settings.text(name)
    option = settings.configuration.origin(f"global-{name}")
    return option.value if option else ""


def _written(settings: Settings, names: Iterable[str], own: Origin | None) -> tuple[Origin, ...]:
    if own:
        return settings.written(*names)
    found = (settings.configuration.origin(f"global-{name}") for name in names)
    return tuple(origin for origin in found if origin)


def _is_absolute(url: str) -> bool:
    """ingress-nginx: ``parser.StringToURL``."""
    parts = urlsplit(url)
    return bool(parts.scheme and parts.netloc) and ".." not in parts.netloc
