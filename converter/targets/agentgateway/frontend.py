"""What connections are like, and what is written about them: ``AgentgatewayPolicy.spec.frontend`` of a Gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import Setting
from converter.targets.agentgateway.kinds import frontend_policy
from converter.targets.agentgateway.traffic import UNLOGGED
from converter.targets.carry import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.gateway.drafts import ListenerPolicy
    from converter.routing import RoutingTable, VirtualHost
    from converter.targets.carry import Target

_VERSIONS = {"TLSv1.2": "1.2", "TLSv1.3": "1.3"}
_OF_TLS_1_3 = ["TLS13_AES_128_GCM_SHA256", "TLS13_AES_256_GCM_SHA384", "TLS13_CHACHA20_POLY1305_SHA256"]
"""nginx does not choose among these by the same setting, so they stay."""
_LOGGED = f"!has(metadata.{UNLOGGED})"


def gateway(table: RoutingTable, target: Target) -> Part:
    """agentgateway: ``AgentgatewayPolicy.spec.frontend``, which targets Gateways alone."""
    options = {option.name: option for option in table.options}
    found = (
        *_proxied(options, target),
        *_versions(options, target),
        *_ciphers(table, options, target),
        *_protocols(options, target),
        *_logged(table),
    )
    return Part(listener_policies=found, notes=target.table.rows["trusted-headers"].notes(table.trusts_forwarded))


def _proxied(options: Mapping[str, Setting], target: Target) -> Iterator[ListenerPolicy]:
    proxied = options.get("use-proxy-protocol")
    if proxied and proxied.value.strip() == "true":
        told = target.table.rows["proxy-protocol"].notes(proxied.origins, "spec.frontend.proxyProtocol")
        yield frontend_policy({"proxyProtocol": {"version": "All", "mode": "Strict"}}, told)


def _versions(options: Mapping[str, Setting], target: Target) -> Iterator[ListenerPolicy]:
    spoken = options.get("ssl-protocols")
    versions = [_VERSIONS[word] for word in spoken.value.split() if word in _VERSIONS] if spoken else []
    if spoken and versions:
        told = target.table.settings["ssl-protocols"].notes(spoken.origins, "spec.frontend.tls")
        yield frontend_policy({"tls": {"minProtocolVersion": min(versions), "maxProtocolVersion": max(versions)}}, told)


def _ciphers(table: RoutingTable, options: Mapping[str, Setting], target: Target) -> Iterator[ListenerPolicy]:
    """Those that all https hosts agree on, since a Gateway has one list for all."""
    wanted = [_wanted(host, options) for host in table.hosts if _is_secure(host, target)]
    first = wanted[0] if wanted else None
    carry = target.table.settings["ssl-ciphers.agreed"].carry
    if first is None or carry is None or any(each is None or each.value != first.value for each in wanted):
        return
    names = [carry.words[name] for name in first.value.split(":") if name in carry.words]
    if names:
        origins = dict.fromkeys(origin for each in wanted if each for origin in each.origins)
        told = target.table.settings["ssl-ciphers.agreed"].notes(origins, "spec.frontend.tls")
        yield frontend_policy({"tls": {"cipherSuites": [*names, *_OF_TLS_1_3]}}, told)


def _is_secure(host: VirtualHost, target: Target) -> bool:
    return (host.certificate is not None or target.https_everywhere) and not host.passthrough


def _wanted(host: VirtualHost, options: Mapping[str, Setting]) -> Setting | None:
    """Its own ciphers, which are the same for all its paths, or those of the controller."""
    own = (b for place in host.locations for b in place.behaviours if isinstance(b, Setting))
    return next((each for each in own if each.name == "ssl-ciphers"), options.get("ssl-ciphers"))


def _protocols(options: Mapping[str, Setting], target: Target) -> Iterator[ListenerPolicy]:
    spoken = options.get("use-http2")
    if spoken and spoken.value.strip() == "false":
        told = target.table.settings["use-http2"].notes(spoken.origins, "spec.frontend.tls")
        yield frontend_policy({"tls": {"alpnProtocols": ["http/1.1"]}}, told)


def _logged(table: RoutingTable) -> Iterator[ListenerPolicy]:
    """Everything but what rules mark; they have the entries."""
    settings = (b for host in table.hosts for place in host.locations for b in place.behaviours)
    if any(isinstance(b, Setting) and b.name == "enable-access-log" and b.value == "false" for b in settings):
        yield frontend_policy({"accessLog": {"filter": _LOGGED}}, ())
