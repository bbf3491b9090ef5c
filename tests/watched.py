"""Objects that remember which of their fields were asked for."""

from __future__ import annotations

from typing import Any

from converter.gateway.forms.words import Named, Parts, Typed

Read = tuple[str, tuple[str, ...]]
"""A kind, and the fields down to the one that was asked for; an item of a list is ``[]``."""


class Watched(dict[str, Any]):
    def __init__(self, value: dict[str, Any], read: set[Read], kind: str, above: tuple[str, ...] = ()) -> None:
        self._read, self._kind, self._above = read, kind, above
        super().__init__({key: _watched(item, read, kind, (*above, key)) for key, item in value.items()})

    def __getitem__(self, key: str) -> Any:
        self._ask(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._ask(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._ask(key)
        return super().get(key, default)

    def _ask(self, key: str) -> None:
        self._read.add((self._kind, (*self._above, key)))


def watched(entry: dict[str, Any], read: set[Read]) -> dict[str, Any]:
    """``read`` gets what is asked for."""
    return Watched(entry, read, entry["kind"])


def _watched(value: Any, read: set[Read], kind: str, above: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return Watched(value, read, kind, above)
    if isinstance(value, list):
        return [_watched(item, read, kind, (*above, "[]")) for item in value]
    return value


def has_form(form: Any, fields: tuple[str, ...]) -> bool:
    """Whether a form says what the last of the fields is."""
    if not fields or form is object:
        return True
    if isinstance(form, list):
        return fields[0] == "[]" and has_form(form[0], fields[1:])
    if isinstance(form, Named):
        return has_form(form.form, fields[1:])
    known = form.fields if isinstance(form, Parts | Typed) else form
    if not isinstance(known, dict):
        return False
    found = known.get(fields[0], known.get(f"{fields[0]}!"))
    return found is not None and has_form(found, fields[1:])
