"""Every case through both halves: the source half gives what the case expects, and the target half gives the same or
the ledger announces the difference for that very Ingress."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest
from conversions import EVERY_TARGET, chosen
from manifests import reading
from verify.cases import Case, cases

from converter.gateway.releases import Channel
from converter.pipeline import Conversion, convert
from converter.verify.announced import announcements
from converter.verify.compare import Difference, differences
from converter.verify.gateway import Gateways
from converter.verify.messages import Answer, Request
from converter.verify.source import answer

Json = dict[str, Any]
CASES = cases()
FOUND = 200
TARGETS: tuple[tuple[str, str, Channel], ...] = (
    ("standard", "1.6", "standard"),
    ("standard", "1.6", "experimental"),
    ("standard", "1.2", "standard"),
    *((name, "1.6", "standard") for name in EVERY_TARGET if name != "standard"),
)
to_each = pytest.mark.parametrize("to", TARGETS, ids="-".join)
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.category}/{case.name}")


@cache
def converted(name: str, to: tuple[str, str, Channel]) -> Conversion:
    case = next(each for each in CASES if each.name == name)
    return convert(reading(*case.manifests), chosen(*to), case.options)


def predicted(case: Case, request: Request) -> Answer:
    tables = converted(case.name, TARGETS[0]).tables
    return answer(tables[0], request) if tables else Answer(404)


@by_name
def test_the_source_half_gives_what_is_expected(case: Case) -> None:
    for request, expected in case.requests:
        assert disagreements(expected, predicted(case, request)) == [], request


def disagreements(expected: Json, given: Answer) -> list[str]:
    found = []
    backends = [share.endpoint.service for share in given.shares if share.endpoint]
    if given.status != expected["status"] and not (given.status is None and said_by_backend(expected)):
        found.append(f"status {given.status}")
    wanted = expected.get("backend", [])
    if wanted not in ([], "default-backend") and not set(backends) <= set(
        [wanted] if isinstance(wanted, str) else wanted
    ):
        found.append(f"backends {backends}")
    for share in given.shares:
        found.extend(as_sent(expected, share.forwarded))
    return found + as_received(expected, given)


def said_by_backend(expected: Json) -> bool:
    """A status that a backend gives is any that the case knows of it; 101 is its answer to an upgrade."""
    return expected["status"] in (FOUND, 101) or "backend" in expected


def as_sent(expected: Json, sent: Any) -> list[str]:
    if sent is None:
        return []
    headers = {name.lower(): value for name, value in sent.headers} | {"host": sent.host}
    found = [f"path {sent.target}"] if expected.get("upstream_uri", sent.target) != sent.target else []
    wanted = expected.get("upstream_headers", {}).items()
    found += [f"{name}: {headers.get(name.lower())}" for name, value in wanted if headers.get(name.lower()) != value]
    return found + [f"{n} was sent" for n in expected.get("upstream_headers_absent", []) if n.lower() in headers]


def as_received(expected: Json, given: Answer) -> list[str]:
    headers = {name.lower(): value for name, value in (*given.added_headers, *given.set_headers)}
    headers |= {"location": given.location} if given.location else {}
    found = []
    for name, value in expected.get("headers", {}).items():
        told = headers.get(name.lower(), "")
        if told != value and not (name == "Location" and told == f"{value}/"):
            found.append(f"{name}: {told}")
    for name, parts in expected.get("headers_contain", {}).items():
        told = headers.get(name.lower(), "")
        found += [f"{name}: {told}" for part in ([parts] if isinstance(parts, str) else parts) if part not in told]
    return found + [f"{name} is there" for name in expected.get("headers_absent", []) if name.lower() in headers]


@to_each
@by_name
def test_the_target_half_gives_the_same_or_the_ledger_says_so(case: Case, to: tuple[str, str, Channel]) -> None:
    result = converted(case.name, to)
    unannounced = [
        f"{request.method} {request.scheme}://{request.host}{request.target}: {difference}"
        for request, _ in case.requests
        for difference, entries in compared(case, request, result, to)
        if not entries
    ]
    assert unannounced == []


def compared(
    case: Case, request: Request, result: Conversion, to: tuple[str, str, Channel]
) -> list[tuple[Difference, tuple[Any, ...]]]:
    if not result.tables:
        return []
    table = result.tables[0]
    found = differences(predicted(case, request), Gateways(result.objects).answer(request))
    rows = chosen(*to).table
    return [(each, announcements(each, request, table, result.entries, rows)) for each in found]


@to_each
def test_how_many_requests_agree(to: tuple[str, str, Channel], capsys: pytest.CaptureFixture[str]) -> None:
    """By category: requests that both sides answer alike, and those whose difference the ledger announces.

    That every proxy says in its own headers who the client is counts for none.
    """
    alike, told, others = Counter[str](), Counter[str](), 0
    for case in CASES:
        for request, _ in case.requests:
            differing = compared(case, request, converted(case.name, to), to)
            found = [each for each, _ in differing if each.aspect != "forwarded-headers"]
            (told if found else alike)[case.category] += 1
            others += sum(1 for _, entries in differing if not entries)
    with capsys.disabled():
        print(f"\n{' '.join(to)}: {alike.total()} alike, {told.total()} with announced differences, {others} others")
        for category in sorted({case.category for case in CASES}):
            print(f"  {category:<16} {alike[category]:>3} alike {told[category]:>3} announced")
    assert others == 0
