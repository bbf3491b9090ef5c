"""Annotations of other programs stand where those programs look for them, and nowhere else."""

from __future__ import annotations

from gateway.builders import EDGE, origin, source

from converter.gateway.listeners import Holder
from converter.gateway.neighbours import Neighbourhood
from converter.routing import Neighbour

ISSUER = ("cert-manager.io/cluster-issuer", "letsencrypt")
TARGET = ("external-dns.alpha.kubernetes.io/target", "lb.example.com")
TTL = "external-dns.alpha.kubernetes.io/ttl"


def of(name: str, place: str, key: str, value: str) -> Neighbour:
    return Neighbour(source(name), place, key, value, origin(key, value, source(name)))  # type: ignore[arg-type]


def around(*neighbours: Neighbour) -> Neighbourhood:
    return Neighbourhood(neighbours, lambda _: EDGE)


GATEWAY = Holder("Gateway", "edge", "nginx", EDGE, (), ())


def test_what_stands_beside_listeners_follows_the_certificate_of_its_ingress() -> None:
    found = around(of("web", "gateway", *TARGET), of("web", "gateway", *ISSUER))
    assert found.beside_listeners(source("web")) == (ISSUER, TARGET)
    assert found.beside_listeners(source("api")) == ()


def test_of_two_values_on_a_route_that_of_the_oldest_stays() -> None:
    found = around(of("old", "route", TTL, "60"), of("new", "route", TTL, "300"))
    assert found.on_routes([source("new"), source("old")]) == ((TTL, "60"),)
    assert found.on_routes([source("new")]) == ((TTL, "300"),)
    assert found.on_routes([source("other")]) == ()


def test_an_ingress_without_a_certificate_speaks_on_the_gateway() -> None:
    assert around(of("web", "gateway", *TARGET)).on_gateway(GATEWAY, ()) == (TARGET,)


def test_what_stands_on_another_object_with_listeners_is_not_repeated() -> None:
    assert around(of("web", "gateway", *TARGET)).on_gateway(GATEWAY, {TARGET}) == ()


def test_cert_manager_does_nothing_for_an_ingress_without_a_certificate() -> None:
    assert around(of("web", "gateway", *ISSUER)).on_gateway(GATEWAY, ()) == ()
