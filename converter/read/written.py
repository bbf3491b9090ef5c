"""Gateway API objects that people wrote or edited, from documents of any kind, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.gateway.form import flaws, without_nulls
from converter.gateway.forms import OF_THE_CLUSTER, has_form
from converter.gateway.unread import unread
from converter.problems import Problem
from converter.verify.written import Written, name_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from converter.read.documents import Document
    from converter.verify.written import Identity

_FILTERS = frozenset(
    {
        *("RequestHeaderModifier", "ResponseHeaderModifier", "URLRewrite", "RequestRedirect", "RequestMirror"),
        *("CORS", "ExternalAuth"),
    }
)


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
        value = without_nulls(document.value)
        if has_form(value):
            if faults := list(_faults(value, document)):
                problems.extend(faults)
                continue
            entry = Written(_at_home(value, home), document.file, document.line)
            first = found.setdefault(entry.identity, entry)
            if first.content != entry.content:
                problems.append(_twice(entry, first))
        elif _is_about_traffic(value):
            unjudged.append(_unjudged(document))
    unjudged.extend(each for entry in found.values() for each in _beyond(entry, found))
    return WrittenObjects(tuple(found.values()), tuple(unjudged), tuple(problems))


def _faults(value: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    kind, advice = value["kind"], "An API server refuses this; correct it first."
    metadata = value.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        yield Problem(document.file, document.line, "no-name", f"This {kind} has no metadata.name.", advice)
        return
    for flaw in flaws(value):
        line = flaw.line or document.line
        yield Problem(document.file, line, "invalid-object", f"{flaw.path} {flaw.message}.", advice)


def _at_home(value: dict[str, Any], home: str) -> dict[str, Any]:
    metadata = value["metadata"]
    if value["kind"] in OF_THE_CLUSTER or not home or metadata.get("namespace"):
        return value
    return {**value, "metadata": {**metadata, "namespace": home}}


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


def _beyond(entry: Written, found: Container[Identity]) -> Iterator[Problem]:
    """Parts of known kinds that only an implementation understands."""
    spec, (kind, home, _) = entry.content.get("spec") or {}, entry.identity
    for part in unread(entry.content):
        yield _told(entry.file, part.line or entry.line, f"{part.path} of {name_of(entry.identity)}")
    for rule in spec.get("rules") or () if kind in ("HTTPRoute", "GRPCRoute") else ():
        for each in rule.get("filters") or ():
            if name := _unknown_filter(each, home, found):
                yield _told(entry.file, entry.line_of(each), f"The filter {name} of {name_of(entry.identity)}")


def _unknown_filter(entry: Mapping[str, Any], home: str, found: Container[Identity]) -> str:
    kind = str(entry["type"])
    if kind == "ExtensionRef":
        reference = entry["extensionRef"]
        here = (reference["kind"], home, reference["name"]) in found
        return "" if here else f"{reference['kind']} {reference['name']}"
    return "" if kind in _FILTERS else kind


def _told(file: str, line: int, what: str) -> Problem:
    message = f"{what} is not judged: what it does is known to its implementation alone."
    return Problem(
        file, line, "not-judged", message, "Check by hand what it does, or with ingress-migrate probe.", "note"
    )
