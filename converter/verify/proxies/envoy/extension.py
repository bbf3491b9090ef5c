"""A part of the configuration that says of which type it is: ``TypedExtensionConfig``."""

from __future__ import annotations

from typing import Any

ENVOY = "type.googleapis.com/envoy"


def extension(name: str, kind: str, /, **config: Any) -> dict[str, Any]:
    return {"name": name, "typed_config": {"@type": kind, **config}}
