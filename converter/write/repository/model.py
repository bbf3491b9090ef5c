"""What changing a repository in place is about."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.ledger import Entry
    from converter.problems import Problem
    from converter.read import Document
    from converter.write.together import Change

Json = dict[str, Any]
Identity = tuple[str, str, str]
"""Kind, namespace, name."""
OnConflict = Literal["report", "keep", "overwrite"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a conversion made of one environment."""

    environment: str
    objects: tuple[Json, ...]
    entries: tuple[Entry, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A file with the objects that belong there."""

    path: str
    objects: tuple[Json, ...]
    source: str
    """The manifest that they were made of, or one of those if several share them; its style is theirs."""
    folder: str = ""
    """Of infrastructure, which is of no Ingress alone; empty for everything else."""
    lister: str = ""
    """The kustomization that is to list the file; empty for none."""
    tops: tuple[str, ...] = ()
    """The kustomizations whose builds are to hold the objects."""

    @property
    def inside(self) -> bool:
        """The objects stand in the file of their source."""
        return self.path == posixpath.normpath(self.source)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants of a run."""

    paths: tuple[str, ...]
    infrastructure: str
    """The folder for what Ingresses share."""
    inside: bool = False
    """Into the files of the sources, instead of beside them."""
    on_conflict: OnConflict = "report"
    remove: bool = False
    """Take out the Ingresses that are settled."""
    list_unbuilt: bool = False
    """Files that were read as they stand are right so; what is made of them is listed where they are."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file that is not as this program left it, so it was kept."""

    path: str
    here: str
    wanted: str
    foreign: bool
    """This program did not write it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An Ingress that stays, and why."""

    file: str
    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do to the repository."""

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    problems: tuple[Problem, ...] = ()
    removed: tuple[str, ...] = ()
    """Ingresses that are taken out, as ``FILE: NAMESPACE/NAME``."""
    kept: tuple[Kept, ...] = ()
    stale: tuple[str, ...] = ()
    """Files that no Ingress makes any more."""
    unlisted: tuple[str, ...] = ()
    """Folders with shared objects that no kustomization takes in yet."""


def identity(each: Mapping[str, Any]) -> Identity:
    """What an object is called; an object without a name has an empty one."""
    metadata = each.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return str(each.get("kind")), str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
