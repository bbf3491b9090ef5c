"""Which object holds a listener: the Gateway while it can, ListenerSets for what must stand apart or has no room."""

from __future__ import annotations

import pytest
from gateway.builders import EDGE, NEWEST

from converter.gateway.listeners import GatewayId, Holder, Listener, hold, places

LETSENCRYPT = (("cert-manager.io/cluster-issuer", "letsencrypt"),)
INTERNAL = (("cert-manager.io/cluster-issuer", "internal"),)
HTTP = Listener(EDGE, "HTTP", "", "http", 80)


def https(host: str, annotations: tuple[tuple[str, str], ...] = (), namespace: str = "edge") -> Listener:
    return Listener(EDGE, "HTTPS", host, f"https-{host}", 443, ("edge", host), annotations, namespace)


def held(*listeners: Listener) -> list[tuple[str, str, str, list[str]]]:
    """Kind, namespace and name of each object with the names of its listeners."""
    return [(h.kind, h.namespace, h.name, [entry.name for entry in h.listeners]) for h in hold(listeners, NEWEST)]


def test_one_gateway_holds_everything_while_nothing_must_stand_apart() -> None:
    assert held(HTTP, https("a"), https("b")) == [("Gateway", "edge", "nginx", ["http", "https-a", "https-b"])]


def test_the_only_issuer_stands_on_the_gateway_when_it_is_at_home_there() -> None:
    (gateway,) = hold([HTTP, https("a", LETSENCRYPT)], NEWEST)
    assert (gateway.kind, gateway.annotations) == ("Gateway", LETSENCRYPT)


def test_the_only_issuer_of_another_namespace_has_a_listener_set_there() -> None:
    assert held(HTTP, https("a", LETSENCRYPT, "team-a")) == [
        ("Gateway", "edge", "nginx", ["http"]),
        ("ListenerSet", "team-a", "nginx-letsencrypt", ["https-a"]),
    ]


def test_listeners_of_different_issuers_stand_apart() -> None:
    assert held(HTTP, https("a", LETSENCRYPT), https("b", INTERNAL), https("c")) == [
        ("Gateway", "edge", "nginx", ["http", "https-c"]),
        ("ListenerSet", "edge", "nginx-internal", ["https-b"]),
        ("ListenerSet", "edge", "nginx-letsencrypt", ["https-a"]),
    ]


def test_issuers_of_one_name_and_different_keys_get_different_names() -> None:
    own = (("cert-manager.io/issuer", "letsencrypt"),)
    names = [name for _, _, name, _ in held(HTTP, https("a", LETSENCRYPT), https("b", own))]
    assert len(set(names)) == 3
    assert all(name.startswith("nginx") for name in names)


def test_a_gateway_without_plain_listeners_answers_http_all_the_same() -> None:
    assert held(https("a", LETSENCRYPT, "team-a"))[0] == ("Gateway", "edge", "nginx", ["http"])


@pytest.mark.parametrize(("count", "sizes"), [(63, [64]), (64, [64, 1]), (128, [64, 64, 1])])
def test_what_has_no_room_moves_into_listener_sets(count: int, sizes: list[int]) -> None:
    listeners = [HTTP, *(https(f"h{index}") for index in range(count))]
    holders = hold(listeners, NEWEST)
    assert [len(holder.listeners) for holder in holders] == sizes
    assert {entry.name for holder in holders for entry in holder.listeners} == {entry.name for entry in listeners}


def test_gateways_are_held_apart_and_in_order() -> None:
    other = GatewayId("apps", "nginx")
    holders = hold([HTTP, Listener(other, "HTTP", "", "http", 80)], NEWEST)
    assert [holder.gateway for holder in holders] == [other, EDGE]


def test_each_listener_finds_its_place() -> None:
    holders = hold([HTTP, https("a", LETSENCRYPT, "team-a")], NEWEST)
    where = places(holders)
    assert where[HTTP.key].kind == "Gateway"
    assert where[https("a").key].kind == "ListenerSet"


def test_the_identity_of_an_object_is_its_kind_and_names() -> None:
    assert Holder("Gateway", "edge", "nginx", EDGE, (), ()).identity == ("Gateway", "edge", "nginx")
