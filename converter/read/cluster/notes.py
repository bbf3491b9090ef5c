"""What a person should know about a reading that went well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ingress.fields import mapping
from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.read.cluster.objects import Cluster
    from converter.read.documents import Document


def one_namespace(cluster: Cluster, namespace: str) -> Problem:
    return Problem(
        cluster.place,
        0,
        "one-namespace",
        f"Only the namespace {namespace} was read, but ingress-nginx merges hosts over all of them: Ingresses"
        " elsewhere that share a host were not seen, nor were TCP and UDP services.",
        "Read them all with -A where you may.",
        "note",
    )


def nothing_found(cluster: Cluster, namespace: str) -> Problem:
    where = f"The namespace {namespace}" if namespace else "The cluster"
    advice = "Name another with -n, or read them all with -A." if namespace else "Check the context with --context."
    return Problem(cluster.place, 0, "no-ingress", f"{where} has no Ingress.", advice, "note")


def owned(document: Document) -> Iterator[Problem]:
    """For an Ingress that a program keeps, which would make it again."""
    owners = mapping(document.value.get("metadata")).get("ownerReferences")
    for owner in owners if isinstance(owners, list) else []:
        if mapping(owner).get("controller") is True:
            yield Problem(
                document.file,
                document.line,
                "owned",
                f"This Ingress is made by the {owner.get('kind')} {owner.get('name')}, which goes on making it.",
                "See whether the program behind that can make an HTTPRoute itself.",
                "note",
            )
