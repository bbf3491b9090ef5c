"""Bytes become text, and text becomes chunks: one for each document of a stream, with the line it begins on.

Splitting first means that one bad document cannot take the others with it, and that a chunk of a kind that nobody
needs is never parsed, which is where most of the time would go.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATOR = re.compile(r"^(?:---|\.\.\.)(?=[ \t\r]|$)", re.MULTILINE)
_KIND = re.compile(r"^(?:kind|\"kind\"|'kind')[ \t]*:[ \t]*[\"']?([A-Za-z0-9]+)", re.MULTILINE)
_JSON_KIND = re.compile(r"\"kind\"\s*:\s*\"([A-Za-z0-9]+)\"")
_MATTERS = re.compile(r"^[^\s#]|^\s+[^\s#]", re.MULTILINE)
_WORKLOADS = frozenset({"Deployment", "DaemonSet"})
_CONTROLLER = "ingress-"
"""In the image or the command of every ingress-nginx controller; other workloads are none of our business."""
GITOPS = {
    "Application": "argoproj.io",
    "ApplicationSet": "argoproj.io",
    "GitRepository": "source.toolkit.fluxcd.io",
    "HelmChart": "source.toolkit.fluxcd.io",
    "HelmRelease": "helm.toolkit.fluxcd.io",
    "HelmRepository": "source.toolkit.fluxcd.io",
    "Kustomization": "kustomize.toolkit.fluxcd.io",
    "OCIRepository": "source.toolkit.fluxcd.io",
}
"""Kinds of Flux and Argo CD that tell what is installed, and their groups; other groups have such kinds too."""
WANTED = frozenset(
    kind + suffix for kind in ("Ingress", "IngressClass", "Service", "ConfigMap", "Secret") for suffix in ("", "List")
) | {"List", "ResourceList"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Chunk:
    text: str
    index: int
    line: int
    """Of the file, where the text begins; the first is 1."""

    @property
    def wanted(self) -> bool:
        """Whether it may hold something that a conversion needs; a kind that cannot be seen at a glance may."""
        kind = self._kind()
        if kind in _WORKLOADS:
            return _CONTROLLER in self.text
        return kind == "" or kind in WANTED or (kind in GITOPS and self.of_gitops)

    @property
    def of_gitops(self) -> bool:
        """Whether it is for Flux or Argo CD rather than for the conversion."""
        group = GITOPS.get(self._kind())
        return group is not None and f"{group}/" in self.text

    def _kind(self) -> str:
        """As far as it can be seen at a glance; empty if not."""
        found = _KIND.search(self.text) or (_JSON_KIND.search(self.text) if self.text.lstrip()[:1] in "{[" else None)
        return found[1] if found else ""


Wanted = Callable[[Chunk], bool]
"""Says of which chunks to make documents."""


def of_a_conversion(chunk: Chunk) -> bool:
    return chunk.wanted


def of_any_kind(_: Chunk) -> bool:
    return True


class NotTextError(ValueError):
    """The bytes are no text; ``line`` is that of the first byte that says so."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def decode(data: bytes) -> str:
    """Text of UTF-8, or of what a byte order mark announces.

    Raises:

        NotTextError: Another encoding, or binary data.
    """
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data:
        raise NotTextError(data.count(b"\n", 0, data.index(b"\0")) + 1)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotTextError(data.count(b"\n", 0, error.start) + 1) from None


def split(text: str) -> Iterator[Chunk]:
    """The documents of a stream that hold more than comments.

    ``---`` or ``...`` at the start of a line, followed by a blank, ends a document even inside a block of text, so the
    split is exact. Directives stay with the document they are about.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start, line, index = 0, 1, 0
    carried = ""
    for end, mark in _ends(text):
        body = text[start:end]
        if _is_directive(body):
            carried = body
        elif _MATTERS.search(body.removeprefix("---")):
            yield Chunk(carried + body, index, line - carried.count("\n"))
            index += 1
            carried = ""
        line += text.count("\n", start, end)
        start = end if mark == "---" else end + len(mark)


def _ends(text: str) -> Iterator[tuple[int, str]]:
    for found in _SEPARATOR.finditer(text):
        yield found.start(), found[0]
    yield len(text), ""


def _is_directive(body: str) -> bool:
    lines = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return bool(lines) and all(line.startswith("%") for line in lines)
