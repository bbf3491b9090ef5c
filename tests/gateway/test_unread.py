"""What a prediction passes over in objects that it reads otherwise."""

from __future__ import annotations

from converter.gateway.unread import unread
from converter.read.located import load


def told(text: str) -> list[tuple[int, str]]:
    content, _ = load(text, 1)
    return [(part.line, part.path) for part in unread(content)]


def test_fields_that_do_something_by_themselves_are_told_with_their_lines() -> None:
    policy = """\
kind: AgentgatewayPolicy
metadata: {name: web}
spec:
  targetRefs: [{kind: HTTPRoute, name: web}]
  targetSelectors: []
  traffic:
    buffer: {request: {maxBytes: 8Mi}}
    delay: {percentage: 5}
"""
    assert told(policy) == [(5, "spec.targetSelectors"), (8, "spec.traffic.delay")]


def test_details_of_what_is_read_are_not_told() -> None:
    policy = """\
kind: BackendTrafficPolicy
metadata: {name: web}
spec:
  retry: {numRetries: 3, perRetry: {timeout: 1s}}
"""
    assert told(policy) == []


def test_a_pattern_of_another_engine_is_told() -> None:
    middleware = """\
kind: Middleware
metadata: {name: web}
spec:
  replacePathRegex:
    regex: ^/\\pL+
    replacement: /
"""
    assert told(middleware) == [(5, "spec.replacePathRegex.regex")]
    assert told(middleware.replace("\\pL", "[a-z]")) == []


def test_nothing_is_told_of_the_apis_own_kinds() -> None:
    assert told("kind: Gateway\nmetadata: {name: web}\nspec: {addresses: [{value: 192.0.2.1}]}\n") == []
