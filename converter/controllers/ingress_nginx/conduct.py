"""What the annotations of one Ingress ask for, in the words of the routing model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from converter.ledger import Origin
from converter.routing import Guard, RateLimit, Redirect, Refusal
from converter.tables import controller_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.ingress.model import Ingress
    from converter.tables import Scope

PERMANENT_CODES = range(300, 309)
TEMPORAL_CODES = range(300, 308)
_WINDOW = re.compile(r"(\d+)(s|m|h)\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


class Https(StrEnum):
    """When a request over plain http is sent to https."""

    NEVER = "never"
    WITH_CERTIFICATE = "with-certificate"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Conduct:
    """Settings that hold for all locations of one Ingress, or for its hosts."""

    ingress: Ingress
    canary: bool
    https: Https
    https_origins: tuple[Origin, ...]
    strips_slash: bool
    redirect: Redirect | None
    rewrite: Origin | None
    regex: Origin | None
    app_root: Origin | None
    www: Origin | None
    aliases: Origin | None
    limits: tuple[RateLimit, ...]
    guards: tuple[Guard, ...]
    """Of the paths of the Ingress."""
    host_guards: tuple[Guard, ...]
    """Of all paths of its hosts."""
    refusal: Refusal | None


def conduct_of(ingress: Ingress, settings: Settings) -> Conduct:
    """Read the groups that routing needs; anything else in ``settings`` stays for later."""
    https, https_origins = _https(ingress, settings)
    app_root = settings.get("app-root")
    return Conduct(
        ingress=ingress,
        canary=settings.flag("canary") is True,
        https=https,
        https_origins=https_origins,
        strips_slash=settings.flag("preserve-trailing-slash") is not True,
        redirect=_redirect(settings),
        rewrite=settings.get("rewrite-target"),
        regex=_when_true(settings, "use-regex"),
        app_root=app_root if app_root and app_root.value.startswith("/") else None,
        www=_when_true(settings, "from-to-www-redirect") if not _group_ignored(settings) else None,
        aliases=settings.get("server-alias"),
        limits=_limits(settings),
        guards=tuple(_guards(settings, "location")),
        host_guards=tuple(_guards(settings, "server")),
        refusal=Refusal(tuple(settings.refusals.values())) if settings.refusals else None,
    )


def _when_true(settings: Settings, name: str) -> Origin | None:
    return settings.get(name) if settings.flag(name) else None


def _https(ingress: Ingress, settings: Settings) -> tuple[Https, tuple[Origin, ...]]:
    """``force-ssl-redirect`` wins over ``ssl-redirect``, which is on unless it is switched off."""
    slash = tuple(filter(None, [_when_true(settings, "preserve-trailing-slash")]))
    if force := _when_true(settings, "force-ssl-redirect"):
        return Https.ALWAYS, (force, *slash)
    written = settings.get("ssl-redirect")
    if written and settings.flag("ssl-redirect") is False:
        return Https.NEVER, (written,)
    default = Origin(ingress.source, "default", "ssl-redirect", "true")
    return Https.WITH_CERTIFICATE, (written or default, *slash)


def _group_ignored(settings: Settings) -> bool:
    """A temporal redirect without http scheme makes the whole redirect group void (``redirect.Parse``)."""
    temporal = settings.text("temporal-redirect")
    return bool(temporal) and not temporal.startswith("http")


def _redirect(settings: Settings) -> Redirect | None:
    """``return CODE URL``; temporal wins over permanent, and a code out of range falls back."""
    if _group_ignored(settings):
        return None
    for name, codes, fallback in (
        ("temporal-redirect", TEMPORAL_CODES, 302),
        ("permanent-redirect", PERMANENT_CODES, 301),
    ):
        if origin := settings.get(name):
            code = settings.number(f"{name}-code")
            status = code if code in codes else fallback
            written = settings.get(f"{name}-code")
            return redirect_to(origin.value, status or fallback, (origin, *([written] if written else [])))
    return None


def redirect_to(url: str, status: int, origins: tuple[Origin, ...], *, keeps_query: bool = False) -> Redirect:
    """The redirect to a URL that replaces the whole address; a relative one keeps scheme and host."""
    parts = urlsplit(url)
    try:
        port = parts.port or 0
    except ValueError:
        port = 0
    return Redirect(
        status=status,
        origins=origins,
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=port,
        path=parts.path or "/",
        query=parts.query,
        keeps_query=keeps_query,
    )


def _guards(settings: Settings, scope: Scope) -> Iterable[Guard]:
    """What keeps clients out; a client certificate that is not demanded keeps nobody out."""
    rows = controller_table("ingress-nginx").annotations
    for name, origin in settings.values.items():
        row = rows.get(name)
        if row is None or not row.guards or row.scope != scope:
            continue
        if row.topic != "tls" or settings.text("auth-tls-verify-client") in ("", "on"):
            yield Guard(row.topic, (origin,))


def _limits(settings: Settings) -> tuple[RateLimit, ...]:
    factor = settings.number("limit-burst-multiplier")
    written = settings.get("limit-burst-multiplier")
    extra = tuple(filter(None, [written, settings.get("limit-allowlist")]))
    limits = []
    for name, seconds in (("limit-rps", 1), ("limit-rpm", 60)):
        origin, requests = settings.get(name), settings.number(name)
        if origin and requests and requests > 0:
            burst = requests * (5 if factor is None else factor)
            limits.append(RateLimit(requests, seconds, burst, (origin,)))
    if limits and extra:
        first = limits[0]
        limits[0] = RateLimit(first.requests, first.seconds, first.burst, (*first.origins, *extra))
    return (*limits, *_meant_limit(settings))


def _meant_limit(settings: Settings) -> tuple[RateLimit, ...]:
    """``rate-limit`` with ``rate-limit-window``: never read by ingress-nginx, but the intent is plain."""
    amount, window = settings.get("rate-limit"), settings.get("rate-limit-window")
    if not amount or not window or not amount.value.isdigit() or int(amount.value) == 0:
        return ()
    found = _WINDOW.match(window.value)
    if not found or int(found[1]) == 0:
        return ()
    seconds = int(found[1]) * _SECONDS[found[2]]
    return (RateLimit(int(amount.value), seconds, 0, (amount, window), enforced=False),)
