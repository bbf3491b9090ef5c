"""What an API server demands of objects, as far as a request can tell the difference.

Objects of ours have this form; those that people wrote may lack a name or have a number for a text.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.gateway.forms import FORMS
from converter.gateway.forms.words import Fitting, Legible, Named, Parts, Typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.gateway.forms.words import Fields, Form

_WORDS: Mapping[Any, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    int | str: "a whole number or a text",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    path: str
    """``spec.rules[0].matches``."""
    message: str
    """What is wrong with it, to be read after the path."""
    line: int
    """0 where the object has no lines."""


def without_nulls(value: Any) -> Any:
    """The object as an API server takes it in: a field that is null is none. Positions stay what they were."""
    if isinstance(value, dict):
        kept: dict[str, Any] = copy(value)
        for key, item in value.items():
            if item is None:
                del kept[key]
            else:
                kept[key] = without_nulls(item)
        return kept
    if isinstance(value, list):
        items: list[Any] = copy(value)
        items[:] = map(without_nulls, value)
        return items
    return value


def fits(value: Any, form: Form) -> bool:
    """Whether a part of an object has a form."""
    return not any(_of_value(value, form, "", 0))


def flaws(entry: Mapping[str, Any]) -> Iterator[Flaw]:
    """What is wrong with an object of one of the kinds, which has no nulls."""
    yield from _of_fields(entry, FORMS[entry["kind"]], "", 0)


def _of_fields(value: Mapping[str, Any], form: Fields, path: str, line: int) -> Iterator[Flaw]:
    line = int(getattr(value, "line", line))
    for key, wanted in form.items():
        field = key.removesuffix("!")
        place = f"{path}.{field}" if path else field
        if key.endswith("!") and value.get(field) in (None, []):
            yield Flaw(place, "is empty" if field in value else "is missing", _line_of(value, field, line))
        elif field in value:
            yield from _of_value(value[field], wanted, place, _line_of(value, field, line))


def _line_of(value: Mapping[str, Any], field: str, line: int) -> int:
    at: Mapping[str, tuple[int, int]] = getattr(value, "at", {})
    return at.get(field, (line, 0))[0]


def _of_value(value: Any, form: Form, path: str, line: int) -> Iterator[Flaw]:
    if isinstance(form, list):
        if not isinstance(value, list):
            yield Flaw(path, "is no list", line)
            return
        for index, item in enumerate(value):
            yield from _of_value(item, form[0], f"{path}[{index}]", line)
    elif isinstance(form, dict | Named | Parts | Typed):
        if isinstance(value, dict):
            yield from _of_mapping(value, form, path, line)
        else:
            yield Flaw(path, "is no mapping", line)
    else:
        yield from _of_scalar(value, form, path, line)


def _of_mapping(value: Mapping[str, Any], form: Form, path: str, line: int) -> Iterator[Flaw]:
    if isinstance(form, Named):
        for field, item in value.items():
            yield from _of_value(item, form.form, f"{path}.{field}", _line_of(value, field, line))
    elif isinstance(form, Typed):
        yield from _of_fields(value, form.fields, path, line)
        body = form.needs.get(str(value.get("type")))
        if body and body not in value:
            yield Flaw(f"{path}.{body}", "is missing", int(getattr(value, "line", line)))
    else:
        yield from _of_fields(value, form.fields if isinstance(form, Parts) else form, path, line)


def _of_scalar(value: Any, form: Form, path: str, line: int) -> Iterator[Flaw]:
    if isinstance(form, tuple):
        if not isinstance(value, str):
            yield Flaw(path, f"is not {_WORDS[str]}", line)
        elif value not in form:
            yield Flaw(path, f"is none of {', '.join(form)}", line)
    elif isinstance(form, Fitting):
        if not _is(value, form.type) or not form.holds(value):
            yield Flaw(path, f"is no {form.what}", line)
    elif not _is(value, str if isinstance(form, Legible) else form):
        yield Flaw(path, f"is not {_WORDS.get(form, _WORDS[str])}", line)


def _is(value: Any, form: Any) -> bool:
    """A truth value is a number to Python alone."""
    return isinstance(value, form) and (form in (bool, object) or not isinstance(value, bool))
