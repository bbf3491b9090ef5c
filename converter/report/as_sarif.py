"""The report as SARIF 2.1.0: code scanning shows it on the lines of a pull request.

Only what needs a person is a result; verdicts without a difference would bury it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.ledger import Entry, Remark, Source
    from converter.problems import Problem
    from converter.report.model import Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Verdict.UNTRANSLATED: "warning", Verdict.APPROXIMATED: "note"}
"""Of what has no row here, nothing is lost."""
_STREAM = "<stdin>"
_CLUSTER = "cluster:"
"""Begins the place of an object that was read from a cluster, which is no file; see ``converter.read.cluster``."""
_FINGERPRINT = "ingressMigrate/v1"


def to_sarif(report: Report) -> str:
    """One run with a result for everything that is lost or differs, and for every problem."""
    found = [*_of_problems(report.problems), *_of_entries(report.entries)]
    codes = sorted({result["ruleId"] for result in found})
    driver = {"name": "ingress-migrate", "version": report.tool_version, "rules": [{"id": code} for code in codes]}
    places = {code: index for index, code in enumerate(codes)}
    results = [{**result, "ruleIndex": places[result["ruleId"]]} for result in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _of_problems(problems: Iterable[Problem]) -> Iterable[dict[str, Any]]:
    for problem in problems:
        level = "error" if problem.severity == "error" else "note"
        place = _place(problem.file, problem.line)
        yield _result(problem.code, level, _words(problem.message, problem.advice), place, problem.file)


def _of_entries(entries: Iterable[Entry]) -> Iterable[dict[str, Any]]:
    for entry in entries:
        source = entry.origin.source
        told: Iterable[Entry | Remark] = (entry, *entry.also)
        for each in told:
            if level := _LEVELS.get(each.verdict):
                where = f" in {source.environment}" if source.environment else ""
                text = f"{entry.origin.key}{where}: {_words(each.message, each.advice)}"
                identity = (*_names(source), entry.origin.key, entry.origin.value)
                yield _result(each.code, level, text, _place(source.file, source.line), *identity)


def _names(source: Source) -> tuple[str, ...]:
    """Whose entry it is; the environment only where there are several, which changes no other fingerprint."""
    names = (source.kind, source.namespace, source.name)
    return (source.environment, *names) if source.environment else names


def _words(message: str, advice: str) -> str:
    return f"{message} {advice}".strip()


def _result(code: str, level: str, text: str, places: list[dict[str, Any]], *identity: str) -> dict[str, Any]:
    """The fingerprint has no line in it, so a result stays the same one when lines are added above it."""
    digest = hashlib.sha256("\0".join((code, *identity)).encode(errors="surrogateescape")).hexdigest()
    return {
        "ruleId": code,
        "level": level,
        "message": {"text": text},
        "locations": places,
        "partialFingerprints": {_FINGERPRINT: digest},
    }


def _place(file: str, line: int) -> list[dict[str, Any]]:
    if file == _STREAM:
        return []
    if file.startswith(_CLUSTER):
        return [{"logicalLocations": [{"fullyQualifiedName": file, "kind": "resource"}]}]
    path = PurePath(file)
    # A name that is no UTF-8 is escaped byte by byte.
    address = path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogateescape")
    where: dict[str, Any] = {"artifactLocation": {"uri": address}}
    if line:
        where["region"] = {"startLine": line}
    return [{"physicalLocation": where}]
