"""Headers that an Ingress, or the controller for all of them, puts on requests and responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.words import listed, reference
from converter.routing import HostHeader, Refusal, RequestHeaders, ResponseHeaders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.ledger import Origin
    from converter.routing import Behaviour

    ConfigMaps = Mapping[tuple[str, str], Mapping[str, Origin]]
    """Their entries, by namespace and name."""


def headers(settings: Settings, config_maps: ConfigMaps) -> Iterable[Behaviour]:
    """All but ``x-forwarded-prefix``, which depends on the path."""
    yield from _to_backend(settings, config_maps)
    yield from _to_client(settings, config_maps)


def forwarded_prefix(settings: Settings) -> Iterable[RequestHeaders]:
    """ingress-nginx: ``buildProxyPass`` writes it beside an active rewrite, nowhere else."""
    if origin := settings.get("x-forwarded-prefix"):
        yield RequestHeaders((("X-Forwarded-Prefix", origin.value),), (origin,))


def _to_backend(settings: Settings, config_maps: ConfigMaps) -> Iterable[RequestHeaders | HostHeader]:
    if host := settings.get("upstream-vhost"):
        yield HostHeader(host.value.strip(), (host,))
    if connection := settings.get("connection-proxy-header"):
        yield RequestHeaders((("Connection", connection.value),), (connection,))
    if option := settings.configuration.origin("proxy-set-headers"):
        yield RequestHeaders(_pairs(option, "", config_maps), (option,))


def _to_client(settings: Settings, config_maps: ConfigMaps) -> Iterable[ResponseHeaders | Refusal]:
    configuration = settings.configuration
    if option := configuration.origin("add-headers"):
        yield ResponseHeaders(_pairs(option, "", config_maps), (option,))
    if hidden := configuration.origin("hide-headers"):
        yield ResponseHeaders((), (hidden,), removed=listed(hidden.value))
    own = settings.get("custom-headers")
    if own is None:
        return
    pairs = _pairs(own, settings.owner.namespace, config_maps)
    allowed = listed(configuration.text("global-allowed-response-headers"))
    if configuration.known and any(name not in allowed for name, _ in pairs):
        yield Refusal(503, (own,))
    else:
        yield ResponseHeaders(pairs, (own,))


def _pairs(origin: Origin, namespace: str, config_maps: ConfigMaps) -> tuple[tuple[str, str], ...]:
    """What the ConfigMap says; nothing when it is not in the input."""
    entries = config_maps.get(reference(origin.value, namespace), {})
    return tuple((name, entries[name].value) for name in sorted(entries))
