"""Files with options of their own: the input of one environment falls into shares that are converted apart."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.cli.settings.model import Override, Settings
    from converter.read import Document, Environment

_NAMESPACE = "namespace"
"""It says where objects are, not what they become, so it divides nothing."""


class Share(NamedTuple):
    """Ingresses of one environment with equal options, and everything that is no Ingress."""

    environment: Environment
    options: Mapping[str, Any]
    override: Override | None = None
    """The last that sets it apart; ``None`` for the files that have no options of their own."""


def shares(environment: Environment, options: Mapping[str, Any]) -> list[Share]:
    """What has no options of its own comes first; the others in the order of their first Ingress."""
    settings: Settings | None = options.get("config")
    if settings is None or not settings.overrides:
        return [Share(environment, options)]
    matching = cache(lambda file: _matching(settings, file))
    documents = [_at_home(document, matching(document.file)) for document in environment.reading.documents]
    members: dict[tuple[tuple[str, Any], ...], tuple[Override | None, dict[str, Any]]] = {(): (None, {})}
    belongs = {}
    for document in documents:
        if document.value.get("kind") == "Ingress":
            found = matching(document.file)
            own = _own(found)
            key = tuple(sorted(own.items()))
            members.setdefault(key, (_last(found), own))
            belongs[id(document)] = key
    first = environment.reading
    made: list[Share] = []
    for key, (override, own) in members.items():
        kept = tuple(each for each in documents if belongs.get(id(each), key) == key)
        reading = replace(first, documents=kept, files=0 if made else first.files)
        made.append(Share(replace(environment, reading=reading), {**options, **own}, override))
    return made


def _matching(settings: Settings, file: str) -> tuple[Override, ...]:
    path = os.path.relpath(os.path.realpath(file), settings.folder).replace(os.sep, "/")
    if path.startswith("../"):
        return ()
    return tuple(each for each in settings.overrides if each.spec.match_file(path))


def _at_home(document: Document, found: Iterable[Override]) -> Document:
    homes = [each.settings[_NAMESPACE].value for each in found if _NAMESPACE in each.settings]
    return replace(document, home=homes[-1]) if homes else document


def _own(found: Iterable[Override]) -> dict[str, Any]:
    """Of two overrides that set one option the later one counts."""
    return {s.parameter: s.value for each in found for name, s in each.settings.items() if name != _NAMESPACE}


def _last(found: Iterable[Override]) -> Override | None:
    dividing = [each for each in found if each.settings.keys() - {_NAMESPACE}]
    return dividing[-1] if dividing else None
