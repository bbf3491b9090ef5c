"""What an API server demands of Gateway API objects, as far as a request can tell the difference.

Objects of ours have this form; those that people wrote may lack a name or have a number for a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORDS = {str: "a text", int: "a whole number", bool: "true or false"}
_NAME = {"name!": str}
_HEADERS = [{"name!": str, "value!": str, "type": str}]
_MODIFIER = {"set": _HEADERS, "add": _HEADERS, "remove": [str]}
_PATH = {"type!": str, "replaceFullPath": str, "replacePrefixMatch": str}
_BACKEND: dict[str, Any] = {**_NAME, "namespace": str, "kind": str, "group": str, "port": int, "weight": int}
_SELECTOR = {"matchLabels": {}, "matchExpressions": [{"key!": str, "operator!": str, "values": [str]}]}
_FROM = {"from": str, "selector": _SELECTOR}
_FILTER: dict[str, Any] = {
    "type!": str,
    "requestHeaderModifier": _MODIFIER,
    "responseHeaderModifier": _MODIFIER,
    "urlRewrite": {"hostname": str, "path": _PATH},
    "requestRedirect": {"scheme": str, "hostname": str, "port": int, "statusCode": int, "path": _PATH},
    "requestMirror": {"backendRef!": _BACKEND},
    "cors": {
        **{key: [str] for key in ("allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders")},
        "allowCredentials": bool,
        "maxAge": int,
    },
    "extensionRef": {**_NAME, "kind!": str},
    "externalAuth": {"backendRef!": _BACKEND, "http": {"path": str}},
}
_BODIES = {
    "RequestHeaderModifier": "requestHeaderModifier",
    "ResponseHeaderModifier": "responseHeaderModifier",
    "URLRewrite": "urlRewrite",
    "RequestRedirect": "requestRedirect",
    "RequestMirror": "requestMirror",
    "CORS": "cors",
    "ExtensionRef": "extensionRef",
    "ExternalAuth": "externalAuth",
}
"""The field that a filter of each type has to have."""
_SET = {"set": [{"name!": str, "value!": str}]}
_BACKENDS = [{**_BACKEND, "filters": [_FILTER]}]
_PARENT = {**_NAME, "namespace": str, "kind": str, "group": str, "sectionName": str, "port": int}
_HASH = {"type!": str, "cookie": {**_NAME, "ttl": str}, "headers": [_NAME], "queryParams": [_NAME]}
_ROUTE = {"parentRefs": [_PARENT], "hostnames": [str]}
_HTTP_MATCH = {"path": {"type": str, "value": str}, "method": str, "headers": _HEADERS, "queryParams": _HEADERS}
_GRPC_MATCH = {"method": {"type": str, "service": str, "method": str}, "headers": _HEADERS}
_RULE = {
    "name": str,
    "filters": [_FILTER],
    "backendRefs": _BACKENDS,
    "timeouts": {"request": str, "backendRequest": str},
    "retry": {"attempts": int, "codes": [int]},
    "sessionPersistence": {"sessionName": str, "absoluteTimeout": str},
}
_AUTHORITY = {"validation": {"caCertificateRefs": [_BACKEND], "mode": str}}
_LISTENERS = [
    {
        **_NAME,
        "port": int,
        "protocol!": str,
        "hostname": str,
        "tls": {"mode": str, "certificateRefs": [_BACKEND]},
        "allowedRoutes": {"namespaces": _FROM, "kinds": [{"kind!": str}]},
    }
]
_FRONTEND = {"default": _AUTHORITY, "perPort": [{"port!": int, "tls!": _AUTHORITY}]}
_TARGETS = [{"kind": str, "name": str, "sectionName": str}]
_LIMITS = {"rules": [{"limit!": {"requests!": int, "unit!": str}}]}
_LOGIN = {"onUnauthenticatedRequest": str, "authorizationEndpoint": str, "userPoolDomain": str, "issuer": str}
_ACTION = {
    "type!": str,
    "fixedResponseConfig": {"statusCode!": int},
    "redirectConfig": {"query": str},
    **dict.fromkeys(("authenticateOIDCConfig", "authenticateCognitoConfig", "jwtValidationConfig"), _LOGIN),
}
_SOURCE = {"remoteIpBlocks": [IPv4Network], "notRemoteIpBlocks": [IPv4Network]}
_OPERATION = {"hosts": [str], "notHosts": [str], "paths": [str], "notPaths": [str]}
_BALANCER = {
    "simple": str,
    "consistentHash": {
        "httpHeaderName": str,
        "httpQueryParameterName": str,
        "httpCookie": {"name!": str, "path": str, "ttl": str},
    },
}
_FORMS: Mapping[str, Any] = {
    "Gateway": {"listeners": _LISTENERS, "tls": {"frontend": _FRONTEND}, "allowedListeners": {"namespaces": _FROM}},
    "ListenerSet": {"parentRef!": _PARENT, "listeners": _LISTENERS},
    "XListenerSet": {"parentRef!": _PARENT, "listeners": _LISTENERS},
    "HTTPRoute": {**_ROUTE, "rules": [{**_RULE, "matches": [_HTTP_MATCH]}]},
    "GRPCRoute": {**_ROUTE, "rules": [{**_RULE, "matches": [_GRPC_MATCH]}]},
    "TLSRoute": {**_ROUTE, "rules!": [{"backendRefs": _BACKENDS}]},
    "TCPRoute": {**_ROUTE, "rules!": [{"backendRefs": _BACKENDS}]},
    "UDPRoute": {**_ROUTE, "rules!": [{"backendRefs": _BACKENDS}]},
    "ReferenceGrant": {
        "from": [{"group": str, "kind!": str, "namespace!": str}],
        "to": [{"group": str, "kind!": str, "name": str}],
    },
    "BackendTLSPolicy": {"targetRefs": _TARGETS, "validation": {"hostname": str, "caCertificateRefs": [_BACKEND]}},
    "BackendTrafficPolicy": {
        "targetRefs": _TARGETS,
        "targetRef": _TARGETS[0],
        "rateLimit": {"local": _LIMITS, "global": _LIMITS},
        "requestBuffer": {"limit!": str},
        "loadBalancer": {"type!": str, "consistentHash": _HASH},
        "timeout": {"http": {"streamIdleTimeout": str}, "tcp": {"connectTimeout": str}},
        "retry": {"numRetries": int, "retryOn": {"triggers": [str], "httpStatusCodes": [int]}},
        "responseOverride": [
            {"match!": {"statusCodes": [{"value": int}]}, "response": {"statusCode": int, "header": _SET}}
        ],
    },
    "SecurityPolicy": {
        "targetRefs": _TARGETS,
        "authorization": {"rules": [{"action!": str, "principal": {"clientCIDRs": [str]}, "cel": str}]},
        "basicAuth": {"users!": _NAME},
        "cors": {
            **{key: [str] for key in ("allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders")},
            "allowCredentials": bool,
            "maxAge": str,
        },
        "extAuth": {"http": {"pathOverride": str, "backendRefs": [_BACKEND]}},
    },
    "HTTPRouteFilter": {
        "urlRewrite": {"path": {"replaceRegexMatch": {"pattern!": re.Pattern, "substitution!": str}}},
        "directResponse": {"statusCode": int, "header": _SET},
    },
    "ListenerRuleConfiguration": {
        "conditions": [{"field!": str, "matchIndexes": [int], "sourceIPConfig!": {"values!": [IPv4Network]}}],
        "actions": [_ACTION],
    },
    "AuthorizationPolicy": {
        "targetRefs": _TARGETS,
        "targetRef": _TARGETS[0],
        "action": str,
        "provider": {"name": str},
        "rules": [{"from": [{"source": _SOURCE}], "to": [{"operation": _OPERATION}]}],
    },
    "DestinationRule": {
        "host!": str,
        "trafficPolicy": {
            "loadBalancer": _BALANCER,
            "connectionPool": {"tcp": {"connectTimeout": str}},
            "tls": {"mode": str},
        },
    },
}
"""The spec of each kind: texts, numbers, lists with the form of their items, mappings; ``!`` marks what has to be.

