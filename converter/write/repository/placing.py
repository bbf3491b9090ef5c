"""Texts of generated files: written anew where they are as this program left them, kept where somebody edited them."""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING

from converter.write import stamp
from converter.write.repository.model import Conflict
from converter.write.repository.style import Style, style_of
from converter.write.yaml import dump

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.write.repository.draft import Draft
    from converter.write.repository.model import Home, OnConflict


def common_style(draft: Draft, files: Iterable[str]) -> Style:
    """How most of the files are written; what Ingresses share has no file of its own to look at."""
    styles = Counter(style_of(draft.text(file) or "") for file in files)
    return styles.most_common(1)[0][0] if styles else Style()


def put_home(draft: Draft, home: Home, style: Style, on_conflict: OnConflict) -> Conflict | None:
    """Put the objects of a home into the draft, or say why what is there was kept."""
    wanted = _body(home, style)
    here = draft.text(home.path)
    written = stamp.find(here) if here else None
    if here is None or (home.inside and written is None):
        draft.put(home.path, _new_text(here or "", wanted, style, inside=home.inside))
    elif written is None:
        return Conflict(home.path, here, stamp.stamped(wanted), foreign=True)
    elif written.body == wanted and written.state != "edited":
        return None
    elif written.state == "ours" or written.body == wanted or on_conflict == "overwrite":
        text = stamp.closed(stamp.stamped(wanted)) if home.inside else stamp.stamped(wanted)
        draft.put(home.path, here[: written.start] + style.written(text) + here[written.end :])
    else:
        return Conflict(home.path, written.body, wanted, foreign=False)
    return None


def take_out(draft: Draft, path: str) -> None:
    """Take what this program wrote out of a file, and the file away if nothing else is in it."""
    text = draft.text(path) or ""
    written = stamp.find(text)
    if written is None:
        return
    before, after = text[: written.start], text[written.end :]
    mark = before.rstrip("\r\n").removesuffix("---") if not after.strip() else before
    rest = mark + after
    draft.put(path, rest if rest.strip() else None)


def release(draft: Draft, path: str) -> None:
    """Let go of what this program wrote into a file: from now on it is the user's."""
    text = draft.text(path) or ""
    written = stamp.find(text)
    if written is not None and written.state != "done":
        line_end = style_of(text).line_end
        first = text.index("\n", written.start) + 1
        head = stamp.released("").replace("\n", line_end)
        draft.put(path, text[: written.start] + head + text[first:])


def _body(home: Home, style: Style) -> str:
    text = dump(home.objects, style.list_indent)
    return f"---\n{text}" if style.marked and not home.inside else text


def _new_text(here: str, wanted: str, style: Style, *, inside: bool) -> str:
    if not inside:
        return style.written(stamp.stamped(wanted))
    gap = "" if here.endswith("\n") or not here else style.line_end
    return here + gap + style.written("---\n" + stamp.closed(stamp.stamped(wanted)))


def entry_for(path: str, lister: str) -> str:
    """A file as the kustomization lists it."""
    return posixpath.relpath(path, posixpath.dirname(lister) or ".")
