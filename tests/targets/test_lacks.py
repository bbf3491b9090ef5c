"""Nothing is written that an implementation would ignore: what its table calls lacking is in no object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import known_words, release
from converter.pipeline import convert
from converter.read import read
from converter.targets import NAMES, OTHERS, target
from converter.targets.table import target_table

Json = Mapping[str, Any]
GOLDEN = Path(__file__).parents[2] / "golden"
INPUTS = sorted(GOLDEN.glob("*/input"))


def rules(entry: Json) -> list[Json]:
    return list(entry["spec"].get("rules", [])) if entry["kind"] in ("HTTPRoute", "GRPCRoute") else []


def matches(entry: Json) -> list[Json]:
    return [match for rule in rules(entry) for match in rule.get("matches", [])]


def filters(entry: Json) -> list[Json]:
    return [each for rule in rules(entry) for each in rule.get("filters", [])]


def has_filter(kind: str) -> Callable[[Json], bool]:
    return lambda entry: any(each["type"] == kind for each in filters(entry))


def has_field(name: str) -> Callable[[Json], bool]:
    return lambda entry: any(name in rule for rule in rules(entry))


def rewrites(entry: Json) -> list[Json]:
    return [each["urlRewrite"] for each in filters(entry) if each["type"] == "URLRewrite"]


def replaces(kind: str) -> Callable[[Json], bool]:
    return lambda entry: any(each.get("path", {}).get("type") == kind for each in rewrites(entry))


def listeners(entry: Json) -> list[Json]:
    return list(entry["spec"].get("listeners", [])) if entry["kind"] in ("Gateway", "ListenerSet") else []


def targets_a_rule(entry: Json) -> bool:
    spec = entry.get("spec", {})
    references = [*spec.get("targetRefs", []), *filter(None, [spec.get("targetRef")])]
    return any("sectionName" in each and each["kind"] == "HTTPRoute" for each in references)


USES: Mapping[str, Callable[[Json], bool]] = {
    "policy-for-a-rule": targets_a_rule,
    "regex-path": lambda entry: any(each["path"]["type"] == "RegularExpression" for each in matches(entry)),
    "regex-header": lambda entry: any(
        header["type"] == "RegularExpression" for each in matches(entry) for header in each.get("headers", [])
    ),
    "method-match": lambda entry: entry["kind"] == "HTTPRoute" and any("method" in each for each in matches(entry)),
    "query-match": lambda entry: any("queryParams" in each for each in matches(entry)),
    "request-headers": has_filter("RequestHeaderModifier"),
    "response-headers": has_filter("ResponseHeaderModifier"),
    "host-rewrite": lambda entry: any("hostname" in each for each in rewrites(entry)),
    "path-rewrite": replaces("ReplaceFullPath"),
    "prefix-rewrite": replaces("ReplacePrefixMatch"),
    "mirror": has_filter("RequestMirror"),
    "listener-certificate": lambda entry: any("certificateRefs" in each.get("tls", {}) for each in listeners(entry)),
    "rule-name": has_field("name"),
    "redirect-307-308": lambda entry: any(
        each["requestRedirect"].get("statusCode") in (303, 307, 308)
        for each in filters(entry)
        if each["type"] == "RequestRedirect"
    ),
    "timeouts": has_field("timeouts"),
    "cors": has_filter("CORS"),
    "external-auth": has_filter("ExternalAuth"),
    "retry": has_field("retry"),
    "session-persistence": has_field("sessionPersistence"),
    "client-certificates": lambda entry: entry["kind"] == "Gateway" and "frontend" in entry["spec"].get("tls", {}),
}
"""How each feature shows in an object; a kind shows by itself."""


def uses(word: str, entry: Json) -> bool:
    return USES[word](entry) if word in USES else entry["kind"] == word


@pytest.mark.parametrize("name", [name for name in (*NAMES, *OTHERS) if target_table(name).lacks])
def test_nothing_that_the_implementation_lacks_is_written(name: str) -> None:
    assert list(ignored(name)) == []


def ignored(name: str) -> Iterator[str]:
    to = target(name, release("1.6", "experimental"))
    for folder in INPUTS:
        objects = convert(read([str(folder)]), to, Options()).objects
        for word in sorted(to.table.lacks):
            if any(uses(word, entry) for entry in objects):
                yield f"{folder.parent.name}: {word}"


def test_every_feature_would_be_seen() -> None:
    """Without its own check a feature that is written would go unnoticed; and each check has something to see."""
    objects = [
        entry
        for version, channel in (("1.6", "experimental"), ("1.6", "standard"), ("1.4", "experimental"))
        for name in NAMES
        for folder in INPUTS
        for entry in convert(read([str(folder)]), target(name, release(version, channel)), Options()).objects
    ]
    features = {word for word in known_words() if word not in {"GatewayClass", "Gateway", "HTTPRoute", "UDPRoute"}}

    assert {word for word in features if not any(uses(word, entry) for entry in objects)} == set()


@pytest.mark.parametrize("name", OTHERS)
def test_an_implementation_without_policies_gets_the_rows_of_the_standard_under_its_own_name(name: str) -> None:
    table = target_table(name)

    assert (table.name, table.placeholder) == (name, False)
    assert table.rows == target_table("standard").rows
    assert "/" in table.controller_name
