"""What an implementation ignores: until somebody switches it on, or because it is too old for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.gateway.releases import Release
    from converter.ledger import Entry
    from converter.targets.table import TargetTable

OFF = "off-by-default"
"""The code of what has to be switched on."""
TOO_NEW = "release-not-served"
"""The code of a release of the Gateway API that is too new."""
IGNORED = frozenset({OFF, TOO_NEW})
"""What nobody must overlook: without it objects are there and do nothing."""


def switched_off(entries: Iterable[Entry], table: TargetTable) -> Iterator[Problem]:
    """A note for each entry that is carried by something that is off by default."""
    for entry in entries:
        for code in (entry.code, *(remark.code for remark in entry.also)):
            row = table.find(code)
            if row and row.switch:
                source = entry.origin.source
                message = f"{table.title} leaves off by default what carries this."
                yield Problem(source.file, source.line, OFF, message, f"Switch on {row.switch}.", "note")


def unserved(release: Release, table: TargetTable) -> Iterator[Problem]:
    """Notes on a release that is newer than the implementation, and on a channel that it ignores by default."""
    from converter.gateway.releases import is_newer

    if table.gateway_api and is_newer(release.version, than=table.gateway_api):
        serves = f"{table.title} {table.version} serves the Gateway API up to release {table.gateway_api}"
        message = f"{serves}; these objects are for {release.version}."
        advice = (
            f"Convert with --gateway-api {table.gateway_api}, or use a version of it that serves {release.version}."
        )
        yield Problem("", 0, TOO_NEW, message, advice, "note")
    if release.channel == "experimental" and table.experimental:
        message = f"{table.title} leaves the experimental channel of the Gateway API off by default."
        yield Problem("", 0, OFF, message, f"Switch on {table.experimental}.", "note")
