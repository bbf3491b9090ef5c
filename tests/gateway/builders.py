"""Drafts and listeners of which a test names only what it is about."""

from __future__ import annotations

from typing import Any

from converter.gateway.drafts import BackendRef, Extension, HostDraft, Note, PathMatch, RuleDraft, SideDraft
from converter.gateway.listeners import GatewayId, Listener
from converter.gateway.releases import Release, release
from converter.ledger import Origin, Source, Verdict

NEWEST = release("1.6", "standard")
OLDEST = release("1.0", "standard")
EDGE = GatewayId("edge", "nginx")


def experimental(version: str) -> Release:
    return release(version, "experimental")


def source(name: str = "web", namespace: str = "team-a") -> Source:
    return Source("Ingress", namespace, name, "a.yaml", 1)


def origin(key: str, value: str = "", owner: Source | None = None, type: Any = "annotation") -> Origin:  # noqa: A002
    return Origin(owner or source(), type, key, value)


def note(key: str, path: str = "", verdict: Verdict = Verdict.TRANSLATED) -> Note:
    return Note(origin(key), verdict, "a.code", "Words.", "", path)


def prefix(value: str) -> PathMatch:
    return PathMatch("PathPrefix", value)


def exact(value: str) -> PathMatch:
    return PathMatch("Exact", value)


def pattern(value: str) -> PathMatch:
    return PathMatch("RegularExpression", value)


def draft(match: PathMatch | str, service: str = "web", **parts: Any) -> RuleDraft:
    """A rule for a path; ``service`` may be empty."""
    found = prefix(match) if isinstance(match, str) else match
    owner = parts.pop("owner", source())
    backend = BackendRef(owner.namespace, service, 80) if service else None
    return RuleDraft(found, owner, parts.pop("backend", backend), **parts)


def policy(word: str = "limit", **spec: Any) -> Extension:
    return Extension("BackendTrafficPolicy", "example.com/v1", "policy", word, spec, ())


def replaced_prefix(value: str = "/") -> dict[str, Any]:
    path = {"type": "ReplacePrefixMatch", "replacePrefixMatch": value}
    return {"type": "URLRewrite", "urlRewrite": {"path": path}}


def header(value: str) -> dict[str, Any]:
    return {"type": "ResponseHeaderModifier", "responseHeaderModifier": {"set": [{"name": "X-A", "value": value}]}}


def host(name: str, *rules: RuleDraft, listeners: Any = ("http",), **parts: Any) -> HostDraft:
    names = (name, *parts.pop("aliases", ()))
    sides = (SideDraft(listeners, rules or (draft("/"),)),)
    base = {"owner": source(), "certificate": None, "sides": sides, "ordered": False}
    return HostDraft(name=name, names=names, **base | parts)


def https(host: str, gateway: GatewayId = EDGE, **parts: Any) -> Listener:
    found = {"name": f"https-{host.replace('.', '-')}", "secret": ("edge", "cert")} | parts
    return Listener(gateway, "HTTPS", host, **found)


def http(host: str = "", gateway: GatewayId = EDGE) -> Listener:
    return Listener(gateway, "HTTP", host, f"http-{host.replace('.', '-')}" if host else "http")
