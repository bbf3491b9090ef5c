"""Policies that target a Service: one for each, whichever routes lead there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.gateway import objects
from converter.gateway.names import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from converter.gateway.drafts import ServicePolicy
    from converter.gateway.names import Names
    from converter.gateway.objects import Json
    from converter.gateway.releases import KindForm
    from converter.ledger import Settlement
    from converter.targets.table import Row

Key = tuple[str, str, str]


def service_policies(
    wanted: Iterable[ServicePolicy], form: Callable[[str], KindForm], names: Names, beaten: Row
) -> tuple[list[Json], list[Settlement]]:
    """The objects and what they settle; of two that want different things for one Service the first stays.

    ``beaten`` is the row for the others.
    """
    kept: dict[Key, ServicePolicy] = {}
    settlements: list[Settlement] = []
    for policy in wanted:
        first = kept.setdefault((policy.kind, policy.namespace, policy.service), policy)
        if first.spec == policy.spec:
            kept[policy.kind, policy.namespace, policy.service] = _with_notes(first, policy)
        else:
            settlements.extend(beaten.settle(note.origin) for note in policy.notes)
    made: list[Json] = []
    for (kind, namespace, service), policy in sorted(kept.items()):
        served = form(kind)
        name = names.take(kind, namespace, shorten(f"{service}-{policy.word}"), repr((service, policy.word)))
        made.append(_object(served, namespace, name, policy))
        settlements.extend(note.settle(served.kind, namespace, name, "") for note in policy.notes)
    return made, settlements


def _with_notes(first: ServicePolicy, other: ServicePolicy) -> ServicePolicy:
    return replace(first, notes=tuple(dict.fromkeys((*first.notes, *other.notes))))


def _object(form: KindForm, namespace: str, name: str, policy: ServicePolicy) -> Json:
    metadata = objects.metadata(namespace, name)
    return {"apiVersion": form.api_version, "kind": form.kind, "metadata": metadata, "spec": dict(policy.spec)}
