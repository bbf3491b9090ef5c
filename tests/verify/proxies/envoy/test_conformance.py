"""Envoy against the Gateway API's own conformance tests: the objects are rendered right."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from verify.test_conformance import TABLES, as_object, as_request, differences, needs_tables, port_of

from converter.verify.gateway import Gateways
from converter.verify.proxies.echo import Echo
from converter.verify.proxies.envoy import World, serving
from converter.verify.proxies.observed import disagreements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from converter.verify.proxies.certificates import Certificates
    from converter.verify.proxies.envoy.proxy import Proxy

Json = dict[str, Any]
Key = tuple[str, Any, Any]
CASES = [(name, table, services, case) for name, table, services in TABLES for case in table["cases"]]


def key(name: str, case: Json) -> Key:
    return name, case.get("without"), case["request"].get("gateway")


def world(table: Json, services: list[list[str]], case: Json) -> World:
    """The objects of a table, without the kind that a case does without, seen from the Gateway that it asks."""
    kept = [as_object(entry) for entry in table["objects"] if entry["kind"] != case.get("without")]
    named = case["request"].get("gateway")
    return World(kept, frozenset((space, name) for space, name in services), tuple(named.split("/")) if named else None)


@pytest.fixture(scope="module")
def proxies(certificates: Certificates, program: Path) -> Iterator[Mapping[Key, Proxy]]:
    sent = {name for *_, case in CASES for name in case["request"].get("backend_sets", {})}
    worlds = {key(name, case): world(table, services, case) for name, table, services, case in CASES}
    with ExitStack() as stack:
        echo = stack.enter_context(Echo(certificates.server(), sorted(sent)))
        served = stack.enter_context(serving(list(worlds.values()), echo, certificates))
        yield dict(zip(worlds, served, strict=True))


@needs_tables
@pytest.mark.parametrize(("name", "table", "services"), TABLES, ids=[name for name, _, _ in TABLES])
def test_conformance(name: str, table: Json, services: list[list[str]], proxies: Mapping[Key, Proxy]) -> None:
    wrong = []
    for case in table["cases"]:
        given = world(table, services, case)
        request = as_request({"port": port_of(case["request"], list(given.objects)), **case["request"]})
        seen = proxies[key(name, case)].answer(request)
        predicted = Gateways(given.objects, given.services).answer(request, given.gateway)
        # One answer shows no shares.
        expected = {field: value for field, value in case["expect"].items() if field != "shares"}
        found = differences({**case, "expect": expected}, seen)
        found += map(str, disagreements(predicted, seen, besides=["forwarded-headers"]))
        wrong += [f"{case['request']}: {each}" for each in found]
    assert wrong == [], "\n".join(wrong)
