"""The forms of what Traefik adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import NAME, NETWORK, PATTERN, Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.forms.words import Fields

GROUPS = ("traefik.io", "traefik.containo.us")
_HEADERS = Parts(
    {
        **{f"accessControlAllow{what}": [str] for what in ("OriginList", "OriginListRegex", "Methods", "Headers")},
        "accessControlExposeHeaders": [str],
        "accessControlAllowCredentials": bool,
        "accessControlMaxAge": int,
        "addVaryHeader": object,
    }
)
_SERVICE: Fields = {
    **NAME,
    "namespace": str,
    "port": int | str,
    "sticky": {"cookie": {"name": str, "maxAge": int}},
    "strategy": str,
    "scheme": str,
}

FORMS: Mapping[str, Any] = {
    "Middleware": {
        "headers": _HEADERS,
        "rateLimit": {"average": int, "period": int | str, "burst": int},
        "inFlightReq": {"amount": int},
        "ipAllowList": {"sourceRange": [NETWORK], "rejectStatusCode": int},
        "basicAuth": {"secret": str},
        "digestAuth": {"secret": str},
        "forwardAuth": {"address": str, "authSigninURL": str},
        "buffering": {"maxRequestBodyBytes": int},
        "retry": {"attempts": int, "disableRetryOnNetworkError": bool, "status": [str]},
        "replacePathRegex": {"regex!": PATTERN, "replacement!": str},
        "errors": {"status": [str], "service": _SERVICE, "query": str},
        "compress": object,
    },
    "TraefikService": {"weighted": {"services": [_SERVICE]}, "mirroring": {**_SERVICE, "mirrors": [_SERVICE]}},
}
