"""Settings of nginx as policies for whole routes, for Services and for Gateways."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ServicePolicy
from converter.routing import Affinity, Setting
from converter.targets import fields
from converter.targets.carry import Part
from converter.targets.fields import nginx_size, nginx_time
from converter.targets.nginx_gateway_fabric.snippets import API_VERSION
from converter.targets.standard import access, headers, traffic
from converter.targets.standard.parts import notes
from converter.validity import parse_int

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Note
    from converter.ledger import Origin
    from converter.routing import (
        Backend,
        BodyLimit,
        IdleTimeout,
        Location,
        Password,
        RateLimit,
        ResponseHeaders,
    )
    from converter.targets.carry import Carrier, Target

_PER = {1: "s", 60: "m"}
_SIZES = (1 << 10, 1 << 20, 1 << 30)
_CLIENT = "$binary_remote_addr"
_KEY = re.compile(r"\$[a-z_]+\Z")
_OF_REQUESTS = ("$http_", "$cookie_", "$arg_")
_KNOWN = frozenset(
    {
        *(_CLIENT, "$remote_addr", "$remote_user", "$request_uri", "$uri", "$document_uri", "$host", "$server_name"),
        *("$args", "$query_string", "$request_method", "$request_id", "$scheme"),
    }
)
"""Variables that every nginx has; one that ingress-nginx brought along would make nginx refuse its configuration."""
_OWN_ORDER = "nginx.org/ssl-prefer-server-ciphers"
_BUFFERS = ("4", "4k")
"""How many, and how large, unless somebody says otherwise (ingress-nginx)."""


def _proxy_settings(word: str, spec: Mapping[str, Any], told: tuple[Note, ...]) -> Extension:
    """``ProxySettingsPolicy``: how nginx deals with the backends of a route."""
    return Extension("ProxySettingsPolicy", API_VERSION, "policy", word, spec, told)


def _upstream_settings(backend: Backend, spec: Mapping[str, Any], told: tuple[Note, ...]) -> Part:
    """``UpstreamSettingsPolicy``: which endpoint of a Service gets a request."""
    place = ("UpstreamSettingsPolicy", backend.namespace, backend.service, "upstream")
    return Part(service_policies=(ServicePolicy(*place, spec, told, API_VERSION),))


def rate_limit(behaviour: RateLimit, location: Location, target: Target) -> Part:
    """``RateLimitPolicy.spec.rateLimit``: the same directive of nginx that ingress-nginx writes."""
    rows, per = target.table.rows, _PER.get(behaviour.seconds)
    if location.backend is None or per is None:
        return Part(notes=rows["rate-limit.window"].notes(behaviour.origins))
    rule: dict[str, Any] = {"key": _CLIENT, "rate": f"{behaviour.requests}r/{per}"}
    if behaviour.burst > 0:
        rule |= {"burst": behaviour.burst, "noDelay": True}
    exempt = [o for o in behaviour.origins if o.key.endswith(("limit-allowlist", "limit-whitelist"))]
    others = [o for o in behaviour.origins if o not in exempt]
    code = "rate-limit" if behaviour.enforced else "rate-limit.not-enforced"
    told = (*rows[code].notes(others, "spec.rateLimit"), *rows["rate-limit.allowlist-lost"].notes(exempt))
    spec = {"rateLimit": {"local": {"rules": [rule]}, "rejectCode": 503}}
    return Part(extensions=(Extension("RateLimitPolicy", API_VERSION, "policy", "limit", spec, told),))


def body_limit(behaviour: BodyLimit, location: Location, target: Target) -> Part:
    """``ClientSettingsPolicy.spec.body.maxSize``: nginx has the default of ingress-nginx."""
    if not _is_written(behaviour.origins) or location.backend is None:
        return traffic.body_limit(behaviour, location, target)
    size, exact = _size(behaviour.size)
    code = "body-size.rounded" if not exact else "body-size" if behaviour.size else "body-size.none"
    told = notes(target, code, behaviour.origins, "spec.body.maxSize")
    spec = {"body": {"maxSize": size}}
    policy = Extension("ClientSettingsPolicy", API_VERSION, "policy", "body", spec, told, targets="targetRef")
    return Part(extensions=(policy,))


def _size(size: int) -> tuple[str, bool]:
    """In at most four digits, and whether that is as much; more is let through rather than less."""
    if size <= 9999:
        return str(size), True
    unit = next((unit for unit in _SIZES if size <= 9999 * unit), _SIZES[-1])
    rounded = min(-(-size // unit), 9999) * unit
    return nginx_size(rounded), rounded == size


def idle_timeout(behaviour: IdleTimeout, location: Location, target: Target) -> Part:
    """``ProxySettingsPolicy.spec.timeout``: the same two directives; nginx has their defaults too."""
    if not _is_written(behaviour.origins) or location.backend is None:
        return Part(notes=notes(target, "idle-timeout", behaviour.origins))
    said = {"read": 60, "send": 60}
    for origin in behaviour.origins:
        seconds = parse_int(origin.value.strip())
        word = "send" if origin.key.endswith("proxy-send-timeout") else "read"
        said[word] = behaviour.seconds if seconds is None else seconds
    told = notes(target, "idle-timeout", behaviour.origins, "spec.timeout")
    spec = {"timeout": {word: nginx_time(seconds) for word, seconds in said.items()}}
    return Part(extensions=(_proxy_settings("timeout", spec, told),))


def password(behaviour: Password, location: Location, target: Target) -> Part:
    """``AuthenticationFilter``: its Secret has another type and stands beside it, so somebody has to make it."""
    if behaviour.digest or not behaviour.secret:
        return access.guard(behaviour, location, target)
    users = f"{behaviour.secret}-htpasswd"
    home = location.owner.namespace or "default"
    names = {"secret": behaviour.secret, "users": users, "namespace": behaviour.namespace or home, "home": home}
    code = "auth.basic-map" if behaviour.key_per_user else "auth.basic"
    told = notes(target, code, behaviour.origins, "spec.basic", **names)
    spec = {
        "type": "Basic",
        "basic": {"secretRef": {"name": users}, "realm": behaviour.realm or "Authentication Required"},
    }
    kept = {"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": ["Authorization"]}}
    return Part(
        filters=(kept,), extensions=(Extension("AuthenticationFilter", API_VERSION, "filter", "auth", spec, told),)
    )


def response_headers(behaviour: ResponseHeaders, location: Location, target: Target) -> Part:
    """Values of header modifiers are nginx's own, where a dollar sign begins a variable."""
    if any("$" in value for _, value in behaviour.values):
        return Part(notes=notes(target, "headers.unsayable", behaviour.origins))
    return headers.response_headers(behaviour, location, target)


