"""Objects of the Gateway API in few words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
API = "gateway.networking.k8s.io"


def gateway(*listeners: Json, name: str = "main", **spec: Any) -> Json:
    found = [{"name": f"l{index}", **each} for index, each in enumerate(listeners or (http(),))]
    return {"kind": "Gateway", "metadata": {"name": name, "namespace": "team"}, "spec": {"listeners": found, **spec}}


def http(hostname: str = "", port: int = 80) -> Json:
    return {"port": port, "protocol": "HTTP", **({"hostname": hostname} if hostname else {})}


def https(hostname: str = "", port: int = 443) -> Json:
    return {**http(hostname, port), "protocol": "HTTPS", "tls": {"certificateRefs": [{"name": "some"}]}}


def route(*rules: Json, name: str = "web", kind: str = "HTTPRoute", parent: Json | None = None, **spec: Any) -> Json:
    parents = [parent or {"name": "main"}]
    return {
        "kind": kind,
        "metadata": {"name": name, "namespace": "team"},
        "spec": {"parentRefs": parents, "rules": list(rules), **spec},
    }


def rule(path: str = "/", to: str = "web", *filters: Json, kind: str = "PathPrefix", **match: Any) -> Json:
    """``to`` is a Service; empty for none."""
    found: Json = {"matches": [{"path": {"type": kind, "value": path}, **match}]}
    return found | ({"filters": list(filters)} if filters else {}) | ({"backendRefs": [backend(to)]} if to else {})


def backend(name: str = "web", **further: Any) -> Json:
    return {"name": name, "port": 80, **further}


def redirect(**body: Any) -> Json:
    return {"type": "RequestRedirect", "requestRedirect": body}


def rewrite(**body: Any) -> Json:
    return {"type": "URLRewrite", "urlRewrite": body}


def prefix(replacement: str) -> Json:
    return {"type": "ReplacePrefixMatch", "replacePrefixMatch": replacement}


def full(replacement: str) -> Json:
    return {"type": "ReplaceFullPath", "replaceFullPath": replacement}


def on_request(**body: Any) -> Json:
    return {"type": "RequestHeaderModifier", "requestHeaderModifier": body}


def on_response(**body: Any) -> Json:
    return {"type": "ResponseHeaderModifier", "responseHeaderModifier": body}


def header(name: str, value: str) -> Json:
    return {"name": name, "value": value}


def mirror(to: str, **body: Any) -> Json:
    return {"type": "RequestMirror", "requestMirror": {"backendRef": backend(to), **body}}


def cors(**body: Any) -> Json:
    return {"type": "CORS", "cors": body}


def authority(to: str = "auth", **reference: Any) -> Json:
    body = {"protocol": "HTTP", "backendRef": backend(to, **reference), "http": {"path": "/check"}}
    return {"type": "ExternalAuth", "externalAuth": body}


def pattern(name: str, value: str) -> Json:
    return {"name": name, "type": "RegularExpression", "value": value}
