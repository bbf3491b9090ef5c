"""One policy of a kind for a rule, whatever asks for it: implementations apply only one of a kind to a target.

The same goes for the filters of which a rule takes only one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.gateway.drafts import Extension


def joined(extensions: Iterable[Extension]) -> tuple[Extension, ...]:
    """The extensions of a rule: policies of one kind in one, and filters of which it takes one where they agree."""
    others: list[Extension] = []
    policies: dict[str, Extension] = {}
    for extension in extensions:
        if extension.how != "policy":
            _add(others, extension)
        else:
            first = policies.get(extension.kind)
            policies[extension.kind] = _join(first, extension) if first else extension
    return (*others, *policies.values())


def _add(others: list[Extension], extension: Extension) -> None:
    for index, known in enumerate(others if extension.once else ()):
        if (known.kind, known.once) == (extension.kind, extension.once):
            try:
                others[index] = _join(known, extension)
            except ValueError:
                continue
            return
    others.append(extension)


def _join(one: Extension, other: Extension) -> Extension:
    words = dict.fromkeys([*one.word.split("-"), *other.word.split("-")])
    return replace(
        one,
        word="-".join(words),
        spec=merged(one.spec, other.spec),
        notes=(*one.notes, *other.notes),
        companions=(*one.companions, *other.companions),
    )


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both specs: mappings field by field, lists one after the other unless they are the same.

    Raises:

        ValueError: They want different values in one field; whoever made them has to say them in one.
    """
    return {**one, **{key: _both(one[key], value) if key in one else value for key, value in other.items()}}


def agreed(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """As :func:`merged`, for owners who do not know of each other: lists that differ are a disagreement."""
    found = dict(one)
    for key, value in other.items():
        known = found.setdefault(key, value)
        if isinstance(known, dict) and isinstance(value, dict):
            found[key] = agreed(known, value)
        elif known != value:
            raise ValueError(f"a policy cannot say both {known!r} and {value!r}")
    return found


def _both(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return merged(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return one if one == other else [*one, *other]
    if one != other:
        raise ValueError(f"a policy cannot say both {one!r} and {other!r}")
    return one
