"""The forms of the Gateway API's own kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import BACKEND, CORS, COUNT, HEADERS, NAME, NETWORK, Named, Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.forms.words import Fields, Form

GROUPS = ("gateway.networking.k8s.io", "gateway.networking.x-k8s.io")
_MODIFIER: Fields = {"set": HEADERS, "add": HEADERS, "remove": [str]}
_CHANGE: Fields = {
    "type!": ("ReplaceFullPath", "ReplacePrefixMatch"),
    "replaceFullPath": str,
    "replacePrefixMatch": str,
}
# ``query`` and ``sources`` are no fields of the API: a prediction puts there what a ListenerRuleConfiguration says.
_FILTER = Typed(
    {
        "type!": str,
        "requestHeaderModifier": _MODIFIER,
        "responseHeaderModifier": _MODIFIER,
        "urlRewrite": {"hostname": str, "path": _CHANGE},
        "requestRedirect": {
            "query": str,
            "scheme": ("http", "https"),
            "hostname": str,
            "port": int,
            "statusCode": int,
            "path": _CHANGE,
        },
        "requestMirror": {"backendRef!": BACKEND, "percent": int, "fraction": {"numerator!": int}},
        "cors": {**CORS, "maxAge": int},
        "extensionRef": {**NAME, "kind!": str},
        "externalAuth": {"backendRef!": BACKEND, "http": {"path": str}},
    },
    {
        "RequestHeaderModifier": "requestHeaderModifier",
        "ResponseHeaderModifier": "responseHeaderModifier",
        "URLRewrite": "urlRewrite",
        "RequestRedirect": "requestRedirect",
        "RequestMirror": "requestMirror",
        "CORS": "cors",
        "ExtensionRef": "extensionRef",
        "ExternalAuth": "externalAuth",
    },
)
_BACKENDS: Form = [{**BACKEND, "weight": COUNT, "filters": [_FILTER]}]
_PARENT: Fields = {**NAME, "namespace": str, "kind": str, "group": str, "sectionName": str, "port": int}
_ROUTE: Fields = {"parentRefs": [_PARENT], "hostnames": [str]}
_CONDITIONS: Form = [{"name!": str, "value!": str, "type": str}]
_HTTP_MATCH: Fields = {
    "path": {"type": ("Exact", "PathPrefix", "RegularExpression"), "value": str},
    "method": str,
    "headers": _CONDITIONS,
    "queryParams": _CONDITIONS,
    "sources": [[NETWORK]],
}
_GRPC_MATCH: Fields = {**_HTTP_MATCH, "method": {"type": str, "service": str, "method": str}}
_RULE: Fields = {
    "name": str,
    "filters": [_FILTER],
    "backendRefs": _BACKENDS,
    "timeouts": {"request": str, "backendRequest": str},
    "retry": {"attempts": int, "codes": [int]},
    "sessionPersistence": {"sessionName": str, "absoluteTimeout": str},
}
_PLAIN_ROUTE: Fields = {**_ROUTE, "rules!": [{**_RULE, "matches": [_HTTP_MATCH]}]}
"""Its rules have nothing but backends, but what else is written there is read all the same."""
_EXPRESSION: Fields = {"key!": str, "operator!": ("In", "NotIn", "Exists", "DoesNotExist"), "values": [str]}
_FROM: Fields = {"from": str, "selector": {"matchLabels": Named(str), "matchExpressions": [_EXPRESSION]}}
_ALLOWED: Fields = {"namespaces": _FROM, "kinds": [{"kind!": str}]}
_LISTENERS: Form = [
    {
        **NAME,
        "port": int,
        "protocol!": str,
        "hostname": str,
        "tls": {"mode": str, "certificateRefs": [BACKEND], "options": Named(str)},
        "allowedRoutes": _ALLOWED,
    }
]
_SET: Fields = {"parentRef!": _PARENT, "listeners": _LISTENERS}
_AUTHORITY: Fields = {"validation": {"caCertificateRefs": [BACKEND], "mode": str}}
_FRONTEND: Fields = {"default": _AUTHORITY, "perPort": [{"port!": int, "tls!": _AUTHORITY}]}

FORMS: Mapping[str, Any] = {
    "Gateway": {"listeners": _LISTENERS, "tls": {"frontend": _FRONTEND}, "allowedListeners": _ALLOWED},
    "ListenerSet": _SET,
    "XListenerSet": _SET,
    "HTTPRoute": {**_ROUTE, "rules": [{**_RULE, "matches": [_HTTP_MATCH]}]},
    "GRPCRoute": {**_ROUTE, "rules": [{**_RULE, "matches": [_GRPC_MATCH]}]},
    "TLSRoute": _PLAIN_ROUTE,
    "TCPRoute": _PLAIN_ROUTE,
    "UDPRoute": _PLAIN_ROUTE,
    "ReferenceGrant": {
        "from": [{"group": str, "kind!": str, "namespace!": str}],
        "to": [{"group": str, "kind!": str, "name": str}],
    },
    "BackendTLSPolicy": {"validation": {"hostname": str, "caCertificateRefs": [BACKEND]}},
}
