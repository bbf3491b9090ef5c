"""Policies that name what is not there."""

from __future__ import annotations

from typing import Any

import pytest
from broken import questions, written
from verify.objects import gateway, http, route, rule

from converter.verify.aims import misses
from converter.verify.messages import Request
from converter.verify.sides import Target

Json = dict[str, Any]
OBJECTS = [gateway({"name": "http", **http()}), route({"name": "web", **rule()})]


def policy(*references: Json, **spec: Any) -> Json:
    metadata = {"name": "limit", "namespace": "team"}
    return {"kind": "TrafficPolicy", "metadata": metadata, "spec": {"targetRefs": list(references), **spec}}


def missed(*references: Json) -> list[tuple[str, str]]:
    return [("/".join(miss.target), miss.section) for miss in misses([*OBJECTS, policy(*references)])]


def test_what_is_there_is_not_missed() -> None:
    assert missed({"kind": "HTTPRoute", "name": "web"}, {"kind": "Gateway", "name": "main"}) == []
    assert missed({"kind": "HTTPRoute", "name": "web", "sectionName": "web"}) == []
    assert missed({"kind": "Gateway", "name": "main", "sectionName": "http"}) == []


def test_each_name_that_is_not_there_is_missed() -> None:
    assert missed({"kind": "HTTPRoute", "name": "wbe"}, {"kind": "GRPCRoute", "name": "web", "sectionName": "web"}) == [
        ("HTTPRoute/team/wbe", ""),
        ("GRPCRoute/team/web", ""),
    ]


def test_a_part_that_is_not_there_is_missed() -> None:
    assert missed({"kind": "Gateway", "name": "main", "sectionName": "https"}) == [("Gateway/team/main", "https")]


def test_nobody_knows_which_services_there_are() -> None:
    assert missed({"kind": "Service", "name": "gone", "sectionName": "80"}) == []


def test_the_only_target_of_a_policy_counts_as_well() -> None:
    alone = {**policy(), "spec": {"targetRef": {"kind": "HTTPRoute", "name": "wbe"}}}
    assert [miss.target for miss in misses([*OBJECTS, alone])] == [("HTTPRoute", "team", "wbe")]


@pytest.mark.parametrize("kind", ["HTTPRoute", "Gateway", "Service", "ConfigMap", "TrafficPolicy"])
def test_a_policy_for_nothing_changes_nothing(kind: str) -> None:
    """Whatever kind it is of, and whatever it says."""
    requests = [*questions(OBJECTS), Request("example.com")]
    alone = list(map(Target(OBJECTS).see, requests))
    aim = {"targetRefs": [{"kind": kind, "name": "nobody"}], "host": "nobody"}
    for _, _, entry in written():
        policy = {**entry, "metadata": {"name": "it", "namespace": "team"}, "spec": {**entry.get("spec", {}), **aim}}
        assert list(map(Target([*OBJECTS, policy]).see, requests)) == alone
