"""The entries of a ledger by the Ingress that they belong to, for whoever has to ask about one host after the other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from converter.verify.announced import owners
from converter.verify.changes import one_of_each_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.ledger import Entry, Origin, Source
    from converter.routing import VirtualHost

_NOBODY = ("", "")
"""What belongs to the controller and not to one Ingress."""


class Ledger:
    """The entries of each Ingress, so that a host need not look through those of all."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self.by_origin: dict[Origin, Entry] = {}
        for entry in entries:
            source = entry.origin.source
            found[_identity(source) if source.kind == "Ingress" else _NOBODY].append(entry)
            self.by_origin[entry.origin] = entry
        self._of_owner = {owner: one_of_each_code(each) for owner, each in found.items()}
        self._all = one_of_each_code(entry for each in self._of_owner.values() for entry in each)

    def of_host(self, host: VirtualHost | None) -> Sequence[Entry]:
        """Those of the Ingresses that have a part in it; for a host that nobody declares any may be meant for it."""
        if host is None or not host.name:
            return self._all
        concerned = dict.fromkeys(_identity(owner) for owner in owners(host))
        own = (entry for owner in (*concerned, _NOBODY) for entry in self._of_owner.get(owner, ()))
        return one_of_each_code(own)


def _identity(source: Source) -> tuple[str, str]:
    return source.namespace, source.name
