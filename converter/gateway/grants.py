"""ReferenceGrants for every reference that crosses a namespace, no wider than needed.

Gateway API: a grant stands in the namespace of what is referred to, and names the objects.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.gateway import objects
from converter.gateway.names import numbered, shorten, slug, telling_slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.objects import Json
    from converter.gateway.releases import Release


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    source: tuple[str, str]
    """Kind and namespace of the object that refers."""
    namespace: str
    group: str
    kind: str
    name: str
    source_group: str = objects.GROUP


def grants(references: Iterable[Reference], release: Release) -> Iterable[Json]:
    """One grant for each kind and namespace that refers into a namespace, split where it cannot hold all names."""
    form = release.form("ReferenceGrant")
    if form is None:
        return
    most = release.limit("grant-entries")
    targets: dict[tuple[str, tuple[str, str], str], list[Reference]] = defaultdict(list)
    for reference in sorted(references):
        targets[reference.namespace, reference.source, reference.source_group].append(reference)
    for (namespace, (kind, origin), group), found in targets.items():
        chunks = [found[i : i + most] for i in range(0, len(found), most)]
        base = shorten(f"{slug(kind)}-from-{telling_slug(origin)}")
        for index, chunk in enumerate(chunks):
            source = {"group": group, "kind": kind, "namespace": origin}
            to = [{"group": entry.group, "kind": entry.kind, "name": entry.name} for entry in chunk]
            name = numbered(base, index, len(chunks))
            yield objects.reference_grant(form, namespace, name, [source], to)
