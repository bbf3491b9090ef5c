"""How requests are passed to the backend: protocol, certificates, time, tries, size, and copies of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from converter.controllers.ingress_nginx.conduct.words import reference, size
from converter.ledger import Origin
from converter.routing import BackendProtocol, BackendTls, BodyLimit, IdleTimeout, Mirror, Retries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.routing import Behaviour
    from converter.routing.traffic import Protocol

_PROTOCOLS: dict[str, Protocol] = {
    "HTTPS": "https",
    "AUTO_HTTP": "scheme-of-client",
    "GRPC": "grpc",
    "GRPCS": "grpcs",
    "FCGI": "fastcgi",
}
_DEFAULT_SIZE = 1 << 20
_TLS = ("proxy-ssl-secret", "proxy-ssl-verify", "proxy-ssl-name", "proxy-ssl-server-name")
_TLS_EXTRAS = ("proxy-ssl-ciphers", "proxy-ssl-protocols", "proxy-ssl-verify-depth")
_RETRIES = ("proxy-next-upstream", "proxy-next-upstream-tries", "proxy-next-upstream-timeout")
_IDLE = ("proxy-read-timeout", "proxy-send-timeout")


def proxying(settings: Settings, namespace: str) -> Iterable[Behaviour]:
    """The behaviours of every location of the Ingress that has a backend."""
    yield from _protocol(settings, namespace)
    yield _body_limit(settings)
    yield _idle_timeout(settings)
    yield _retries(settings)
    yield from _mirror(settings)


def _protocol(settings: Settings, namespace: str) -> Iterable[BackendProtocol | BackendTls]:
    written = settings.get("backend-protocol")
    protocol = _PROTOCOLS.get(written.value.strip().upper()) if written else None
    if written is None or protocol is None:
        return
    yield BackendProtocol(protocol, (written, *settings.written("fastcgi-index", "fastcgi-params-configmap")))
    if secret := settings.get("proxy-ssl-secret"):
        yield BackendTls(
            *reference(secret.value, namespace),
            verified=settings.on("proxy-ssl-verify"),
            name=settings.text("proxy-ssl-name"),
            origins=settings.written(*_TLS),
            extras=settings.written(*_TLS_EXTRAS),
        )


def _body_limit(settings: Settings) -> BodyLimit:
    found = settings.in_force("proxy-body-size")
    limit = size(found.value)
    origins = _origins(settings, "body-size", "1m", ("proxy-body-size",))
    return BodyLimit(_DEFAULT_SIZE if limit is None else limit, origins)


def _idle_timeout(settings: Settings) -> IdleTimeout:
    seconds = max(settings.amount(name) for name in _IDLE)
    return IdleTimeout(seconds, _origins(settings, "idle-timeouts", "60s between two reads or writes", _IDLE))


def _retries(settings: Settings) -> Retries:
    words = settings.in_force("proxy-next-upstream").value.split()
    conditions = () if "off" in words else tuple(word for word in words if word != "non_idempotent")
    return Retries(
        tries=settings.amount("proxy-next-upstream-tries"),
        conditions=conditions,
        every_method="non_idempotent" in words or settings.configuration.text("retry-non-idempotent") == "true",
        seconds=settings.amount("proxy-next-upstream-timeout"),
        origins=_origins(settings, "retries", "3 tries on error and timeout", _RETRIES),
    )


def _origins(settings: Settings, key: str, value: str, names: Iterable[str]) -> tuple[Origin, ...]:
    """What was written about it; or that nothing was, so the controller's own default holds."""
    found = [origin for origin in map(settings.in_force, names) if origin.type != "default"]
    return tuple(dict.fromkeys(found)) or (Origin(settings.owner, "default", key, value),)


def _mirror(settings: Settings) -> Iterable[Mirror]:
    """Without scheme and host there is nowhere to send a copy to; what nginx does then is its own affair."""
    target = settings.get("mirror-target")
    if target and urlsplit(target.value).scheme and urlsplit(target.value).netloc:
        written = settings.written("mirror-target", "mirror-host", "mirror-request-body")
        yield Mirror(target.value, settings.text("mirror-host"), written)
