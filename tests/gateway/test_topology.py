"""How many Gateways there are, which Ingress belongs to which, and which hosts stand on listeners of their own."""

from __future__ import annotations

from typing import Any

import pytest
from gateway.builders import EDGE, NEWEST, draft, experimental, source

from converter.gateway.drafts import HostDraft, SideDraft
from converter.gateway.listeners import GatewayId
from converter.gateway.topology import Topology, gateway_name, gateway_of, isolated, sharing_key, spread

BOTH = frozenset({"team-a", "team-b"})


def host(name: str, *, served: bool = True) -> HostDraft:
    sides = (SideDraft(("http",), (draft("/"),)),) if served else ()
    return HostDraft(name, (name,), source(), None, sides, ordered=False)


@pytest.mark.parametrize(
    ("options", "alone", "name"),
    [
        ({}, True, "nginx"),
        ({"name": "edge"}, True, "edge"),
        ({"name": "edge"}, False, "edge-nginx"),
        ({}, False, "nginx"),
    ],
)
def test_a_gateway_is_named_after_its_class_unless_told_otherwise(
    options: dict[str, Any], alone: bool, name: str
) -> None:
    assert gateway_name(Topology(**options), "nginx", alone=alone) == name


@pytest.mark.parametrize(
    ("options", "namespaces", "gateway"),
    [
        ({}, frozenset({"team-a"}), GatewayId("team-a", "nginx")),
        ({}, BOTH, GatewayId("gateway-system", "nginx")),
        ({"namespace": "edge"}, BOTH, GatewayId("edge", "nginx")),
        ({"sharing": "namespace", "namespace": "edge"}, BOTH, GatewayId("team-a", "nginx")),
        ({"sharing": "ingress"}, BOTH, GatewayId("team-a", "web")),
    ],
)
def test_an_ingress_belongs_to_a_gateway(
    options: dict[str, Any], namespaces: frozenset[str], gateway: GatewayId
) -> None:
    assert gateway_of(source("web", "team-a"), Topology(**options), "nginx", namespaces) == gateway


@pytest.mark.parametrize(
    ("sharing", "key"), [("shared", ()), ("namespace", ("team-a",)), ("ingress", ("team-a", "web"))]
)
def test_the_sharing_key_tells_ingresses_of_different_gateways_apart(sharing: Any, key: tuple[str, ...]) -> None:
    assert sharing_key(source("web", "team-a"), Topology(sharing=sharing)) == key


@pytest.mark.parametrize(
    ("hosts", "alone"),
    [
        ([host("a.example.com"), host("b.example.com")], set()),
        ([host("a.example.com"), host("*.example.com")], {"a.example.com"}),
        ([host("a.b.example.com"), host("*.example.com")], {"a.b.example.com"}),
        ([host("*.b.example.com"), host("*.example.com")], {"*.b.example.com"}),
        ([host("a.example.com"), host("")], {"a.example.com"}),
        ([host("a.example.com"), host("*.example.com", served=False)], set()),
        ([host("a.example.com", served=False), host("")], {"a.example.com"}),
        ([host("example.com"), host("*.example.com")], set()),
    ],
)
def test_a_host_under_a_served_wider_host_stands_alone(hosts: list[HostDraft], alone: set[str]) -> None:
    assert isolated(hosts) == alone


def test_hosts_stay_in_their_gateway_while_it_has_room() -> None:
    wanted = {EDGE: [(f"h{index}", 1, "edge", ()) for index in range(63)]}
    assert set(spread(wanted, {EDGE: 1}, NEWEST).values()) == {EDGE}


def test_hosts_move_on_once_their_gateway_is_full_and_stay_whole() -> None:
    wanted = {EDGE: [(f"h{index}", 2, "edge", ()) for index in range(40)]}
    moved = spread(wanted, {EDGE: 1}, experimental("1.2"))
    assert [moved[EDGE, f"h{index}"].name for index in (0, 30, 31, 39)] == ["nginx", "nginx", "nginx-2", "nginx-2"]


def test_hosts_with_annotations_of_another_namespace_move_there() -> None:
    beside = (("cert-manager.io/issuer", "own"),)
    moved = spread({EDGE: [("a", 1, "edge", ()), ("b", 1, "team-a", beside)]}, {EDGE: 1}, NEWEST)
    assert moved == {(EDGE, "a"): EDGE, (EDGE, "b"): GatewayId("team-a", "nginx-from-edge-2")}
