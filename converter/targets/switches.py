"""What an implementation ignores until somebody switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.ledger import Entry
    from converter.targets.table import TargetTable

OFF = "off-by-default"
"""The code of these problems."""


def switched_off(entries: Iterable[Entry], table: TargetTable) -> Iterator[Problem]:
    """A note for each entry that is carried by something that is off by default."""
    for entry in entries:
        for code in (entry.code, *(remark.code for remark in entry.also)):
            row = table.find(code)
            if row and row.switch:
                source = entry.origin.source
                message = f"{entry.origin.key} is carried by what {table.title} leaves off by default."
                yield Problem(source.file, source.line, OFF, message, f"Switch on {row.switch}.", "note")
