"""Connections of clients: certificates, TLS, and who they are: ``ClientTrafficPolicy``."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from converter.gateway.regex import is_re2
from converter.targets.carry import Part
from converter.targets.envoy import tls_versions
from converter.targets.envoy_gateway.access import authorization
from converter.targets.envoy_gateway.kinds import client_policy, security_policy
from converter.targets.standard import access
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from converter.gateway.drafts import ListenerPolicy
    from converter.routing import ClientCertificate, Location, RoutingTable, Setting
    from converter.targets.carry import Target

_USUAL_HEADER = "X-Forwarded-For"


def client_certificate(behaviour: ClientCertificate, location: Location, target: Target) -> Part:
    """The listener of the host asks; who shows another name than the right one is refused by the rule.

    Envoy Gateway: ``ClientTrafficPolicy.spec.tls.clientValidation``, ``SecurityPolicy.spec.authorization``.
    """
    if behaviour.name and not is_re2(behaviour.name):
        return access.guard(behaviour, location, target)
    tls = {"clientValidation": _validation(behaviour)}
    spec: dict[str, Any] = {"tls": tls}
    passed = [o for o in behaviour.extras if o.key.endswith("auth-tls-pass-certificate-to-upstream")]
    if any(origin.value == "true" for origin in passed):
        spec["headers"] = {"xForwardedClientCert": {"mode": "SanitizeSet", "certDetailsToAdd": ["Cert", "Subject"]}}
    code = "tls.client" if behaviour.demanded else "tls.client-optional"
    told = (
        *notes(target, code, behaviour.origins, "spec.tls"),
        *notes(target, "tls.client-passed", passed, "spec.headers"),
        *notes(target, "tls.client-extra", (o for o in behaviour.extras if o not in passed)),
    )
    part = Part(listener_policies=(client_policy("client", spec, told),))
    return _with_name(part, behaviour, location, target) if behaviour.name else part


def _validation(behaviour: ClientCertificate) -> dict[str, Any]:
    unchecked = any(origin.value == "optional_no_ca" for origin in behaviour.origins)
    mode = "RequireAndVerify" if behaviour.demanded else "Request" if unchecked else "VerifyIfGiven"
    reference = {"kind": "Secret", "name": behaviour.secret, "namespace": behaviour.namespace}
    return {"mode": mode, "caCertificateRefs": [reference]}


def _with_name(part: Part, behaviour: ClientCertificate, location: Location, target: Target) -> Part:
    """nginx holds the expression against the whole subject; who shows no certificate has none."""
    cel = f"!connection.subject_peer_certificate.matches({json.dumps(f'CN={behaviour.name}')})"
    rules = [{"action": "Deny", "cel": "!connection.mtls"}, {"action": "Deny", "cel": cel}]
    named = [origin for origin in behaviour.origins if origin.key.endswith("auth-tls-match-cn")]
    told = notes(target, "tls.client-name", named, "spec.authorization")
    return replace(part, extensions=(security_policy("access", authorization(rules, location), told),))


def protocols(behaviour: Setting, _: Location, target: Target) -> Part:
    """Envoy Gateway: ``ClientTrafficPolicy.spec.tls.minVersion`` and ``maxVersion``."""
    rows = target.table.settings
    found = tls_versions(behaviour.value)
    if found is None:
        return Part(notes=rows["ssl-protocols.lost"].notes(behaviour.origins))
    told = rows["ssl-protocols"].notes(behaviour.origins, "spec.tls")
    spec = {"tls": {"minVersion": found[0], "maxVersion": found[1]}}
    return Part(listener_policies=(client_policy("tls", spec, told),))


def gateway(table: RoutingTable, target: Target) -> Part:
    """Who is believed about the address of a client.

    Envoy Gateway: ``ClientTrafficPolicy.spec.clientIPDetection`` and ``proxyProtocol``.
    """
    options = {option.name: option for option in table.options}
    policies: list[ListenerPolicy] = []
    rows = target.table.rows
    real_ip = options.get("enable-real-ip")
    if table.trusts_forwarded or (real_ip and real_ip.value.strip() == "true"):
        refined = [options[name] for name in ("proxy-real-ip-cidr", "forwarded-for-header") if name in options]
        origins = (*table.trusts_forwarded, *(o for each in refined for o in each.origins))
        if real_ip:
            origins = (*origins, *real_ip.origins)
        told = rows["trusted-headers"].notes(origins, "spec.clientIPDetection")
        policies.append(client_policy("client", {"clientIPDetection": _detection(options)}, told))
    proxied = options.get("use-proxy-protocol")
    if proxied and proxied.value.strip() == "true":
        told = rows["proxy-protocol"].notes(proxied.origins, "spec.proxyProtocol")
        policies.append(client_policy("client", {"proxyProtocol": {"optional": False}}, told))
    return Part(listener_policies=tuple(policies))


def _detection(options: dict[str, Setting]) -> dict[str, Any]:
    header = options["forwarded-for-header"].value.strip() if "forwarded-for-header" in options else _USUAL_HEADER
    if header.lower() != _USUAL_HEADER.lower():
        return {"customHeader": {"name": header}}
    written = options["proxy-real-ip-cidr"].value if "proxy-real-ip-cidr" in options else "0.0.0.0/0,::/0"
    return {"xForwardedFor": {"trustedCIDRs": [_network(each.strip()) for each in written.split(",") if each.strip()]}}


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        return text
