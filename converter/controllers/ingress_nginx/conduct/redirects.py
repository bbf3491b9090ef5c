"""Where requests are sent instead: to https, to another address, to the start page."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from converter.routing import Redirect

if TYPE_CHECKING:
    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.controllers.ingress_nginx.configuration import Configuration
    from converter.ledger import Origin

REDIRECT_STATUS = 308
_REDIRECT_STATUSES = (301, 302, 307, 308)
PERMANENT_CODES = range(300, 309)
TEMPORAL_CODES = range(300, 308)


class Https(StrEnum):
    """When a request over plain http is sent to https."""

    NEVER = "never"
    WITH_CERTIFICATE = "with-certificate"
    ALWAYS = "always"


def redirect_status(configuration: Configuration) -> int:
    """ConfigMap ``http-redirect-code``, of every redirect that the controller makes by itself."""
    written = configuration.number("http-redirect-code")
    return written if written in _REDIRECT_STATUSES else REDIRECT_STATUS


def to_https(settings: Settings) -> tuple[Https, tuple[Origin, ...]]:
    """``force-ssl-redirect`` wins over ``ssl-redirect``, which is on unless it is switched off."""
    keeps_slash = settings.in_force("preserve-trailing-slash")
    slash = (keeps_slash,) if settings.on("preserve-trailing-slash") else ()
    if settings.on("force-ssl-redirect"):
        return Https.ALWAYS, (settings.in_force("force-ssl-redirect"), *slash)
    if not settings.on("ssl-redirect"):
        return Https.NEVER, (settings.in_force("ssl-redirect"),)
    return Https.WITH_CERTIFICATE, (settings.in_force("ssl-redirect"), *slash)


def group_ignored(settings: Settings) -> bool:
    """A temporal redirect without http scheme makes the whole redirect group void (``redirect.Parse``)."""
    temporal = settings.text("temporal-redirect")
    return bool(temporal) and not temporal.startswith("http")


def redirect(settings: Settings) -> Redirect | None:
    """``return CODE URL``; temporal wins over permanent, and a code out of range falls back."""
    if group_ignored(settings):
        return None
    for name, codes, fallback in (
        ("temporal-redirect", TEMPORAL_CODES, 302),
        ("permanent-redirect", PERMANENT_CODES, 301),
    ):
        if origin := settings.get(name):
            code = settings.number(f"{name}-code")
            status = code if code in codes else fallback
            written = settings.get(f"{name}-code")
            found = redirect_to(origin.value, status or fallback, (origin, *([written] if written else [])))
            return relatively(found, settings)
    return None


def relatively(redirect: Redirect, settings: Settings) -> Redirect:
    """``relative-redirects`` takes scheme and host out of an address that would have those of the request."""
    if redirect.scheme or redirect.host or not settings.on("relative-redirects"):
        return redirect
    return replace(redirect, relative=True, origins=(*redirect.origins, settings.in_force("relative-redirects")))


def redirect_to(url: str, status: int, origins: tuple[Origin, ...], *, keeps_query: bool = False) -> Redirect:
    """The redirect to a URL that replaces the whole address; a relative one keeps scheme and host.

    ``$scheme``, ``$host`` and ``$request_uri`` are what the request has, where a value may hold variables at all.
    """
    whole = url.removesuffix("$request_uri")
    parts = urlsplit(whole.removeprefix("$scheme:"))
    try:
        port = parts.port or 0
    except ValueError:
        port = 0
    same_path = whole != url and parts.path in ("", "/")
    return Redirect(
        status=status,
        origins=origins,
        scheme=parts.scheme,
        host="" if parts.netloc in ("$host", "$http_host") else parts.hostname or "",
        port=port,
        path="" if same_path else parts.path + ("$request_uri" if whole != url else "") or "/",
        query=parts.query,
        keeps_query=keeps_query or same_path,
    )
