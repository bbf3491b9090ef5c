"""The CORS filter, after ``internal/xds/translator/cors.go`` of Envoy Gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.proxies.envoy.matches import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
NAME = "envoy.filters.http.cors"
_TYPE = "type.googleapis.com/envoy.extensions.filters.http.cors.v3"
FILTER: Json = {"name": NAME, "typed_config": {"@type": f"{_TYPE}.Cors"}}


def policy(body: Mapping[str, Any]) -> Json:
    """``CorsPolicy`` of one rule."""
    lists = {
        "allow_methods": body.get("allowMethods"),
        "allow_headers": body.get("allowHeaders"),
        "expose_headers": body.get("exposeHeaders"),
    }
    return {
        "@type": f"{_TYPE}.CorsPolicy",
        "allow_origin_string_match": [_origin(written) for written in body.get("allowOrigins", [])],
        **{name: ", ".join(words) for name, words in lists.items() if words},
        "max_age": str(body.get("maxAge", 5)),
        "allow_credentials": body.get("allowCredentials") is True,
        "forward_not_matching_preflights": False,
    }


def _origin(written: str) -> Json:
    if "*" not in written:
        return {"exact": written}
    return {"safe_regex": {"regex": ".*".join(quoted(part) for part in written.split("*"))}}
