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


def test_plugins_of_kong_are_known_by_name() -> None:
    plugin = "kind: KongPlugin\nmetadata: {name: web}\nplugin: cors\nconfig: {origins: 5, house: true}\n"
    assert told(plugin) == []
    assert told(plugin.replace("cors", "house-plugin")) == [(3, "plugin")]


def test_conditions_of_istio_that_nobody_reads_are_told() -> None:
    policy = """\
kind: AuthorizationPolicy
metadata: {name: web}
spec:
  action: DENY
  rules:
  - from: [{source: {remoteIpBlocks: [192.0.2.0/24]}}]
    to: [{operation: {paths: [/a], methods: [PUT]}}]
    when: [{key: source.principal, values: [a]}]
"""
    assert told(policy) == [
        (8, "spec.rules[0].when"),
        (7, "spec.rules[0].to[0].operation.methods"),
    ]
