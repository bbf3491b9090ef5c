"""The forms of what Envoy Gateway adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import BACKEND, CORS, HEADERS, NAME, NETWORK, PATTERN, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.forms.words import Fields

GROUPS = ("gateway.envoyproxy.io",)
_LIMITS: Fields = {
    "rules": [
        {
            "limit!": {
                "requests!": int,
                "unit!": ("Second", "Minute", "Hour", "Day", "Week", "Month", "Year"),
            }
        }
    ]
}
_HASH: Fields = {
    "type!": ("SourceIP", "Header", "Headers", "Cookie", "QueryParams"),
    "cookie": {**NAME, "ttl": str, "attributes": object},
    "headers": [NAME],
    "queryParams": [NAME],
}
_RESPONSE: Fields = {"statusCode": int, "header": {"set": HEADERS}}

FORMS: Mapping[str, Any] = {
    "BackendTrafficPolicy": {
        "rateLimit": {"local": _LIMITS, "global": _LIMITS},
        "requestBuffer": {"limit!": int | str},
        "loadBalancer": {"type!": str, "consistentHash": _HASH},
        "timeout": {"http": {"streamIdleTimeout": str}, "tcp": {"connectTimeout": str}},
        "retry": {"numRetries": int, "retryOn": {"triggers": [str], "httpStatusCodes": [int]}},
        "responseOverride": [{"match!": {"statusCodes": [{"value": int}]}, "response": _RESPONSE}],
        "compressor": object,
    },
    "SecurityPolicy": {
        "authorization": {
            "defaultAction": str,
            "rules": [{"action!": str, "principal": {"clientCIDRs": [NETWORK]}, "cel": str}],
        },
        "basicAuth": {"users!": REFERENCE},
        "cors": {**CORS, "maxAge": str},
        "extAuth": {"http": {"pathOverride": str, "backendRefs": [BACKEND]}},
    },
    "ClientTrafficPolicy": {
        "tls": {"clientValidation": {"mode": str, "caCertificateRefs": [BACKEND]}, "ciphers": [str]},
        "clientIPDetection": object,
        "proxyProtocol": object,
        "headers": object,
    },
    "HTTPRouteFilter": {
        "urlRewrite": {"path": {"replaceRegexMatch": {"pattern!": PATTERN, "substitution!": str}}},
        "directResponse": _RESPONSE,
    },
    "Backend": {"endpoints": [{"fqdn": {"hostname!": str, "port!": int}}], "tls": object},
}
