"""The text of a ``ResourceList``, in which what a function does not touch stays as it is, comments too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from converter.read.located import FaultError, Map, Seq, load
from converter.write.yaml import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.objects import Json

_LINE = re.compile(r"[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029]|\Z)")
"""A line with its end, as libyaml counts them."""
_END = re.compile(r"(?:---|\.\.\.)(?:\s|\Z)")
_NO_CONTENT = re.compile(r"\s*(?:#.*)?\s*\Z")


class NotAResourceListError(ValueError):
    """What came in cannot be answered; the message says why."""


@dataclass(frozen=True, slots=True)
class ResourceList:
    """What came in: the text, and what it says."""

    text: str
    value: Map

    @property
    def items(self) -> list[Any]:
        found = self.value.get("items")
        return found if isinstance(found, list) else []

    @property
    def config(self) -> Map | None:
        found = self.value.get("functionConfig")
        return found if isinstance(found, Map) else None


def parse(text: str) -> ResourceList:
    """The list in the text.

    Raises:

        NotAResourceListError: It is none.
    """
    try:
        value, _ = load(text, 1)
    except FaultError as fault:
        reason = fault.message or "it is nested too deeply or made of aliases"
        raise NotAResourceListError(f"Line {fault.line} of the input is no YAML: {reason}.") from None
    if not isinstance(value, Map) or value.get("kind") != "ResourceList":
        raise NotAResourceListError("The input is no ResourceList, which is what kustomize and kpt send to a function.")
    if not isinstance(value.get("items") or [], list):
        raise NotAResourceListError(f"Line {value.at['items'][0]} of the input: items is no list.")
    return ResourceList(text, value)


def rewrite(
    source: ResourceList, replaced: Mapping[int, Json | None], added: Sequence[Json], results: Sequence[Json]
) -> str:
    """The text with some items replaced, or taken out where there is ``None``, others added, and these results.

    Every other item stays as it is written. Only a list in JSON, or in another style that is not kept by lines, is
    written anew.
    """
    items = [replaced.get(index, item) for index, item in enumerate(source.items)]
    expected = [item for item in items if item is not None] + list(added)
    text = _spliced(source, replaced, added, results)
    if text is not None and _says(text, expected):
        return text
    kept = {key: value for key, value in source.value.items() if key != "results"}
    return dump([{**kept, "items": expected, **({"results": results} if results else {})}])


def _says(text: str, items: Sequence[Json]) -> bool:
    try:
        return (load(text, 1)[0].get("items") or []) == items
    except FaultError:
        return False


def _spliced(
    source: ResourceList, replaced: Mapping[int, Json | None], added: Sequence[Json], results: Sequence[Json]
) -> str | None:
    """The new text by lines; ``None`` where keys and items do not begin lines of their own."""
    lines = _LINE.findall(source.text)
    starts = [(line - 1, key) for key, (line, column) in source.value.at.items() if column == 1]
    items = source.value.get("items")
    if len(starts) != len(source.value) or lines[starts[0][0]].startswith("{"):
        return None
    end = next((n for n in range(starts[-1][0], len(lines)) if _END.match(lines[n])), len(lines))
    parts = ["".join(lines[: starts[0][0]])]
    for (start, key), (stop, _) in zip(starts, [*starts[1:], (end, "")], strict=True):
        if key == "items" and (replaced or added):
            region = _items(lines, start, stop, items, replaced, added)
            if region is None:
                return None
            parts.append(region)
        elif key != "results":
            parts.append(_ended("".join(lines[start:stop])))
    if "items" not in source.value:
        parts.append(_listed("items", added))
    return "".join((*parts, _listed("results", results) if results else ""))


def _items(
    lines: Sequence[str],
    start: int,
    stop: int,
    items: Any,
    replaced: Mapping[int, Json | None],
    added: Sequence[Json],
) -> str | None:
    if not items:
        return _listed("items", added)
    assert isinstance(items, Seq)  # noqa: S101  what parse lets through
    indent = " " * (items.column - 1)
    dashes = [_dash(lines, line - 1, start, indent) for line, _ in items.at]
    if None in dashes:
        return None
    bounds = [*(dash for dash in dashes if dash is not None), stop]
    parts = ["".join(lines[start : bounds[0]])]
    for index, (first, last) in enumerate(pairwise(bounds)):
        if index not in replaced:
            parts.append(_ended("".join(lines[first:last])))
            continue
        new = replaced[index]
        parts.append("" if new is None else _item(new, indent))
        parts.extend(_comments_at_the_end(lines[first:last]))
    parts.extend(_item(each, indent) for each in added)
    if len(parts) == 1 or not any(parts[1:]):
        return "items: []\n"
    return "".join(parts)


def _dash(lines: Sequence[str], line: int, start: int, indent: str) -> int | None:
    """The line on which an item begins; its content may begin below."""
    found = re.compile(rf"{indent}-(?:\s|\Z)")
    return next((number for number in range(line, start, -1) if found.match(lines[number])), None)


def _comments_at_the_end(lines: Sequence[str]) -> Iterable[str]:
    """They stand above what comes next."""
    kept = len(lines)
    while kept and _NO_CONTENT.match(lines[kept - 1]):
        kept -= 1
    return lines[kept:]


def _listed(key: str, items: Sequence[Json]) -> str:
    return dump([{key: list(items)}])


def _item(item: Json, indent: str) -> str:
    return "".join(f"{indent}{line}\n" if line else "\n" for line in dump([{"-": [item]}]).split("\n")[1:-1])


def _ended(text: str) -> str:
    return text if not text or text[-1] in "\n\r\x85\u2028\u2029" else f"{text}\n"
