"""Who may attach from where. Gateway API: ``AllowedRoutes``, ``AllowedListeners`` and label selectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Namespaces = Mapping[str, Mapping[str, str]]
"""The labels of each namespace that is known."""
NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class Allowed:
    source: str
    """``Same``, ``All``, ``Selector`` or ``None``."""
    home: str
    selector: Mapping[str, Any]
    kinds: tuple[str, ...]
    """Empty: those that fit the protocol."""

    @staticmethod
    def read(spec: Mapping[str, Any], home: str, default: str = "Same") -> Allowed:
        namespaces = spec.get("namespaces", {})
        kinds = tuple(entry["kind"] for entry in spec.get("kinds", []))
        return Allowed(namespaces.get("from", default), home, namespaces.get("selector", {}), kinds)

    def lets_in(self, namespace: str, known: Namespaces) -> bool:
        if self.source == "Same":
            return namespace == self.home
        if self.source == "Selector":
            return _selected(self.selector, {NAME_LABEL: namespace, **known.get(namespace, {})})
        return self.source == "All"


def _selected(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    wanted = selector.get("matchLabels", {})
    if any(labels.get(name) != value for name, value in wanted.items()):
        return False
    return all(_expression(entry, labels) for entry in selector.get("matchExpressions", []))


def _expression(entry: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, values = labels.get(entry["key"]), entry.get("values", [])
    checks = {
        "In": value in values,
        "NotIn": value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }
    return checks[entry["operator"]]
