"""Certificates of listeners in other namespaces. Gateway API: ``ListenerTLSConfig.certificateRefs``, ReferenceGrant.

A listener that may not use its certificate is not programmed, so connections to it are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Json = Mapping[str, Any]
    Grants = Mapping[str, Sequence[Json]]
    """By namespace."""

_HOLDERS = ("Gateway", "ListenerSet", "XListenerSet")
_GROUPS = ("gateway.networking.k8s.io", "gateway.networking.x-k8s.io")


def with_certificates(objects: Sequence[Json], grants: Grants) -> list[Json]:
    """The objects without the listeners that may not use their certificates."""
    return [_usable(entry, grants) if barred(entry, grants) else entry for entry in objects]


def barred(entry: Json, grants: Grants) -> dict[str, str]:
    """The listeners of an object that may not use a certificate, by name, with its namespace."""
    if entry["kind"] not in _HOLDERS:
        return {}
    return {
        listener["name"]: namespace
        for listener in entry["spec"].get("listeners", [])
        for namespace, name in _away(listener, entry["metadata"].get("namespace", ""))
        if not any(_allows(grant, entry, name) for grant in grants.get(namespace, ()))
    }


def _usable(entry: Json, grants: Grants) -> Json:
    names = barred(entry, grants)
    kept = [listener for listener in entry["spec"]["listeners"] if listener["name"] not in names]
    return {**entry, "spec": {**entry["spec"], "listeners": kept}}


def _away(listener: Json, home: str) -> Iterator[tuple[str, str]]:
    for reference in (listener.get("tls") or {}).get("certificateRefs", []):
        namespace = reference.get("namespace", home)
        if namespace != home:
            yield namespace, reference["name"]


def _allows(grant: Json, entry: Json, secret: str) -> bool:
    asked = entry["kind"], entry["metadata"].get("namespace", "")
    from_here = any(
        (each["kind"], each["namespace"]) == asked and each.get("group") in _GROUPS
        for each in grant["spec"].get("from", [])
    )
    return from_here and any(
        each["kind"] == "Secret" and each.get("name", secret) == secret for each in grant["spec"].get("to", [])
    )
