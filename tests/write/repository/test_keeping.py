"""What is shared goes on serving routes whose Ingress is gone, and nothing else of what it was."""

from __future__ import annotations

import pytest

from converter.write.repository.keeping import with_what_is_needed


def gateway(*names, routes_from="Same", annotations=None):
    allowed = {"namespaces": {"from": routes_from}}
    listeners = [{"name": name, "port": 443, "allowedRoutes": allowed} for name in names]
    metadata = {"name": "nginx", "namespace": "edge", **({"annotations": annotations} if annotations else {})}
    return {"kind": "Gateway", "metadata": metadata, "spec": {"listeners": listeners}}


def route(section=None, namespace="edge", gateway_name="nginx"):
    parent = {"name": gateway_name, "namespace": "edge", **({"sectionName": section} if section else {})}
    metadata = {"name": "shop", "namespace": namespace}
    return {"kind": "HTTPRoute", "metadata": metadata, "spec": {"parentRefs": [parent]}}


@pytest.mark.parametrize(
    ("kept", "listeners"),
    [
        ([], ["https-b"]),
        ([route("https-a")], ["https-a", "https-b"]),
        ([route("https-b")], ["https-b"]),
        ([route("https-a", gateway_name="another")], ["https-b"]),
        ([route()], ["https-a", "https-b", "http"]),
    ],
)
def test_listeners_that_kept_routes_name_stay(kept, listeners) -> None:
    found = with_what_is_needed(gateway("https-b"), gateway("https-a", "https-b", "http"), kept)

    assert found == gateway(*listeners)


def test_a_listener_stays_open_to_the_namespaces_of_kept_routes() -> None:
    new, old = gateway("http"), gateway("http", routes_from="All")

    assert with_what_is_needed(new, old, [route("http", namespace="shop")]) == old
    assert with_what_is_needed(new, old, [route("https", namespace="shop")]) == new


def test_annotations_stay_with_the_listeners_that_need_them() -> None:
    old = gateway("https-a", annotations={"cert-manager.io/issuer": "ca"})

    assert with_what_is_needed(gateway("http"), old, [route("https-a")]) == gateway(
        "https-a", "http", annotations={"cert-manager.io/issuer": "ca"}
    )
    assert with_what_is_needed(gateway("http"), old, [route("http")]) == gateway("http")


def grant(*services, namespace="shop"):
    return {
        "kind": "ReferenceGrant",
        "metadata": {"name": "httproute-from-shop", "namespace": "backends"},
        "spec": {
            "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": namespace}],
            "to": [{"group": "", "kind": "Service", "name": name} for name in services],
        },
    }


def test_grants_stay_while_a_kept_route_may_use_them() -> None:
    here = route("http", namespace="shop")

    assert with_what_is_needed(grant("b"), grant("a", "b"), [here]) == grant("b", "a")
    assert with_what_is_needed(grant("b"), grant("a", "b"), [route("http", namespace="other")]) == grant("b")


def test_what_is_new_needs_nothing_of_before() -> None:
    assert with_what_is_needed(gateway("http"), None, [route("https-a")]) == gateway("http")
