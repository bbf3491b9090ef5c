"""Chunks become documents with their place, and faults become problems; neither stops the rest."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.problems import Problem
from converter.read.chunks import NotTextError, decode, of_a_conversion, split
from converter.read.located import FaultError, Map, Seq, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.problems import Severity
    from converter.read.chunks import Chunk, Wanted

MAX_BYTES = 16 * 1024 * 1024
_LIST_DEPTH = 4
_PARSED_BUT_TEMPLATE = ("Ingress", "IngressClass")
_INGRESS = re.compile(r"\bkind\W+Ingress")
"""In a template, which cannot be parsed, the only sign that it concerns us."""


@dataclass(frozen=True, slots=True)
class Document:
    """One Kubernetes object, and where it stands."""

    file: str
    index: int
    """Of the document in its file, from 0; the items of a list share it."""
    line: int
    column: int
    value: Map
    text: str = ""
    """Of an Ingress: the chunk it stands in, for people to read."""
    text_line: int = 0
    """The line of the file that ``text`` begins on."""
    environment: str = ""
    home: str = ""
    """The namespace that the settings give to what names none in this file."""
    built: str = ""
    """The kustomization or chart that it was built from; empty for an object that stands in the file as it is."""


def documents(file: str, data: bytes, *, named: bool, wanted: Wanted = of_a_conversion) -> Iterator[Document | Problem]:
    """Everything wanted in one file; ``named`` when a person named it, rather than a folder above it."""
    if len(data) > MAX_BYTES:
        size = f"{len(data) // 1024 // 1024} MiB"
        message = f"The file is {size} large, and no manifest is."
        yield Problem(file, 0, "too-large", message, "Split it, or leave it out.", "error" if named else "note")
        return
    try:
        text = decode(data)
    except NotTextError as error:
        yield Problem(
            file,
            error.line,
            "not-text",
            "The file is not UTF-8 text.",
            "Save it as UTF-8; if it is encrypted, unlock it first.",
        )
        return
    found = False
    for chunk in split(text):
        found = True
        if wanted(chunk):
            yield from _Reader(file, chunk).read()
    if not found:
        yield Problem(file, 0, "empty", "The file is empty or holds only comments.", "Nothing to do.", "note")


def built_documents(file: str, text: str, built: str) -> Iterator[Document | Problem]:
    """The same of what something made; ``built`` says of what. Braces in it are meant, since no template is left."""
    for chunk in split(text):
        if chunk.wanted:
            yield from _Reader(file, chunk, built).read()


@dataclass(frozen=True, slots=True)
class _Reader:
    file: str
    chunk: Chunk
    built: str = ""

    def problem(self, line: int, code: str, message: str, advice: str, severity: Severity = "error") -> Problem:
        """What is never converted, since it only tells what is installed, is no loss."""
        return Problem(self.file, line, code, message, advice, "note" if self.chunk.of_gitops else severity)

    def read(self) -> Iterator[Document | Problem]:
        try:
            value, duplicates = self._load()
        except FaultError as fault:
            yield from self._fault(fault)
            return
        if value is None:
            return
        if not self.built and _is_template(value):
            yield self._template(value.line)
            return
        for key, line in duplicates:
            message = f"The key {key} stands twice in one mapping, and kubectl refuses that."
            yield self.problem(line, "duplicate-key", message, "Remove one of them; the last was taken.")
        yield from self._objects(value, 0)

    def _load(self) -> tuple[Any, list[tuple[str, int]]]:
        """JSON may be indented by tabs, which YAML refuses."""
        try:
            return load(self.chunk.text, self.chunk.line)
        except FaultError as fault:
            if fault.code != "invalid-yaml" or self.chunk.text.lstrip()[:1] not in "{[" or "\t" not in self.chunk.text:
                raise
        try:
            json.loads(self.chunk.text)
        except ValueError as error:
            line = getattr(error, "lineno", 1) + self.chunk.line - 1
            raise FaultError("invalid-yaml", "it is no valid JSON", line, getattr(error, "colno", 1)) from None
        return load(self.chunk.text.replace("\t", "  "), self.chunk.line)

    def _objects(self, value: Any, depth: int) -> Iterator[Document | Problem]:
        if not isinstance(value, Map):
            line = getattr(value, "line", self.chunk.line)
            message = "The document is not a Kubernetes object but a list or a plain value."
            yield self.problem(
                line, "not-an-object", message, "Nothing to do if it is meant for another program.", "note"
            )
            return
        kind = value.get("kind")
        if not isinstance(kind, str) or not isinstance(value.get("apiVersion"), str):
            message = "The document has no kind and apiVersion, so it is no Kubernetes object."
            yield self.problem(
                value.line, "no-kind", message, "Nothing to do if it is meant for another program.", "note"
            )
        elif kind.endswith("List") and isinstance(value.get("items"), Seq) and depth < _LIST_DEPTH:
            for item in value["items"]:
                yield from self._objects(_as_item(item, value, kind), depth + 1)
        else:
            if kind == "Secret":
                _forget_values(value)
            text = self.chunk.text if kind == "Ingress" else ""
            chunk = self.chunk
            place = (self.file, chunk.index, value.line, value.column)
            yield Document(*place, value, text, chunk.line, built=self.built)

    def _fault(self, fault: FaultError) -> Iterator[Problem]:
        if not self.built and ("{{" in self.chunk.text or "{%" in self.chunk.text):
            yield self._template(fault.line)
            return
        yield _FAULTS[fault.code](self, fault)

    def _template(self, line: int) -> Problem:
        severity: Severity = "error" if _INGRESS.search(self.chunk.text) else "note"
        return self.problem(
            line,
            "template",
            "This is a template, not a manifest.",
            "Render it first (helm template CHART, or what your tool offers) and convert what comes out.",
            severity,
        )

    def invalid(self, fault: FaultError) -> Problem:
        reason = f": {fault.message.rstrip('.')}" if fault.message else ""
        message = f"The YAML cannot be read from column {fault.column} on{reason}."
        advice = "Look at this line and the one above it."
        if "${" in self.chunk.text:
            advice = "Put each ${…} on this line in quotes, or substitute them first."
        return self.problem(fault.line, "invalid-yaml", message, advice)

    def too_deep(self, fault: FaultError) -> Problem:
        message = "The document is nested more deeply than any Kubernetes object."
        return self.problem(fault.line, "too-deep", message, "Leave it out, or check what generated it.")

    def bomb(self, fault: FaultError) -> Problem:
        message = "Aliases make the document far larger than it is written, or lead back into themselves."
        return self.problem(fault.line, "alias-bomb", message, "Write it out without aliases.")


_FAULTS = {"invalid-yaml": _Reader.invalid, "too-deep": _Reader.too_deep, "alias-bomb": _Reader.bomb}


def _as_item(item: Any, parent: Map, kind: str) -> Any:
    """An item of an IngressList needs no kind of its own; one of a List does."""
    if isinstance(item, Map) and kind != "List":
        item.setdefault("kind", kind.removesuffix("List"))
        item.setdefault("apiVersion", parent.get("apiVersion"))
    return item


def _forget_values(secret: Map) -> None:
    for field in ("data", "stringData"):
        values = secret.get(field)
        if isinstance(values, Map):
            for key in values:
                values[key] = ""
            values.raw.clear()


def _is_template(value: Any) -> bool:
    return isinstance(value, Map) and value.get("kind") in _PARSED_BUT_TEMPLATE and _has_template(value)


def _has_template(value: Any) -> bool:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if "{{" in item:
                return True
        elif isinstance(item, dict):
            stack.extend(item)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return False
