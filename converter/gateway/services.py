"""Policies that target a Service: one for each, whichever routes lead there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.gateway import objects
from converter.gateway.names import shorten
from converter.gateway.policies import agreed
from converter.gateway.releases import KindForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from converter.gateway.drafts import ServicePolicy
    from converter.gateway.names import Names
    from converter.gateway.objects import Json
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
        key = policy.kind, policy.namespace, policy.service
        both = _joined(kept[key], policy) if key in kept else policy
        if both:
            kept[key] = both
        else:
            settlements.extend(beaten.settle(note.origin) for note in policy.notes)
    made: list[Json] = []
    for (kind, namespace, service), policy in sorted(kept.items()):
        served = KindForm(kind, policy.api_version) if policy.api_version else form(kind)
        name = names.take(kind, namespace, shorten(f"{service}-{policy.word}"), repr((service, policy.word)))
        made.append(_object(served, namespace, name, policy))
        settlements.extend(note.settle(served.kind, namespace, name, "") for note in policy.notes)
    return made, settlements


def _joined(one: ServicePolicy, other: ServicePolicy) -> ServicePolicy | None:
    """Both in one; ``None`` when they want different things in one field."""
    try:
        spec = agreed(one.spec, other.spec)
    except ValueError:
        return None
    words = dict.fromkeys([*one.word.split("-"), *other.word.split("-")])
    return replace(one, word="-".join(words), spec=spec, notes=tuple(dict.fromkeys((*one.notes, *other.notes))))


def _object(form: KindForm, namespace: str, name: str, policy: ServicePolicy) -> Json:
    metadata = objects.metadata(namespace, name)
    reference = {"group": "", "kind": "Service", "name": policy.service}
    targets = objects.targeted(policy.targets, reference) if policy.targets else {}
    spec = {**targets, **policy.spec}
    return {"apiVersion": form.api_version, "kind": form.kind, "metadata": metadata, "spec": spec}
