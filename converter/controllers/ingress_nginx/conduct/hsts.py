"""Responses over https that bring browsers back over https: ``lua_ingress.lua``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ledger import Origin
from converter.routing import Hsts
from converter.validity import parse_bool

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.controllers.ingress_nginx.annotations import Settings

_OPTIONS = ("hsts", "hsts-max-age", "hsts-include-subdomains", "hsts-preload")


def hsts(settings: Settings) -> Iterable[Hsts]:
    """On unless the ConfigMap switches it off; it holds for every host, with a certificate or without."""
    configuration = settings.configuration

    def on(name: str) -> bool:
        return parse_bool(configuration.text(name)) is True

    if not on("hsts"):
        return
    value = f"max-age={configuration.text('hsts-max-age')}"
    value += "; includeSubDomains" if on("hsts-include-subdomains") else ""
    value += "; preload" if on("hsts-preload") else ""
    written = tuple(origin for origin in map(configuration.origin, _OPTIONS) if origin)
    yield Hsts(value, written or (Origin(settings.owner, "default", "hsts", value),))
