"""A function replaces what it made, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from converter.krm.ownership import INDEX, MARK, PATH, Plan, path_beside, plan

OLD_PATH, OLD_INDEX = "config.kubernetes.io/path", "config.kubernetes.io/index"


def route(name: str = "shop", host: str = "a.example.com", **annotations: str) -> dict[str, Any]:
    metadata = {"name": name, **({"annotations": annotations} if annotations else {})}
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": metadata, "spec": [host]}


IDENTITY = ("gateway.networking.k8s.io", "HTTPRoute", "", "shop")


def planned(items: list[Any], *objects: dict[str, Any], **sources: list[str]) -> Plan:
    return plan(items, objects, "us", {(*IDENTITY[:3], name): files for name, files in sources.items()})


def test_a_new_object_is_marked_and_goes_next_to_its_source() -> None:
    found = planned([], route(), shop=["k8s/web.yaml"])

    place = {PATH: "k8s/web.gateway.yaml", INDEX: "0", OLD_PATH: "k8s/web.gateway.yaml", OLD_INDEX: "0"}
    assert found == Plan({}, (route(**{MARK: "us", **place}),), ())


def test_without_a_known_source_it_goes_where_the_orchestrator_likes() -> None:
    assert planned([], route()) == Plan({}, (route(**{MARK: "us"}),), ())


def test_objects_of_one_file_are_numbered_after_what_is_there() -> None:
    there = route("other", **{PATH: "web.gateway.yaml", INDEX: "4"})
    found = planned([there], route("a"), route("b"), a=["web.yaml"], b=["web.yaml"])

    assert [each["metadata"]["annotations"][INDEX] for each in found.added] == ["5", "6"]


def test_the_same_object_is_left_as_it_is() -> None:
    """Also if somebody moved it, and whatever orchestrators note on it."""
    there = route(**{MARK: "us", PATH: "elsewhere.yaml", "config.k8s.io/id": "7", "kustomize.config.k8s.io/id": "x"})

    assert planned([there], route(), shop=["web.yaml"]) == Plan({}, (), ())


def test_another_version_of_it_is_replaced_where_it_stands() -> None:
    there = route(host="old.example.com", **{MARK: "us", "edited": "by hand", PATH: "elsewhere.yaml", INDEX: "3"})

    assert planned(["no object", there], route()) == Plan(
        {1: route(**{MARK: "us", PATH: "elsewhere.yaml", INDEX: "3"})}, (), ()
    )


def test_what_is_no_longer_made_goes() -> None:
    assert planned([route(**{MARK: "us"})]) == Plan({0: None}, (), ())


@pytest.mark.parametrize("marks", [{}, {MARK: "another function"}])
def test_what_others_made_stays(marks: dict[str, str]) -> None:
    assert planned([route(**marks)]) == Plan({}, (), ())
    assert planned([route(**marks)], route(host="b.example.com")) == Plan({}, (), (IDENTITY,))


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ([], ""),
        ([""], ""),
        (["web.yaml"], "web.gateway.yaml"),
        (["a/b/web.yml"], "a/b/web.gateway.yaml"),
        (["a/web.yaml", "a/web.yaml"], "a/web.gateway.yaml"),
        (["a/b/web.yaml", "a/c/api.yaml"], "a/shared.gateway.yaml"),
        (["a/web.yaml", "api.yaml"], "shared.gateway.yaml"),
        (["a/web.yaml", "b/api.yaml"], "shared.gateway.yaml"),
    ],
)
def test_the_place_beside_the_sources(files: list[str], path: str) -> None:
    assert path_beside(files) == path
