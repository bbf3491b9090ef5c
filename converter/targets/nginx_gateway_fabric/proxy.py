"""What nginx as a whole is told: the ``NginxProxy`` that each Gateway names, besides policies for the Gateway."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import GatewayParameters, ListenerPolicy
from converter.targets.carry import Part
from converter.targets.nginx_gateway_fabric.snippets import API_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.gateway.drafts import Note
    from converter.routing import RoutingTable, Setting
    from converter.targets.carry import Target

_PROXY_VERSION = "gateway.nginx.org/v1alpha2"
_OF_INGRESS_NGINX = {"buffering": {"disable": True}, "timeout": {"connect": "5s"}}
"""Where it differs from nginx itself, which collects responses and waits for a connection as long as for an answer."""
_EVERYBODY = "0.0.0.0/0"
"""Who is believed unless ``proxy-real-ip-cidr`` says otherwise (ingress-nginx)."""
_USUAL_HEADER = "x-forwarded-for"
_MOST_ADDRESSES = 64


def gateway(table: RoutingTable, target: Target) -> Part:
    """The defaults of ingress-nginx in place of those of nginx, under the policies of routes; and the proxy."""
    policy = ListenerPolicy("ProxySettingsPolicy", API_VERSION, "proxy", _OF_INGRESS_NGINX, (), names_sets=False)
    options = {option.name: option for option in table.options}
    clients = _clients(table, options, target)
    protocols = _protocols(options, target)
    return replace(clients, gateway_parameters=(*clients.gateway_parameters, *protocols), listener_policies=(policy,))


def _parameters(spec: Mapping[str, Any], told: tuple[Note, ...]) -> GatewayParameters:
    return GatewayParameters("NginxProxy", _PROXY_VERSION, spec, told)


def _protocols(options: Mapping[str, Setting], target: Target) -> Iterable[GatewayParameters]:
    """``NginxProxy.spec.disableHTTP2``."""
    if _says(options, "use-http2", "false"):
        told = target.table.rows["http2.off"].notes(options["use-http2"].origins, "spec.disableHTTP2")
        yield _parameters({"disableHTTP2": True}, told)


def _clients(table: RoutingTable, options: Mapping[str, Setting], target: Target) -> Part:
    """``NginxProxy.spec.rewriteClientIP``: the same directives as before; the PROXY protocol comes before a header."""
    rows, by_protocol = target.table.rows, _says(options, "use-proxy-protocol", "true")
    real_ip = options["enable-real-ip"].origins if _says(options, "enable-real-ip", "true") else ()
    heard, addresses = (*table.trusts_forwarded, *real_ip), _addresses(options)
    if not (heard or by_protocol):
        return Part()
    if addresses is None or not (by_protocol or _is_usual(options)):
        return Part(notes=rows["trusted-headers.lost"].notes(table.trusts_forwarded))
    mode, code = ("ProxyProtocol", "proxy-protocol") if by_protocol else ("XForwardedFor", "trusted-headers")
    said = {"rewriteClientIP": {"mode": mode, "setIPRecursively": True, "trustedAddresses": addresses}}
    refined = options["proxy-real-ip-cidr"].origins if "proxy-real-ip-cidr" in options else ()
    origins = (*(options["use-proxy-protocol"].origins if by_protocol else heard), *refined)
    beside = rows["trusted-headers.proxied"].notes(heard, "spec.rewriteClientIP") if by_protocol else ()
    told = (*rows[code].notes(origins, "spec.rewriteClientIP"), *beside)
    return Part(gateway_parameters=(_parameters(said, told),))


def _says(options: Mapping[str, Setting], name: str, value: str) -> bool:
    return name in options and options[name].value.strip() == value


def _is_usual(options: Mapping[str, Setting]) -> bool:
    """NGINX Gateway Fabric reads no other header than this."""
    return (
        "forwarded-for-header" not in options or options["forwarded-for-header"].value.strip().lower() == _USUAL_HEADER
    )


def _addresses(options: Mapping[str, Setting]) -> list[dict[str, str]] | None:
    """Who is believed; ``None`` for what the field does not take."""
    written = options["proxy-real-ip-cidr"].value if "proxy-real-ip-cidr" in options else _EVERYBODY
    found = [_address(each.strip()) for each in written.split(",") if each.strip()]
    known = [each for each in found if each]
    return known if len(known) == len(found) and 0 < len(known) <= _MOST_ADDRESSES else None


def _address(text: str) -> dict[str, str] | None:
    """Networks are written without the bits of a host, which newer API servers refuse."""
    try:
        if "/" in text:
            return {"type": "CIDR", "value": str(ip_network(text, strict=False))}
        return {"type": "IPAddress", "value": str(ip_address(text))}
    except ValueError:
        return None
