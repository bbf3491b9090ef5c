"""The target half against the Gateway API's own conformance tests, restated as objects, requests and answers.

The tables lie outside the repository; ``GATEWAY_API_CASES`` names their folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from converter.verify.gateway import Gateways
from converter.verify.messages import Answer, Request

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent
FOLDER = Path(os.environ.get("GATEWAY_API_CASES", ROOT / "../shared/cases"))
FILES = ("gateway_api_conformance.yaml", "gateway_api_conformance_more.yaml")
GROUP = "gateway.networking.k8s.io/v1"


def tables() -> list[tuple[str, Json, list[list[str]]]]:
    found = []
    for name in FILES:
        if (FOLDER / name).is_file():
            content = yaml.load((FOLDER / name).read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            found.extend((f"{name}:{table['test']}", table, content["services"]) for table in content["tests"])
    return found


TABLES = tables()
needs_tables = pytest.mark.skipif(not TABLES, reason="the conformance tables are not here (GATEWAY_API_CASES)")


def as_object(entry: Json) -> Json:
    metadata = {"name": entry["name"], "namespace": entry.get("ns", ""), "labels": entry.get("labels", {})}
    if "created" in entry:
        metadata["creationTimestamp"] = entry["created"]
    return {"apiVersion": GROUP, "kind": entry["kind"], "metadata": metadata, "spec": entry.get("spec", {})}


def as_request(case: Json) -> Request:
    return Request(
        host=case["host"],
        target=case["path"],
        method=case.get("method", "GET"),
        scheme=case.get("scheme", "http"),
        headers=tuple(case.get("headers", {}).items()),
        port=case.get("port", 0),
        server_name=case.get("sni", ""),
    )


def port_of(case: Json, objects: list[Json]) -> int:
    """Where the listener that a case names is reached."""
    for entry in objects:
        for listener in entry["spec"].get("listeners", []):
            if listener["name"] == case.get("listener"):
                return listener["port"]
    return 0


def differences(case: Json, answer: Answer) -> list[str]:
    wanted, found = case["expect"], []
    if wanted.get("connection_error"):
        return [] if answer.status == 0 else [f"connected: {answer}"]
    status = 200 if answer.status is None else answer.status
    if "status" in wanted and status not in wanted["status"]:
        found.append(f"status {status} instead of {wanted['status']}")
    names = {f"{s.endpoint.namespace}/{s.endpoint.service}": s.part for s in answer.shares if s.endpoint}
    if "backend" in wanted and status == 200 and wanted["backend"] not in names:
        found.append(f"backends {names} instead of {wanted['backend']}")
    if "shares" in wanted:
        found.extend(f"{n}: {names.get(n, 0)}" for n, part in wanted["shares"].items() if names.get(n, 0) != part)
    found.extend(redirect_differences(wanted.get("redirect"), answer))
    found.extend(upstream_differences(wanted.get("upstream"), answer))
    found.extend(response_differences(wanted.get("response"), case["request"].get("backend_sets", {}), answer))
    copies = sorted(f"{m.namespace}/{m.service}" for m in answer.mirrors)
    if copies != sorted(wanted.get("mirrors", [])):
        found.append(f"copies to {copies}")
    return found


def redirect_differences(wanted: Json | None, answer: Answer) -> list[str]:
    from urllib.parse import urlsplit

    parts = urlsplit(answer.location)
    actual = {"scheme": parts.scheme, "host": parts.hostname, "port": str(parts.port or ""), "path": parts.path}
    return [f"{key} {actual[key]}" for key, value in (wanted or {}).items() if actual[key] != value]


def upstream_differences(wanted: Json | None, answer: Answer) -> list[str]:
    found = []
    for share in answer.shares if wanted else ():
        sent = share.forwarded
        headers = {name.lower(): value for name, value in sent.headers}
        found += [f"path {sent.target}"] if wanted.get("path", sent.target) != sent.target else []
        found += [f"host {sent.host}"] if wanted.get("host", sent.host) != sent.host else []
        pairs = wanted.get("headers", {}).items()
        found += [f"{name}: {headers.get(name.lower())}" for name, value in pairs if headers.get(name.lower()) != value]
        found += [f"{name} was sent" for name in wanted.get("absent", []) if name.lower() in headers]
    return found


def response_differences(wanted: Json | None, backend_sets: Json, answer: Answer) -> list[str]:
    wanted = wanted or {}
    headers = {name.lower(): value for name, value in backend_sets.items()}
    headers = {name: value for name, value in headers.items() if name not in answer.removed_headers}
    headers |= {name.lower(): value for name, value in answer.set_headers}
    for name, value in answer.added_headers:
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known},{value}"
    right = {name: [value] for name, value in wanted.get("headers", {}).items()} | wanted.get("valid", {})
    found = [f"{n}: {headers.get(n.lower())}" for n, values in right.items() if headers.get(n.lower()) not in values]
    return found + [f"{name} is there" for name in wanted.get("absent", []) if name.lower() in headers]


@needs_tables
@pytest.mark.parametrize(("name", "table", "services"), TABLES, ids=[name for name, _, _ in TABLES])
def test_conformance(name: str, table: Json, services: list[list[str]]) -> None:
    """Every request of the table is answered as the table says."""
    objects = [as_object(entry) for entry in table["objects"]]
    existing = {tuple(pair) for pair in services}
    wrong = []
    for case in table["cases"]:
        kept = [entry for entry in objects if entry["kind"] != case.get("without")]
        named = case["request"].get("gateway")
        request = as_request({"port": port_of(case["request"], kept), **case["request"]})
        answer = Gateways(kept, existing).answer(request, tuple(named.split("/")) if named else None)
        if found := differences(case, answer):
            wrong.append(f"{case['request']}: {'; '.join(found)}")
    assert wrong == [], "\n".join(wrong)


@needs_tables
def test_all_requests_are_there() -> None:
    assert sum(len(table["cases"]) for _, table, _ in TABLES) == 363
