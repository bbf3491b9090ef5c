"""The forms of what kgateway adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import NAME, NETWORK, PATTERN, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("gateway.kgateway.dev",)
FORMS: Mapping[str, Any] = {
    "TrafficPolicy": {
        "acl": {
            "defaultAction!": ("allow", "deny"),
            "rules": [{"action!": ("allow", "deny"), "cidrs!": [NETWORK]}],
        },
        "rbac": {"action": ("Allow", "Deny"), "policy!": {"matchExpressions!": [str]}},
        "basicAuth": {"secretRef": REFERENCE, "users": [str], "disable": {}},
        "extAuth": {"extensionRef": REFERENCE, "disable": {}},
        "buffer": {"maxRequestSize": int | str, "disable": {}},
        "timeouts": {"streamIdle": str},
        "retry": {"attempts": int, "retryOn": [str], "statusCodes": [int]},
        "urlRewrite": {"pathRegex": {"pattern!": PATTERN, "substitution!": str}},
        "compression": object,
    },
    "ListenerPolicy": {"default": object},
    "BackendConfigPolicy": {
        "connectTimeout": str,
        "loadBalancer": {
            "ringHash": {"hashPolicies": [{"cookie": {**NAME, "ttl": str}, "header": NAME, "sourceIP": {}}]},
            "roundRobin": {},
            "leastRequest": {},
        },
        "tls": object,
    },
    "DirectResponse": {"status!": int},
}
