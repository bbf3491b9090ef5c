"""What a person wrote that drafts carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.gateway.drafts import BackendRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.drafts import Note, RuleDraft
    from converter.ledger import Origin
    from converter.targets.carry import Part


_ANY = BackendRef("", "any", 80)


def written_origins(carriers: Iterable[RuleDraft | Part]) -> dict[Origin, None]:
    """What stands on these, in their order."""
    return {note.origin: None for carrier in carriers for note in _notes(carrier) if note.origin.type != "default"}


def _notes(carrier: RuleDraft | Part) -> Iterable[Note]:
    yield from carrier.notes
    for extension in carrier.extensions:
        yield from extension.notes
    for policy in carrier.service_policies:
        yield from policy.notes
    for backend in getattr(carrier, "backends", ()):
        yield from backend.through.notes if backend.through else ()
    if through := getattr(carrier, "through", None):
        yield from through(_ANY).notes
    for name in ("listener_policies", "listener_options", "gateway_parameters"):
        for beside in getattr(carrier, name, ()):
            yield from beside.notes
