"""Connections of clients: TLS by options of their listeners, and who they are by a ``ListenerPolicy``."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import ListenerOptions
from converter.targets.authorities import certificate_of
from converter.targets.carry import Part
from converter.targets.envoy import tls_versions
from converter.targets.kgateway.kinds import listener_policy
from converter.targets.standard import access

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.gateway.drafts import ListenerPolicy
    from converter.routing import ClientCertificate, Location, RoutingTable, Setting
    from converter.targets.carry import Target

_LOWEST, _HIGHEST = "kgateway.dev/min-tls-version", "kgateway.dev/max-tls-version"
_USUAL_HEADER = "x-forwarded-for"


def protocols(behaviour: Setting, _: Location, target: Target) -> Part:
    """kgateway: ``kgateway.dev/min-tls-version`` and ``kgateway.dev/max-tls-version``."""
    rows, found = target.table.settings, tls_versions(behaviour.value)
    if found is None:
        return Part(notes=rows["ssl-protocols.lost"].notes(behaviour.origins))
    told = rows["ssl-protocols"].notes(behaviour.origins, f"tls.options[{_LOWEST}]")
    return Part(listener_options=(ListenerOptions({_LOWEST: found[0], _HIGHEST: found[1]}, told),))


def client_certificate(behaviour: ClientCertificate, location: Location, target: Target) -> Part:
    """What the Gateway passes on is no refinement that gets lost."""
    left = tuple(origin for origin in behaviour.extras if origin not in target.told)
    return access.client_certificate(replace(behaviour, extras=left), location, target)


def gateway(table: RoutingTable, target: Target) -> Part:
    """kgateway: ``ListenerPolicy.spec.default``."""
    options = {option.name: option for option in table.options}
    found = (*_believed(table, options, target), *_proxied(options, target), *_passed_on(table, target))
    lost = table.trusts_forwarded if _other_header(options) else ()
    return Part(listener_policies=found, notes=target.table.rows["trusted-headers.other"].notes(lost))


def _other_header(options: Mapping[str, Setting]) -> bool:
    written = options.get("forwarded-for-header")
    return written is not None and written.value.strip().lower() != _USUAL_HEADER


def _believed(table: RoutingTable, options: Mapping[str, Setting], target: Target) -> Iterator[ListenerPolicy]:
    """Who is believed about the address of a client."""
    real_ip, refined = options.get("enable-real-ip"), options.get("proxy-real-ip-cidr")
    asked = [real_ip] if real_ip and real_ip.value.strip() == "true" else []
    if _other_header(options) or not (table.trusts_forwarded or asked):
        return
    written = refined.value if refined else "0.0.0.0/0,::/0"
    trusted = [_network(each) for each in written.split(",") if _is_network(each)]
    if not trusted:
        return
    row = target.table.rows["trusted-headers" if table.trusts_forwarded else "real-address"]
    origins = (*table.trusts_forwarded, *(o for each in (*asked, refined) if each for o in each.origins))
    settings = {"useRemoteAddress": False, "xffTrustedCIDRs": trusted}
    yield listener_policy({"httpSettings": settings}, row.notes(origins, "spec.default.httpSettings"))


def _proxied(options: Mapping[str, Setting], target: Target) -> Iterator[ListenerPolicy]:
    proxied = options.get("use-proxy-protocol")
    if proxied and proxied.value.strip() == "true":
        told = target.table.rows["proxy-protocol"].notes(proxied.origins, "spec.default.proxyProtocol")
        yield listener_policy({"proxyProtocol": {"allowRequestsWithoutProxyProtocol": False}}, told)


def _passed_on(table: RoutingTable, target: Target) -> Iterator[ListenerPolicy]:
    """Certificates of clients, where the Gateways ask for them; who sets the header by hand is not believed."""
    asked = [found for host in table.hosts if (found := certificate_of(host))] if target.client_certificates else []
    origins = dict.fromkeys(o for each in asked for o in each.extras if _passes(o.key) and o.value == "true")
    if origins and target.release.has("client-certificates"):
        told = target.table.rows["tls.client-passed"].notes(origins, "spec.default.httpSettings")
        details: dict[str, Any] = {"mode": "SanitizeSet", "details": {"cert": True, "subject": True}}
        yield listener_policy({"httpSettings": {"forwardClientCertDetails": details}}, told)


def _passes(key: str) -> bool:
    return key.endswith("auth-tls-pass-certificate-to-upstream")


def _network(text: str) -> str:
    """As the CRD takes it, whose pattern refuses ``::/0``."""
    network = str(ip_network(text.strip(), strict=False))
    return f"0{network}" if network == "::/0" else network


def _is_network(text: str) -> bool:
    try:
        ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return True
