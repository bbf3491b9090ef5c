"""Parts of objects of a known kind that no prediction reads: what they do, their implementation alone knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.gateway.forms import FORMS
from converter.gateway.forms.words import Legible, Parts, Typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.gateway.forms.words import Fields, Form


@dataclass(frozen=True, slots=True)
class Unread:
    path: str
    """``spec.rateLimit``."""
    line: int
    """0 where the object has no lines."""


def unread(entry: Mapping[str, Any]) -> Iterator[Unread]:
    """Of an object without flaws."""
    yield from _of_fields(entry, FORMS[entry["kind"]], "")


def _of_fields(value: Mapping[str, Any], form: Fields, path: str) -> Iterator[Unread]:
    at: Mapping[str, tuple[int, int]] = getattr(value, "at", {})
    for key, wanted in form.items():
        field = key.removesuffix("!")
        if field in value:
            yield from _of_value(value[field], wanted, f"{path}.{field}" if path else field, at.get(field, (0, 0))[0])


def _of_value(value: Any, form: Form, path: str, line: int) -> Iterator[Unread]:
    if isinstance(form, Legible) and not form.holds(value):
        yield Unread(path, line)
    elif isinstance(form, list):
        for index, item in enumerate(value):
            yield from _of_value(item, form[0], f"{path}[{index}]", int(getattr(item, "line", line)))
    elif isinstance(form, Parts | Typed | dict):
        fields = form if isinstance(form, dict) else form.fields
        if isinstance(form, Parts):
            yield from _further(value, fields, path)
        yield from _of_fields(value, fields, path)


def _further(value: Mapping[str, Any], form: Fields, path: str) -> Iterator[Unread]:
    known = {key.removesuffix("!") for key in form}
    at: Mapping[str, tuple[int, int]] = getattr(value, "at", {})
    for field in value:
        if field not in known:
            yield Unread(f"{path}.{field}", at.get(field, (0, 0))[0])
