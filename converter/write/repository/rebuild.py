"""Whether kustomize gives the objects as they were meant: it is asked, with a copy of the repository as it is to be."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.kustomize import LONGEST_REASON, kustomize_command, run_kustomize
from converter.write.repository.model import identity
from converter.write.repository.present import objects_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.read.kustomizations import Tree
    from converter.write.repository.model import Identity, Json
    from converter.write.together import Change

_NOT_COPIED = frozenset((".git", "node_modules", ".terraform", ".venv"))


def spoiled(
    trees: Iterable[Tree], changes: Sequence[Change], wanted: Mapping[str, Sequence[Json]]
) -> Mapping[str, tuple[str, tuple[Identity, ...]]]:
    """The kustomizations that do not give what they should: why none builds, or the objects that come out otherwise.

    ``wanted`` are the objects by the file of the kustomization. Its transformers may add labels and annotations.
    """
    from concurrent.futures import ThreadPoolExecutor

    asked = list(trees)
    with ThreadPoolExecutor() as pool:
        texts = pool.map(lambda tree: _build(tree, changes), asked)
    found: dict[str, tuple[str, tuple[Identity, ...]]] = {}
    for tree, (text, failure) in zip(asked, texts, strict=True):
        built = {_known(each): each for each in objects_in(text)}
        lost = tuple(identity(each) for each in wanted[tree.top.file] if not _same(each, built.get(_known(each))))
        if failure or lost:
            found[tree.top.file] = (failure, () if failure else lost)
    return found


def _known(each: Json) -> Identity:
    """kustomize gives a namespace even to a GatewayClass, and an API server takes it away again."""
    kind, namespace, name = identity(each)
    return kind, "" if kind == "GatewayClass" else namespace, name


def _same(wanted: Json, built: Json | None) -> bool:
    if built is None:
        return False
    return {k: v for k, v in wanted.items() if k != "metadata"} == {k: v for k, v in built.items() if k != "metadata"}


def spoiled_problem(top: str, failure: str, identities: Sequence[Identity]) -> Problem:
    """Objects of Ingresses that would come out otherwise."""
    return Problem(
        top,
        0,
        "kustomization-spoils",
        f"{_told(failure, identities)}; the new files were written and not listed.",
        "List them in a kustomization of their own beside this one.",
    )


def misplaced_problem(top: str, failure: str, identities: Sequence[Identity]) -> Problem:
    """Shared objects that a kustomization takes in and would change."""
    return Problem(
        top,
        0,
        "kustomization-spoils",
        f"{_told(failure, identities)}, which others share.",
        "Take the folder of shared objects out of it, and apply that folder by itself.",
    )


def _told(failure: str, identities: Sequence[Identity]) -> str:
    if failure:
        return f"kustomize could not build it: {failure[:LONGEST_REASON]}"
    kind, namespace, name = identities[0]
    more = f" and {len(identities) - 1} more" if len(identities) > 1 else ""
    label = f"{namespace}/{name}" if namespace else name
    return f"This kustomization changes {kind} {label}{more}, by a namespace or a name prefix for example"


def _build(tree: Tree, changes: Sequence[Change]) -> tuple[str, str]:
    paths = [member.folder for member in tree.members] + [path for m in tree.members for path in (*m.files, *m.parts)]
    changed = {os.path.realpath(change.path): change for change in changes}
    root = os.path.commonpath([os.path.realpath(path) for path in paths])
    root = root if os.path.isdir(root) else os.path.dirname(root)
    with tempfile.TemporaryDirectory(prefix="ingress-migrate-") as temporary:
        copy = os.path.join(temporary, "copy")
        _copy(root, copy)
        for path, change in changed.items():
            if path.startswith(root.rstrip(os.sep) + os.sep):
                _apply(os.path.join(copy, os.path.relpath(path, root)), change)
        folder = os.path.join(copy, os.path.relpath(os.path.realpath(tree.top.folder), root))
        text, failure = run_kustomize(os.path.normpath(folder), kustomize_command())
        return text, failure.replace(os.path.realpath(copy), root)


def _copy(root: str, copy: str) -> None:
    """A copy that costs no space where the file system can link."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _NOT_COPIED]
        target = os.path.join(copy, os.path.relpath(folder, root))
        os.makedirs(target, exist_ok=True)
        for name in names:
            with suppress(OSError):
                _link(os.path.join(folder, name), os.path.join(target, name))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target, follow_symlinks=False)


def _apply(path: str, change: Change) -> None:
    # The copy may be a link to the original, which must not be written.
    with suppress(FileNotFoundError):
        os.unlink(path)
    if change.after is not None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as handle:
            handle.write(change.after.encode())