A pattern stands for its text, as does a network of either version.
"""
_ENUMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "path": {"type": ("Exact", "PathPrefix", "RegularExpression", "ReplaceFullPath", "ReplacePrefixMatch")},
    "matchExpressions": {"operator": ("In", "NotIn", "Exists", "DoesNotExist")},
    "requestRedirect": {"scheme": ("http", "https")},
    "limit": {"unit": ("Second", "Minute", "Hour", "Day")},
}
KINDS = frozenset(_FORMS)


@dataclass(frozen=True, slots=True)
class Flaw:
    path: str
    """``spec.rules[0].matches``."""
    message: str
    """What is wrong with it, to be read after the path."""
    line: int
    """0 where the object has no lines."""


def flaws(entry: Mapping[str, Any]) -> Iterator[Flaw]:
    """What is wrong with an object of one of the kinds."""
    spec = entry.get("spec")
    line = int(getattr(entry, "line", 0))
    if not isinstance(spec, dict):
        yield Flaw("spec", "is missing", line)
        return
    yield from _of_map(spec, _FORMS[entry["kind"]], "spec", line)


def _of_map(value: Mapping[str, Any], form: Mapping[str, Any], path: str, line: int) -> Iterator[Flaw]:
    line = int(getattr(value, "line", line))
    name = path.rpartition(".")[2].partition("[")[0]
    for key, wanted in form.items():
        field = key.removesuffix("!")
        if value.get(field) is None or (key.endswith("!") and value[field] == []):
            if key.endswith("!") or field in value:
                yield Flaw(f"{path}.{field}", "has no value", line)
            continue
        at: Mapping[str, tuple[int, int]] = getattr(value, "at", {})
        yield from _of_value(value[field], wanted, f"{path}.{field}", at.get(field, (line, 0))[0])
        known = _ENUMS.get(name, {}).get(field)
        if known and isinstance(value[field], str) and value[field] not in known:
            yield Flaw(f"{path}.{field}", f"is none of {', '.join(known)}", line)
    body = _BODIES.get(str(value.get("type"))) if form is _FILTER else None
    if body and not isinstance(value.get(body), dict):
        yield Flaw(f"{path}.{body}", "is missing", line)


def _of_value(value: Any, form: Any, path: str, line: int) -> Iterator[Flaw]:
    if isinstance(form, list):
        if not isinstance(value, list):
            yield Flaw(path, "is no list", line)
            return
        for index, item in enumerate(value):
            yield from _of_value(item, form[0], f"{path}[{index}]", line)
    elif isinstance(form, dict):
        if isinstance(value, dict):
            yield from _of_map(value, form, path, line)
        else:
            yield Flaw(path, "is no mapping", line)
    elif form is re.Pattern:
        if not isinstance(value, str) or not _compiles(value):
            yield Flaw(path, "is no regular expression", line)
    elif form is IPv4Network:
        if not isinstance(value, str) or not _is_network(value):
            yield Flaw(path, "is no network of addresses", line)
    elif not isinstance(value, form) or (form is int and isinstance(value, bool)):
        yield Flaw(path, f"is not {_WORDS[form]}", line)


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
