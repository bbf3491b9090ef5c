"""What the spec of an object refers to: references lose the namespace where it is the object's own, else they are told.

A mapping with ``name`` and ``namespace`` is a reference. Where it names no kind it means a Service if it has a port,
else a Secret, as in the objects of all implementations that we write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.grants import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.releases import KindForm


def at_home(spec: Mapping[str, Any], form: KindForm, namespace: str) -> tuple[dict[str, Any], set[Reference]]:
    """The spec as an object of this kind says it in this namespace, and what it refers to in others."""
    found: set[Reference] = set()
    walked: dict[str, Any] = _walked(spec, (form.kind, namespace), form.group, found)
    return walked, found


def _walked(value: Any, source: tuple[str, str], group: str, found: set[Reference]) -> Any:
    if isinstance(value, list):
        return [_walked(entry, source, group, found) for entry in value]
    if not isinstance(value, dict):
        return value
    home = source[1]
    if isinstance(value.get("name"), str) and isinstance(value.get("namespace"), str):
        if value["namespace"] == home:
            return {key: entry for key, entry in value.items() if key != "namespace"}
        kind = value.get("kind") or ("Service" if "port" in value else "Secret")
        found.add(Reference(source, value["namespace"], value.get("group", ""), kind, value["name"], group))
        return value
    return {key: _walked(entry, source, group, found) for key, entry in value.items()}
