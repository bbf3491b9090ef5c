"""Policies that hold for nothing, since what they name is not there: a slip of the pen that no API server tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from converter.verify.gateway.listeners import LISTENER_SETS
from converter.verify.gateway.policies import references_of
from converter.verify.gateway.routes import KINDS
from converter.verify.written import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.verify.written import Identity

    Json = Mapping[str, Any]

_PARTS = {**dict.fromkeys(("Gateway", *LISTENER_SETS), "listeners"), **dict.fromkeys(KINDS, "rules")}
"""What a section of each kind is; of other kinds, such as Services, nobody knows which there are."""


class Miss(NamedTuple):
    policy: Json
    target: Identity
    section: str
    """Empty where the whole object is not there."""


def misses(objects: Sequence[Json]) -> Iterator[Miss]:
    """Of policies that name several things, each that is not there."""
    present = {identity_of(entry): entry for entry in objects}
    for policy in objects:
        for reference in references_of(policy.get("spec") or {}):
            target = (reference["kind"], identity_of(policy)[1], reference["name"])
            section = reference.get("sectionName", "")
            if target[0] not in _PARTS:
                continue
            if target not in present:
                yield Miss(policy, target, "")
            elif section and section not in _sections(present[target]):
                yield Miss(policy, target, section)


def _sections(entry: Json) -> list[str]:
    return [part.get("name", "") for part in entry["spec"].get(_PARTS[entry["kind"]], ())]