def affinity(behaviour: Affinity, location: Location, target: Target) -> Part:
    """``UpstreamSettingsPolicy``: cookies are for NGINX Plus, so the address of the client decides."""
    if location.backend is None:
        return traffic.affinity(behaviour, location, target)
    told = (
        *notes(target, "affinity", behaviour.origins, "spec.loadBalancingMethod"),
        *notes(target, "affinity.extra", behaviour.extras),
    )
    return _upstream_settings(location.backend, _hash(_CLIENT), told)


def _hash(key: str) -> dict[str, str]:
    return {"loadBalancingMethod": "hash consistent", "hashMethodKey": key}


def hash_by(behaviour: Setting, location: Location, target: Target) -> Part:
    rows, key = target.table.settings, re.sub(r"[{}\"\s]", "", behaviour.value)
    if any(isinstance(each, Affinity) for each in location.behaviours):
        return Part(notes=rows["load-balance.overridden"].notes(behaviour.origins))
    known = _KEY.match(key) and (key in _KNOWN or key.startswith(_OF_REQUESTS))
    if not known or location.backend is None:
        return Part(notes=rows["upstream-hash-by.lost"].notes(behaviour.origins))
    told = rows["upstream-hash-by"].notes(behaviour.origins, "spec.loadBalancingMethod")
    return _upstream_settings(location.backend, _hash(key), told)


def algorithm(behaviour: Setting, location: Location, target: Target) -> Part:
    stronger = (isinstance(b, Affinity) or getattr(b, "name", "") == "upstream-hash-by" for b in location.behaviours)
    if any(stronger):
        return Part(notes=target.table.settings["load-balance.overridden"].notes(behaviour.origins))
    return fields.setting(behaviour, location, target)


def buffers(behaviour: Setting, location: Location, target: Target) -> Part:
    """Number and size belong together: the size for headers alone may be more than nginx's own buffers allow."""
    number = parse_int(_told("proxy-buffers-number", location, target) or _BUFFERS[0]) or 0
    size = fields.size_text(_told("proxy-buffer-size", location, target) or _BUFFERS[1])
    row = target.table.settings[behaviour.name]
    if size is None or not 2 <= number <= 256 or location.backend is None:
        return Part(notes=target.table.settings["buffers"].notes(behaviour.origins))
    spec = {"buffering": {"bufferSize": size, "buffers": {"number": number, "size": size}}}
    return Part(extensions=(_proxy_settings("buffers", spec, row.notes(behaviour.origins, "spec.buffering")),))


def _told(name: str, location: Location, target: Target) -> str:
    """A setting of the location, or else of the controller for all of them."""
    found = (b for b in (*location.behaviours, *target.everywhere) if isinstance(b, Setting) and b.name == name)
    return next((setting.value.strip() for setting in found), "")


def ciphers(behaviour: Setting, location: Location, target: Target) -> Part:
    """The order of the list counts in ingress-nginx unless somebody says otherwise, and in nginx that of the client."""
    found = fields.setting(behaviour, location, target)
    if _told("ssl-prefer-server-ciphers", location, target):
        return found
    ordered = (replace(each, values={**each.values, _OWN_ORDER: "on"}) for each in found.listener_options)
    return replace(found, listener_options=tuple(ordered))


def request_buffering(behaviour: Setting, _: Location, target: Target) -> Part:
    """nginx collects a request unless it is told otherwise, which no policy can."""
    code = "proxy-request-buffering.off" if behaviour.value.strip() == "off" else "proxy-request-buffering"
    return Part(notes=target.table.settings[code].notes(behaviour.origins))


def _is_written(origins: tuple[Origin, ...]) -> bool:
    return any(origin.type != "default" for origin in origins)


_SETTINGS: Mapping[str, Carrier] = {
    "upstream-hash-by": hash_by,
    "load-balance": algorithm,
    "proxy-buffer-size": buffers,
    "proxy-buffers-number": buffers,
    "proxy-request-buffering": request_buffering,
    "ssl-ciphers": ciphers,
}


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    return _SETTINGS.get(behaviour.name, fields.setting)(behaviour, location, target)
