"""The ledger and the problems as ``results`` of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.krm.ownership import index_of, path_of
from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.objects import Json
    from converter.krm.ownership import Identity
    from converter.ledger import Entry, Origin, Remark
    from converter.problems import Problem

_SEVERITIES = {Verdict.UNTRANSLATED: "warning", Verdict.APPROXIMATED: "info"}
"""Of what has no row here, nothing is lost."""


def results(
    entries: Iterable[Entry], problems: Iterable[Problem], items: Sequence[Any], failing: Iterable[Verdict] = ()
) -> list[Json]:
    """What a person has to hear, errors first; verdicts that are ``failing`` are errors."""
    severities = {**_SEVERITIES, **dict.fromkeys(failing, "error")}
    known = _by_name(items)
    found = [_of_problem(problem) for problem in problems]
    for entry in entries:
        told_of: Iterable[Entry | Remark] = (entry, *entry.also)
        found.extend(
            _of_entry(entry.origin, told, severities[told.verdict], known)
            for told in told_of
            if told.verdict in severities
        )
    return sorted(found, key=lambda result: ("error", "warning", "info").index(result["severity"]))


def refusal(name: Identity, items: Sequence[Any]) -> Json:
    """An object that is not written, because one of that name was not made by this function."""
    _, kind, namespace, own = name
    message = (
        f"{kind} {namespace + '/' if namespace else ''}{own} is in the input and was not made by this function, so it "
        "stays as it is. Compare it with what convert gives, or give the Gateway another name."
    )
    return {"message": message, "severity": "warning", **_place(kind, namespace, own, _by_name(items))}


def fault(message: str) -> Json:
    """What keeps the function from doing anything."""
    return {"message": message, "severity": "error"}


def _of_problem(problem: Problem) -> Json:
    message = f"{problem.message} {problem.advice}".rstrip()
    severity = "error" if problem.severity == "error" else "info"
    file = {} if problem.file.startswith("<") else {"file": {"path": problem.file}}
    return {"message": message, "severity": severity, **file, "tags": {"code": problem.code}}


def _of_entry(origin: Origin, told: Entry | Remark, severity: str, known: Mapping[Any, Any]) -> Json:
    source = origin.source
    message = f"{origin.key}: {told.message} {told.advice}".rstrip()
    tags = {"code": told.code, "verdict": told.verdict.value}
    if origin.type == "default":
        return {"message": message, "severity": severity, "tags": tags}
    place = _place(source.kind, source.namespace, source.name, known)
    field = {"field": {"path": _path(origin), "currentValue": origin.value}} if place else {}
    return {"message": message, "severity": severity, **place, **field, "tags": tags}


def _path(origin: Origin) -> str:
    written = origin.whole or origin
    return f"metadata.annotations['{written.key}']" if written.type == "annotation" else written.key


def _by_name(items: Sequence[Any]) -> dict[tuple[str, str, str], Any]:
    """The items by kind, namespace and name."""
    found: dict[tuple[str, str, str], Any] = {}
    for item in items:
        metadata = item.get("metadata") if isinstance(item, dict) else None
        if isinstance(metadata, dict):
            key = str(item.get("kind")), str(metadata.get("namespace") or ""), str(metadata.get("name"))
            found.setdefault(key, item)
    return found


def _place(kind: str, namespace: str, name: str, known: Mapping[Any, Any]) -> Json:
    """The object and its file; nothing of one that was not among the items."""
    # One that names no namespace was taken as one of some namespace.
    item = known.get((kind, namespace, name)) or known.get((kind, "", name))
    if item is None:
        return {}
    space = {"namespace": namespace} if namespace else {}
    path, index = path_of(item), index_of(item)
    file = {"file": {"path": path, **({"index": index} if index else {})}} if path else {}
    return {"resourceRef": {"apiVersion": str(item.get("apiVersion")), "kind": kind, **space, "name": name}, **file}
