"""Secrets that Ingresses name for TLS, compared with the names that the cluster has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from converter.ingress.fields import line_of, line_of_item, mapping
from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from converter.read.documents import Document


class Mention(NamedTuple):
    """One place that names a Secret."""

    namespace: str
    name: str
    file: str
    line: int


def named_secrets(documents: Iterable[Document]) -> Iterator[Mention]:
    """Those in ``spec.tls``; they are always in the namespace of the Ingress."""
    for document in documents:
        if document.value["kind"] != "Ingress":
            continue
        namespace = mapping(document.value.get("metadata")).get("namespace")
        entries = mapping(document.value.get("spec")).get("tls") or []
        for index, entry in enumerate(entries):
            name = mapping(entry).get("secretName")
            if isinstance(name, str) and name and isinstance(namespace, str):
                line = line_of(entry, "secretName", line_of_item(entries, index, document.line))
                yield Mention(namespace, name, document.file, line)


def absent(mentions: Sequence[Mention], known: Collection[tuple[str, str]]) -> Iterator[Problem]:
    """A note for each that the cluster does not have."""
    for mention in mentions:
        if (mention.namespace, mention.name) not in known:
            yield Problem(
                mention.file,
                mention.line,
                "secret-missing",
                f"The cluster has no Secret {mention.namespace}/{mention.name}; ingress-nginx serves its default"
                " certificate instead, and a listener of a Gateway would refuse to start.",
                "Have it made before you switch, or take the entry out.",
                "note",
            )
