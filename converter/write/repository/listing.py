"""Entries of a kustomization's ``resources``, added and taken out without touching anything else in the file.

A parser says where an entry stands, and the text is changed there alone: comments, quotes, anchors and line ends stay
because nobody writes them anew. The result is read again, and must say what was meant.
"""

from __future__ import annotations

from typing import Any

import yaml

_FIELDS = ("resources", "bases")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotEditableError(ValueError):
    """The file is written in a way in which an entry cannot be added or taken out alone."""


def listed(text: str) -> tuple[str, ...]:
    """The entries of ``resources`` and ``bases``.

    Raises ``NotEditableError`` for what is no kustomization.
    """
    return tuple(node.value for field in _FIELDS for node in _items(_field(_root(text), field)))


def with_entry(text: str, entry: str, after: str) -> str:
    """The text with one more resource, below the entry ``after`` if it has that, else below the last.

    Raises ``NotEditableError``.
    """
    if entry in listed(text):
        return text
    field = _field(_root(text), "resources")
    items = _items(field)
    if items:
        found = next((node for node in items if node.value == after), items[-1])
        changed = _insert_in_flow(text, found, entry) if field.flow_style else _insert_below(text, found, entry)
    elif field is not None and _is_empty_list(field):
        changed = text[: field.start_mark.index] + f"[{entry}]" + text[field.end_mark.index :]
    elif field is None:
        changed = _append_field(text, entry)
    else:
        raise NotEditableError
    return _checked(changed, [*_values(text, "resources"), entry])


def without_entry(text: str, entry: str) -> str:
    """The text without the entry.

    Raises ``NotEditableError``.
    """
    for name in _FIELDS:
        field = _field(_root(text), name)
        items = _items(field)
        for index, node in enumerate(items):
            if node.value == entry:
                changed = _cut(text, field, items, index)
                return _checked(changed, [node.value for node in items if node.value != entry], name)
    return text


def without_item(text: str, name: str, index: int) -> str:
    """The text without one entry of a list, whatever the entry is; as the last of its list it leaves an empty one.

    Raises ``NotEditableError``.
    """
    field = _field(_root(text), name)
    if not isinstance(field, yaml.SequenceNode) or field.flow_style or index >= len(field.value):
        raise NotEditableError
    node, count = field.value[index], len(field.value)
    begin = text.rfind("\n", 0, node.start_mark.index) + 1
    if text[begin : node.start_mark.index].strip() != "-":
        raise NotEditableError
    after = field.end_mark if index + 1 == count else field.value[index + 1].start_mark
    end = _end_of_block(text, node.start_mark.index, text.rfind("\n", 0, after.index) + 1 or len(text))
    if count == 1:
        lead = text[: field.start_mark.index].rstrip()
        if not lead.endswith(":"):
            raise NotEditableError
        changed = f"{lead} []{_line_end(text)}{text[end:]}"
    else:
        changed = text[:begin] + text[end:]
    if len(_field(_root(changed), name).value) != count - 1:
        raise NotEditableError
    return changed


def _end_of_block(text: str, begin: int, end: int) -> int:
    """Where the line after a block begins; comments and blank lines below it belong to what follows."""
    lines = text[begin:end].splitlines(keepends=True)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return begin + sum(map(len, lines))


def _root(text: str) -> Any:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
    except yaml.YAMLError:
        raise NotEditableError from None
    finally:
        loader.dispose()
    if not isinstance(root, yaml.MappingNode):
        raise NotEditableError
    return root


def _field(root: Any, name: str) -> Any:
    return next((value for key, value in root.value if key.value == name), None)


def _items(field: Any) -> list[Any]:
    if not isinstance(field, yaml.SequenceNode):
        return []
    return [node for node in field.value if isinstance(node, yaml.ScalarNode)]


def _is_empty_list(field: Any) -> bool:
    return isinstance(field, yaml.SequenceNode) and not field.value


def _values(text: str, name: str) -> list[str]:
    return [node.value for node in _items(_field(_root(text), name))]


def _checked(text: str, wanted: list[str], name: str = "resources") -> str:
    if sorted(_values(text, name)) != sorted(wanted):
        raise NotEditableError
    return text


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _insert_below(text: str, node: Any, entry: str) -> str:
    """A line of its own below that of the node, indented as that is."""
    begin = text.rfind("\n", 0, node.start_mark.index) + 1
    lead = text[begin : node.start_mark.index]
    if lead.strip() != "-":
        raise NotEditableError
    end = text.find("\n", node.end_mark.index)
    if end < 0:
        return f"{text}{_line_end(text)}{lead}{entry}"
    return f"{text[: end + 1]}{lead}{entry}{_line_end(text)}{text[end + 1 :]}"


def _insert_in_flow(text: str, node: Any, entry: str) -> str:
    end = node.end_mark.index
    return f"{text[:end]}, {entry}{text[end:]}"


def _append_field(text: str, entry: str) -> str:
    end = _line_end(text)
    lead = text if not text or text.endswith("\n") else text + end
    return f"{lead}resources:{end}- {entry}{end}"


def _cut(text: str, field: Any, items: list[Any], index: int) -> str:
    node = items[index]
    if len(field.value) == 1:
        return _emptied(text, field, node)
    if field.flow_style:
        if index:
            return text[: items[index - 1].end_mark.index] + text[node.end_mark.index :]
        return text[: node.start_mark.index] + text[field.value[1].start_mark.index :]
    begin = text.rfind("\n", 0, node.start_mark.index) + 1
    if text[begin : node.start_mark.index].strip() != "-":
        raise NotEditableError
    end = text.find("\n", node.end_mark.index)
    return text[:begin] + text[end + 1 :] if end >= 0 else text[:begin].removesuffix("\n").removesuffix("\r")


def _emptied(text: str, field: Any, last: Any) -> str:
    """The end that a parser gives for a block is where the next token begins, which is too far."""
    if field.flow_style:
        return f"{text[: field.start_mark.index]}[]{text[field.end_mark.index :]}"
    lead = text[: field.start_mark.index].rstrip()
    lead = f"{lead} " if lead.endswith(":") else f"{text[: field.start_mark.index]}  "
    return f"{lead}[]{text[last.end_mark.index :]}"
