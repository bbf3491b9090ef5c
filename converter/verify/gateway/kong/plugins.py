"""A plugin as the objects of other implementations are: its name is the field, and what it is told the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.form import fits
from converter.gateway.forms.kong import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND = "KongPlugin"
UNITS = {"second": 1, "minute": 60, "hour": 3600}
"""Of a rate, in seconds."""


def plugin_as_policy(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Other kinds are as they were. What is told otherwise than we tell it has no name that anybody knows."""
    if entry["kind"] != KIND:
        return entry
    name, config = entry.get("plugin"), entry.get("config")
    known = isinstance(name, str) and name in PLUGINS and fits(config, PLUGINS[name])
    field = name if known else f"plugin {name or ''}"
    return {**entry, "spec": {field: config if known else entry["metadata"]["name"]}}
