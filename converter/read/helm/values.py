"""What the values of a chart say about Ingresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from converter.ingress.fields import line_of
from converter.read.located import FaultError, load

_PREFIX = "nginx.ingress.kubernetes.io/"
_TRUE = (True, "true")


class Wish(NamedTuple):
    """A place in values that asks for an Ingress."""

    path: str
    """Its keys, joined by dots."""
    line: int

    def within(self, file: str) -> str:
        return f"{self.path}, {file}:{self.line}"


def wish_for_ingress(values: Any, path: str = "") -> Wish | None:
    """The first section ``ingress`` that is enabled, or annotation of ingress-nginx.

    A section that is not enabled asks for nothing, whatever it holds.
    """
    if isinstance(values, list):
        return next((found for each in values if (found := wish_for_ingress(each, path))), None)
    if not isinstance(values, dict):
        return None
    for key, value in values.items():
        here = f"{path}.{key}" if path else key
        if key.startswith(_PREFIX):
            return Wish(here, line_of(values, key, 0))
        if key.lower().endswith("ingress") and isinstance(value, dict) and "enabled" in value:
            if value["enabled"] in _TRUE:
                return Wish(here, line_of(values, key, 0))
            continue
        if found := wish_for_ingress(value, here):
            return found
    return None


def wish_in_text(text: str, line: int) -> Wish | None:
    """The same of values that are a block of text, whose first line is ``line``."""
    try:
        return wish_for_ingress(load(text, line)[0])
    except FaultError:
        return None


def wish_in_file(file: str) -> Wish | None:
    try:
        return wish_in_text(Path(file).read_text("utf-8"), 1)
    except (OSError, UnicodeDecodeError):
        return None
