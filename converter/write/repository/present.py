"""What earlier runs wrote into the repository, and is there still."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.read.chunks import split
from converter.read.files import File, files
from converter.read.located import FaultError, load
from converter.write import stamp
from converter.write.repository.draft import Draft
from converter.write.repository.model import identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.write.repository.model import Identity, Json

_SIGN = b"ritten by ingress-migrate"


@dataclass(frozen=True, slots=True)
class Present:
    """A file that holds what this program wrote."""

    path: str
    written: stamp.Written
    objects: tuple[Json, ...]

    @property
    def identities(self) -> frozenset[Identity]:
        return frozenset(map(identity, self.objects))


def signed(paths: Iterable[str]) -> tuple[str, ...]:
    """The files below the paths that an earlier run may have written; the first path that leads to one names it."""
    found: dict[str, str] = {}
    for path in paths:
        for entry in files(path) if os.path.lexists(path) else ():
            if isinstance(entry, File) and _has_sign(entry.name):
                found.setdefault(os.path.realpath(entry.name), os.path.normpath(entry.name))
    return tuple(sorted(found.values()))


def present(names: Iterable[str], draft: Draft) -> tuple[Present, ...]:
    """What is in those files of what an earlier run wrote."""
    found = []
    for name in names:
        written = stamp.find(draft.text(name) or "")
        if written:
            found.append(Present(name, written, tuple(objects_in(written.body))))
    return tuple(found)


def _has_sign(path: str) -> bool:
    try:
        with open(path, "rb") as handle:
            return _SIGN in handle.read()
    except OSError:
        return False


def objects_in(text: str) -> Iterator[Json]:
    """The objects of a stream; what cannot be read is left out."""
    for chunk in split(text):
        try:
            value: Any = load(chunk.text, chunk.line)[0]
        except FaultError:
            continue
        if isinstance(value, dict) and value.get("kind"):
            yield value


def gateway_namespace(folder: str) -> str:
    """Where an earlier run put the only Gateway that stands in a folder; empty if there is none, or several."""
    here = (name for name in signed([folder]) if os.path.dirname(name) == os.path.normpath(folder))
    gateways = [each for old in present(here, Draft()) for each in old.objects if each.get("kind") == "Gateway"]
    return identity(gateways[0])[1] if len(gateways) == 1 else ""
