"""An earlier state of a Git repository, read into a folder of its own; the work tree is never touched."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from converter.read.documents import MAX_BYTES
from converter.read.git import NOT_INSTALLED, complaint, in_repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from subprocess import CompletedProcess

_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""Reading takes no lock, fetches nothing and asks nobody."""
_LINK, _SUBMODULE = "120000", "160000"


class NoRevisionError(Exception):
    """The revision cannot be read; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The files of a commit in a folder."""

    folder: Path
    """Stands where the current directory stands in the work tree."""
    commit: str
    top: Path
    """Of the work tree."""
    submodules: tuple[str, ...]
    """Relative to the top; what is in them is not part of the commit."""


@contextmanager
def revision(name: str, near: str) -> Iterator[Revision]:
    """The files of the commit that ``name`` stands for, in the repository that ``near`` belongs to.

    The folder lasts as long as the context. Raises :class:`NoRevisionError`.
    """
    top = _top(near)
    commit = _commit(top, name)
    with TemporaryDirectory(prefix="ingress-migrate-") as temporary:
        root = Path(temporary).resolve()
        submodules = _extract(top, commit, root)
        # Where the rules of .gitignore begin.
        (root / ".git").mkdir(exist_ok=True)
        here = Path.cwd().resolve()
        inside = here == top or top in here.parents
        folder = root / (here.relative_to(top) if inside else "")
        folder.mkdir(parents=True, exist_ok=True)
        yield Revision(folder, commit, top, submodules)


def _top(near: str) -> Path:
    folder = near if os.path.isdir(near) else os.path.dirname(near) or "."
    if not os.path.isdir(folder):
        raise NoRevisionError(f"{near} does not exist, so there is no repository to look in.")
    done = _run(Path(folder), "rev-parse", "--show-toplevel")
    if done.returncode and in_repository(folder):
        raise NoRevisionError(
            f"Git does not read the repository of {near}: {complaint(done.stderr)}; git status says more."
        )
    if done.returncode:
        raise NoRevisionError(f"{near} is in no Git repository; name a folder of objects instead.")
    return Path(os.fsdecode(done.stdout.rstrip(b"\n"))).resolve()


def _commit(top: Path, name: str) -> str:
    found = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found is not None:
        return found.decode().strip()
    if (_git(top, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true":
        raise NoRevisionError(f"{name} is not in this shallow clone; fetch it first (git fetch --unshallow).")
    raise NoRevisionError(f"{name} is neither a folder nor a commit, branch or tag of the repository {top}.")


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """What Git says; ``None`` when it fails."""
    done = _run(folder, *arguments, given=given)
    return done.stdout if done.returncode == 0 else None


def _run(folder: Path, *arguments: str, given: bytes = b"") -> CompletedProcess[bytes]:
    import subprocess

    try:
        return subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607  the user's own Git
            input=given,
            capture_output=True,
            env={**os.environ, **_ENVIRONMENT},
            check=False,
        )
    except FileNotFoundError:
        raise NoRevisionError(f"{NOT_INSTALLED}, so no earlier state can be read; name a folder instead.") from None


def _extract(top: Path, commit: str, root: Path) -> tuple[str, ...]:
    """Write all files of the commit, byte for byte as they were committed; return its submodules."""
    listing = _git(top, "ls-tree", "-r", "-z", "--long", "--full-tree", commit)
    if listing is None:
        raise NoRevisionError(f"The files of {commit} cannot be listed; the repository may be damaged.")
    submodules, wanted = [], []
    for entry in filter(None, listing.split(b"\0")):
        about, _, path = entry.partition(b"\t")
        mode, _, blob, size = about.decode().split()
        if mode == _SUBMODULE:
            submodules.append(os.fsdecode(path))
        elif int(size) <= MAX_BYTES:
            wanted.append((mode, blob, os.fsdecode(path)))
    _write(root, wanted, _git(top, "cat-file", "--batch", given="".join(f"{blob}\n" for _, blob, _ in wanted).encode()))
    return tuple(submodules)


def _write(root: Path, wanted: Sequence[tuple[str, str, str]], contents: bytes | None) -> None:
    start = 0
    for mode, blob, path in wanted:
        end = contents.find(b"\n", start) if contents else -1
        parts = contents[start:end].split() if contents else []
        if contents is None or len(parts) != 3:
            raise NoRevisionError(f"{path} ({blob}) is not in the repository; fetch it first.")
        data = contents[end + 1 : end + 1 + int(parts[2])]
        start = end + 2 + len(data)
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if mode == _LINK:
            file.symlink_to(os.fsdecode(data))
        else:
            file.write_bytes(data)


def is_revision(name: str, near: str) -> bool:
    """Whether Git knows a commit by that name."""
    try:
        _commit(_top(near), name)
    except NoRevisionError:
        return False
    return True
