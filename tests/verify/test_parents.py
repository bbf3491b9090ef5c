"""Gateways that routes name and nobody keeps beside them."""

from __future__ import annotations

from typing import Any

from converter.verify.doors import Doors
from converter.verify.messages import Answer, Request
from converter.verify.parents import lend

Json = dict[str, Any]
HOST = "shop.example.com"


def route(name: str = "web", host: str = HOST, **parent: Any) -> Json:
    return {
        "kind": "HTTPRoute",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {
            "parentRefs": [{"name": "edge", **parent}],
            "hostnames": [host],
            "rules": [{"backendRefs": [{"name": name, "port": 80}]}],
        },
    }


def gateway(name: str, namespace: str = "shop", **listener: Any) -> Json:
    entry = {"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "All"}}}
    return {
        "kind": "Gateway",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"listeners": [{**entry, **listener}]},
    }


def told(objects: list[Json], host: str = HOST, scheme: Any = "http") -> str:
    found = Doors(objects).answer(Request(host, scheme=scheme))
    return str(found.status) if found.status is not None else str(found.shares[0].endpoint)


def test_nothing_is_lent_where_everything_is_there() -> None:
    assert lend([route(), gateway("edge")], [gateway("edge")]) == ((), (), ())


def test_that_of_a_conversion_stands_in_for_one_of_its_name() -> None:
    lent = lend([route()], [gateway("edge"), gateway("other")])
    assert lent.objects == (gateway("edge"),)
    assert (lent.taken, lent.supposed) == ((("Gateway", "shop", "edge"),), ())


def test_one_that_stands_nowhere_serves_every_host_over_http_and_https() -> None:
    lent = lend([route()], [])
    assert (lent.taken, lent.supposed) == ((), (("Gateway", "shop", "edge"),))
    objects = [route(), *lent.objects]
    assert [told(objects, scheme=scheme) for scheme in ("http", "https")] == ["shop/web:80", "shop/web:80"]


def test_the_name_of_a_section_says_over_which_of_the_two() -> None:
    objects = [route("plain", sectionName="http"), route("secure", sectionName="https-shop")]
    objects += lend(objects, []).objects
    assert [told(objects, scheme=scheme) for scheme in ("http", "https")] == ["shop/plain:80", "shop/secure:80"]


def test_a_gateway_in_another_namespace_lets_everybody_in() -> None:
    objects = [route(namespace="infra")]
    assert told([*objects, *lend(objects, []).objects]) == "shop/web:80"


def test_a_listener_set_that_stands_nowhere_has_a_gateway_of_its_own() -> None:
    objects = [route(kind="ListenerSet"), gateway("edge", hostname="other.example.com")]
    lent = lend(objects, [])
    assert lent.supposed == (("ListenerSet", "shop", "edge"),)
    assert told([*objects, *lent.objects]) == "shop/web:80"


def test_a_client_arrives_at_the_gateway_with_the_closest_route() -> None:
    objects = [
        route("web"),
        gateway("edge"),
        {**route("wide", "*.example.com"), "metadata": {"name": "wide", "namespace": "shop"}},
        gateway("inner"),
    ]
    objects[2]["spec"]["parentRefs"] = [{"name": "inner"}]
    assert told(objects) == "shop/web:80"
    assert told(objects, "other.example.com") == "shop/wide:80"
    assert Doors(objects).answer(Request("elsewhere.org")) == Answer(404)


def test_a_listener_may_not_use_a_certificate_of_another_namespace_without_a_grant() -> None:
    certificate = {"certificateRefs": [{"kind": "Secret", "name": "tls", "namespace": "keys"}]}
    secure = gateway("edge", port=443, protocol="HTTPS", tls=certificate)
    grant = {
        "kind": "ReferenceGrant",
        "metadata": {"name": "edge", "namespace": "keys"},
        "spec": {
            "from": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "shop"}],
            "to": [{"group": "", "kind": "Secret", "name": "tls"}],
        },
    }
    assert told([route(), secure], scheme="https") == "0"
    assert told([route(), secure, grant], scheme="https") == "shop/web:80"
    elsewhere = {**grant, "spec": {**grant["spec"], "to": [{"group": "", "kind": "Secret", "name": "other"}]}}
    assert told([route(), secure, elsewhere], scheme="https") == "0"


def test_a_service_that_says_who_gets_in_needs_a_grant_too() -> None:
    guarded = route()
    auth = {"backendRef": {"name": "auth", "namespace": "keys", "port": 80}}
    guarded["spec"]["rules"][0]["filters"] = [{"type": "ExternalAuth", "externalAuth": auth}]
    grant = {
        "kind": "ReferenceGrant",
        "metadata": {"name": "auth", "namespace": "keys"},
        "spec": {
            "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "shop"}],
            "to": [{"group": "", "kind": "Service"}],
        },
    }
    assert told([guarded, gateway("edge")]) == "500"
    assert told([guarded, gateway("edge"), grant]) == "401"
