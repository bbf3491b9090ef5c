"""What a form is made of, and the forms that several kinds share.

A form is a type, a tuple of texts of which one is meant, a list with the form of its items, a mapping of fields to
theirs, or one of the classes below. ``!`` marks a field that has to be there; ``object`` is anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Form = Any
Fields = dict[str, Any]
"""The form of a mapping."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """A value of a type that has to be more than that."""

    type: type
    what: str
    """``network of addresses``."""
    holds: Callable[[Any], bool]
    example: Any


@dataclass(frozen=True, slots=True)
class Legible:
    """A text that means something to its implementation, and to us only if it is as we know it."""

    holds: Callable[[str], bool]
    example: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A mapping of which every field does something by itself, so that one without a form here is passed over."""

    fields: Fields


@dataclass(frozen=True, slots=True)
class Typed:
    """A mapping whose ``type`` says which other field it has to have."""

    fields: Fields
    needs: Mapping[str, str]
    """The field by the type."""


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys anybody may choose."""

    form: Form
    """Of each value."""


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def text(what: str, example: str, pattern: str) -> Fitting:
    """A text that a pattern describes as a whole."""
    holds = re.compile(pattern, re.ASCII).fullmatch
    return Fitting(str, f"{what} such as {example}", lambda value: holds(value) is not None, example)


PATTERN = Legible(_compiles, "^/old/(.*)")
"""RE2 knows more than Python in places."""
NETWORK = Fitting(str, "network of addresses", _is_network, "10.0.0.0/8")
COUNT = Fitting(int, "whole number from 0 on", lambda value: value >= 0, 1)
NAME: Fields = {"name!": str}
HEADERS: Form = [{"name!": str, "value!": str}]
REFERENCE: Fields = {**NAME, "namespace": str, "port": int}
BACKEND: Fields = {**REFERENCE, "kind": str, "group": str}
TARGET: Fields = {"kind!": str, "name!": str, "sectionName": str}
TARGETS: Fields = {"targetRefs": [TARGET], "targetRef": TARGET}
"""What policies attach to."""
CORS: Fields = {
    **{key: [str] for key in ("allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders")},
    "allowCredentials": bool,
}
