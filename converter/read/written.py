"""Gateway API objects that people wrote or edited, from documents of any kind, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.gateway.form import KINDS, flaws
from converter.problems import Problem
from converter.verify.written import Written, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.read.documents import Document
    from converter.verify.written import Identity

_TOLD_BY_OTHERS = ("GatewayClass", "Namespace")
"""They have no form that could be wrong, and what they say counts."""
_FILTERS = frozenset(
    {
        *("RequestHeaderModifier", "ResponseHeaderModifier", "URLRewrite", "RequestRedirect", "RequestMirror"),
        *("CORS", "ExternalAuth"),
    }
)
_JUDGED_FIELDS = frozenset({"targetRef", "targetRefs", "rateLimit"})
"""Of a BackendTrafficPolicy."""


@dataclass(frozen=True, slots=True)
class WrittenObjects:
    objects: tuple[Written, ...]
    unjudged: tuple[Problem, ...]
    """What may change answers, but nobody here knows how."""
    problems: tuple[Problem, ...]


def written_objects(documents: Iterable[Document], home: str) -> WrittenObjects:
    """``home`` is the namespace of objects that name none."""
    found: dict[Identity, Written] = {}
    unjudged: list[Problem] = []
    problems: list[Problem] = []
    for document in documents:
        kind = document.value["kind"]
        if kind in KINDS or kind in _TOLD_BY_OTHERS:
            if faults := list(_faults(document)):
                problems.extend(faults)
                continue
            entry = Written(_at_home(document, home), document.file, document.line)
            first = found.setdefault(entry.identity, entry)
            if first.content != entry.content:
                problems.append(_twice(entry, first))
            unjudged.extend(_beyond(entry))
        elif _is_about_traffic(document.value):
            unjudged.append(_unjudged(document))
    return WrittenObjects(tuple(found.values()), tuple(unjudged), tuple(problems))


def _is_named(document: Document) -> bool:
    metadata = document.value.get("metadata")
    return isinstance(metadata, dict) and isinstance(metadata.get("name"), str)


def _faults(document: Document) -> Iterator[Problem]:
    kind, advice = document.value["kind"], "An API server refuses this; correct it first."
    if not _is_named(document):
        yield Problem(document.file, document.line, "no-name", f"This {kind} has no metadata.name.", advice)
    elif kind in KINDS:
        for flaw in flaws(document.value):
            yield Problem(
                document.file, flaw.line or document.line, "invalid-object", f"{flaw.path} {flaw.message}.", advice
            )


def _at_home(document: Document, home: str) -> dict[str, Any]:
    metadata = document.value["metadata"]
    bare = document.value["kind"] in _TOLD_BY_OTHERS or not home or metadata.get("namespace")
    return document.value if bare else {**document.value, "metadata": {**metadata, "namespace": home}}


def _twice(entry: Written, first: Written) -> Problem:
    message = f"{name_of(entry.identity)} stands at {first.address}, too, and says something else there."
    advice = "Name the files or the folder of one environment with --routes."
    return Problem(entry.file, entry.line, "object-twice", message, advice)


def _is_about_traffic(value: dict[str, Any]) -> bool:
    """Policies and routes of implementations: they attach to something, or belong to a group that says so."""
    spec = value.get("spec")
    attached = isinstance(spec, dict) and any(spec.get(key) for key in ("targetRef", "targetRefs", "parentRefs"))
    return attached or "gateway" in str(value["apiVersion"]).partition("/")[0]


def _unjudged(document: Document) -> Problem:
    metadata = document.value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = name_of((document.value["kind"], str(metadata.get("namespace") or ""), str(metadata.get("name") or "?")))
    return _told(document.file, document.line, name)


def _beyond(entry: Written) -> Iterator[Problem]:
    """Parts of known kinds that only an implementation understands."""
    spec, kind = entry.content.get("spec") or {}, entry.content["kind"]
    if kind == "BackendTrafficPolicy":
        for field in (each for each in spec if each not in _JUDGED_FIELDS):
            yield _told(entry.file, entry.line_of(spec), f"spec.{field} of {name_of(entry.identity)}")
    for rule in spec.get("rules") or () if kind in ("HTTPRoute", "GRPCRoute") else ():
        for each in rule.get("filters") or ():
            if name := _unknown_filter(each):
                yield _told(entry.file, entry.line_of(each), f"The filter {name} of {name_of(entry.identity)}")


def _unknown_filter(entry: dict[str, Any]) -> str:
    kind = str(entry["type"])
    if kind == "ExtensionRef":
        reference = entry["extensionRef"]
        return "" if reference["kind"] == "HTTPRouteFilter" else f"{reference['kind']} {reference['name']}"
    return "" if kind in _FILTERS else kind


def _told(file: str, line: int, what: str) -> Problem:
    message = f"{what} is not judged: what it does is known to its implementation alone."
    return Problem(
        file, line, "not-judged", message, "Check by hand what it does, or with ingress-migrate probe.", "note"
    )
