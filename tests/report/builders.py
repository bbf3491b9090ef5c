"""Small reports, of which a test names only what it is about."""

from __future__ import annotations

from typing import Any

from converter.ledger import Entry, Origin, Result, Source, Verdict
from converter.problems import Problem
from converter.report import Report, ReportedPart


def entry(
    verdict: Verdict,
    code: str,
    *,
    type: str = "annotation",  # noqa: A002  the ledger's word
    key: str = "key",
    value: str = "value",
    message: str = "",
    advice: str = "",
    file: str = "a.yaml",
    line: int = 1,
    results: tuple[Result, ...] = (),
    environment: str = "",
) -> Entry:
    source = Source("Ingress", "", "web", file, line, environment)
    return Entry(Origin(source, type, key, value), verdict, code, message, advice, results)  # type: ignore[arg-type]


def problem(code: str, message: str, advice: str = "", *, line: int = 1, severity: Any = "error") -> Problem:
    return Problem("a.yaml", line, code, message, advice, severity)


def report(*entries: Entry, problems: Any = (), documents: int = 1, files: int = 1) -> Report:
    kinds = ("Gateway", "HTTPRoute", "HTTPRoute")
    return Report(
        tool_version="1.2.3",
        target="standard",
        gateway_api="1.6",
        channel="standard",
        parts=(ReportedPart("", (), tuple({"kind": kind} for kind in kinds)),),
        entries=entries,
        problems=tuple(problems),
        documents=documents,
        files=files,
    )
