"""What people wrote, as documents of any kind: objects that count, what is wrong with them, what nobody judges."""

from __future__ import annotations

import io

from converter.problems import Problem
from converter.read import read
from converter.read.chunks import of_any_kind
from converter.read.written import WrittenObjects, written_objects

NAMES = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
"""


def written(text: str, home: str = "shop") -> WrittenObjects:
    return written_objects(read(["-"], io.BytesIO(text.encode()), wanted=of_any_kind).documents, home)


def told(problems: tuple[Problem, ...]) -> list[tuple[int, str, str]]:
    return [(each.line, each.code, each.message) for each in problems]


def test_objects_without_a_namespace_are_at_home() -> None:
    found = written(f"{NAMES}metadata: {{name: web, namespace: null}}\nspec: {{}}\n", "edge")
    assert [each.identity for each in found.objects] == [("HTTPRoute", "edge", "web")]
    assert found.problems == found.unjudged == ()


def test_kinds_of_the_cluster_have_no_home() -> None:
    found = written("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: null}\n")
    assert [each.content for each in found.objects] == [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    ]


def test_metadata_of_another_type_is_told() -> None:
    for metadata in ("", "metadata: web\n", "metadata: [name]\n", "metadata: {name: 5}\n", "metadata: {name: null}\n"):
        found = written(f"{NAMES}{metadata}spec: {{}}\n")
        assert told(found.problems) == [(1, "no-name", "This HTTPRoute has no metadata.name.")]
    metadata = "metadata: {name: web, namespace: 5, labels: [a], annotations: {a: 1}, creationTimestamp: 2020}\n"
    found = written(f"{NAMES}{metadata}spec: {{}}\n")
    assert told(found.problems) == [
        (3, "invalid-object", "metadata.namespace is not a text."),
        (3, "invalid-object", "metadata.annotations.a is not a text."),
        (3, "invalid-object", "metadata.labels is no mapping."),
    ]
    assert found.objects == ()


def test_a_spec_of_another_type_is_told() -> None:
    assert told(written(f"{NAMES}metadata: {{name: web}}\nspec: []\n").problems) == [
        (4, "invalid-object", "spec is empty.")
    ]
    assert told(written(f"{NAMES}metadata: {{name: web}}\n").problems) == [(1, "invalid-object", "spec is missing.")]


def test_a_kind_of_another_group_is_another_kind() -> None:
    istio = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: web}\nspec: {servers: 5}\n"
    assert written(istio) == WrittenObjects((), (), ())
    house = (
        "apiVersion: example.com/v1\nkind: TrafficPolicy\nmetadata: {name: web}\n"
        "spec: {targetRefs: [{kind: HTTPRoute, name: web}], acl: 5}\n"
    )
    assert [code for _, code, _ in told(written(house).unjudged)] == ["not-judged"]
    assert told(written(house.replace("example.com", "gateway.kgateway.dev")).problems) == [
        (4, "invalid-object", "spec.acl is no mapping.")
    ]


def test_fields_that_nobody_reads_are_told_one_by_one() -> None:
    policy = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: limit}
spec:
  targetRefs: [{kind: HTTPRoute, name: web}]
  requestBuffer: {limit: 8Mi}
  circuitBreaker: {maxConnections: 7}
"""
    known = "what it does is known to its implementation alone."
    assert told(written(policy).unjudged) == [
        (7, "not-judged", f"spec.circuitBreaker of BackendTrafficPolicy shop/limit is not judged: {known}")
    ]


FILTERED = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  rules:
  - filters:
    - {type: ExtensionRef, extensionRef: {group: traefik.io, kind: Middleware, name: limit}}
    - {type: HouseFilter}
    - {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [A]}}
"""
MIDDLEWARE = """\
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: limit}
spec: {rateLimit: {average: 5}}
"""


def test_a_filter_is_judged_where_it_is_known() -> None:
    assert [message.partition(" of ")[0] for _, _, message in told(written(FILTERED).unjudged)] == [
        "The filter Middleware limit",
        "The filter HouseFilter",
    ]
    assert [line for line, _, _ in told(written(FILTERED + MIDDLEWARE).unjudged)] == [8]
