"""One policy of a kind for a rule, whatever asks for it: implementations apply only one of a kind to a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def joined(extensions: Iterable[Extension]) -> tuple[Extension, ...]:
    """The extensions of a rule, with all policies of one kind in one."""
    filters: list[Extension] = []
    policies: dict[str, Extension] = {}
    for extension in extensions:
        if extension.how == "filter":
            filters.append(extension)
        else:
            first = policies.get(extension.kind)
            policies[extension.kind] = _join(first, extension) if first else extension
    return (*filters, *policies.values())


def _join(one: Extension, other: Extension) -> Extension:
    words = dict.fromkeys([*one.word.split("-"), *other.word.split("-")])
    spec = merged(one.spec, other.spec)
    return Extension(one.kind, one.api_version, one.how, "-".join(words), spec, (*one.notes, *other.notes))


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both specs: mappings field by field, lists one after the other.

    Raises:

        ValueError: They want different values in one field; whoever made them has to say them in one.
    """
    return {**one, **{key: _both(one[key], value) if key in one else value for key, value in other.items()}}


def _both(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return merged(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    if one != other:
        raise ValueError(f"a policy cannot say both {one!r} and {other!r}")
    return one
