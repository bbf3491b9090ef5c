"""ReferenceGrants: one for each kind and namespace that refers into a namespace, by name and no wider."""

from __future__ import annotations

from gateway.builders import NEWEST

from converter.gateway.grants import Reference, grants

ROUTE = ("HTTPRoute", "team-a")


def to_service(name: str, source: tuple[str, str] = ROUTE, namespace: str = "shared") -> Reference:
    return Reference(source, namespace, "", "Service", name)


def test_nothing_refers_so_nothing_is_granted() -> None:
    assert list(grants([], NEWEST)) == []


def test_a_grant_stands_where_the_object_is_and_names_it() -> None:
    assert list(grants([to_service("web"), to_service("api")], NEWEST)) == [
        {
            "apiVersion": "gateway.networking.k8s.io/v1beta1",
            "kind": "ReferenceGrant",
            "metadata": {"name": "httproute-from-team-a", "namespace": "shared"},
            "spec": {
                "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "team-a"}],
                "to": [
                    {"group": "", "kind": "Service", "name": "api"},
                    {"group": "", "kind": "Service", "name": "web"},
                ],
            },
        }
    ]


def test_each_kind_and_each_namespace_is_granted_apart() -> None:
    references = [
        to_service("web"),
        to_service("web", ("HTTPRoute", "team-b")),
        to_service("web", namespace="other"),
        Reference(("Gateway", "team-a"), "shared", "", "Secret", "tls"),
    ]
    found = [(g["metadata"]["namespace"], g["metadata"]["name"]) for g in grants(references, NEWEST)]
    assert found == [
        ("shared", "gateway-from-team-a"),
        ("other", "httproute-from-team-a"),
        ("shared", "httproute-from-team-a"),
        ("shared", "httproute-from-team-b"),
    ]


def test_a_grant_that_is_full_is_followed_by_another() -> None:
    found = list(grants([to_service(f"s{index:02}") for index in range(17)], NEWEST))
    assert [(g["metadata"]["name"], len(g["spec"]["to"])) for g in found] == [
        ("httproute-from-team-a-1", 16),
        ("httproute-from-team-a-2", 1),
    ]
