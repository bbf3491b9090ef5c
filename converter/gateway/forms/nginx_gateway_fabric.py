"""The forms of what NGINX Gateway Fabric adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import REFERENCE, text

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("gateway.nginx.org",)
_CONTEXTS = ("main", "http", "http.server", "http.server.location")
_SIZE = text("size", "8m", r"\d{1,4}[kmg]?")
_TIME = text("time", "30s", r"\d{1,4}(ms|s|m|h)?")
_RATE = text("rate", "5r/s", r"\d+r/[sm]")

FORMS: Mapping[str, Any] = {
    "AuthenticationFilter": {"type!": str, "basic": {"secretRef!": REFERENCE}},
    "ClientSettingsPolicy": {"body": {"maxSize": _SIZE}, "keepAlive": object},
    "ProxySettingsPolicy": {
        "timeout": {"connect": _TIME, "read": _TIME, "send": _TIME},
        "buffering": {"disable": bool, "bufferSize": _SIZE, "busyBuffersSize": _SIZE},
    },
    "RateLimitPolicy": {"rateLimit": {"local": {"rules": [{"rate!": _RATE, "burst": int}]}}},
    "SnippetsFilter": {"snippets!": [{"context!": _CONTEXTS, "value!": str}]},
    "UpstreamSettingsPolicy": {"loadBalancingMethod": str, "hashMethodKey": str},
}
