"""Which object goes into which file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.write.directory import OutputFile
from converter.write.yaml import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHARED_KINDS = frozenset(("GatewayClass", "Gateway"))
"""What all namespaces share stands at the top, with the objects that have no namespace."""
_NOT_IN_A_PATH = re.compile(r"[^a-z0-9._-]")
_LONGEST_PART = 200


def layout(environments: Mapping[str, Iterable[Mapping[str, Any]]]) -> tuple[OutputFile, ...]:
    """One file for each object, ordered by path; two objects never share a path.

    Each environment has a folder; the one without a name has none.
    """
    files = (
        OutputFile(f"{name}/{file.path}" if name else file.path, file.text)
        for name, objects in environments.items()
        for file in _layout(objects)
    )
    return tuple(sorted(files, key=lambda file: file.path))


def _layout(objects: Iterable[Mapping[str, Any]]) -> Iterable[OutputFile]:
    taken: dict[str, Mapping[str, Any]] = {}
    for each in sorted(objects, key=_identity):
        taken[_free(stem_of(each), taken)] = each
    return (OutputFile(f"{stem}.yaml", dump([each])) for stem, each in taken.items())


def stem_of(each: Mapping[str, Any]) -> str:
    """The path of an object's file, without suffix."""
    _, kind, namespace, name = _identity(each)
    file = f"{_part(kind)}-{_part(name)}"
    if not namespace or kind in _SHARED_KINDS:
        return file
    # Without dots a namespace is neither ".." nor the name of a file beside it.
    return f"{_part(namespace).replace('.', '_')}/{file}"


def _free(stem: str, taken: Mapping[str, Any]) -> str:
    candidate, number = stem, 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate


def _part(text: str) -> str:
    return _NOT_IN_A_PATH.sub("_", text.lower())[:_LONGEST_PART]


def _identity(each: Mapping[str, Any]) -> tuple[str, str, str, str]:
    metadata = each.get("metadata") or {}
    namespace, name = metadata.get("namespace") or "", metadata.get("name") or ""
    return str(each.get("apiVersion")), str(each.get("kind")), str(namespace), str(name)
