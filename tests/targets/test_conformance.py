"""What a table says that an implementation lacks, against what its newest conformance report says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from converter.gateway.releases import known_words
from converter.targets import NAMES, OTHERS
from converter.targets.table import target_table

MATRIX = Path(__file__).resolve().parents[3] / "shared" / "reference" / "conformance-matrix.yaml"
FEATURES: Mapping[str, tuple[str, ...]] = {
    "method-match": ("HTTPRouteMethodMatching",),
    "query-match": ("HTTPRouteQueryParamMatching",),
    "response-headers": ("HTTPRouteResponseHeaderModification",),
    "host-rewrite": ("HTTPRouteHostRewrite",),
    "path-rewrite": ("HTTPRoutePathRewrite",),
    "prefix-rewrite": ("HTTPRoutePathRewrite",),
    "mirror": ("HTTPRouteRequestMirror",),
    "rule-name": ("HTTPRouteNamedRouteRule",),
    "redirect-307-308": ("HTTPRoute307RedirectStatusCode", "HTTPRoute308RedirectStatusCode"),
    "timeouts": ("HTTPRouteRequestTimeout",),
    "cors": ("HTTPRouteCORS",),
    "retry": ("HTTPRouteRetry",),
    "client-certificates": ("GatewayFrontendClientCertificateValidation",),
    "BackendTLSPolicy": ("BackendTLSPolicy",),
    "ListenerSet": ("ListenerSet",),
    "TLSRoute": ("GATEWAY-TLS",),
    "TCPRoute": ("GATEWAY-TCP",),
    "UDPRoute": ("GATEWAY-UDP",),
}
"""The names that the suite has for a feature; a profile is one, too. All others are in no suite, or core."""
NOT_ASKED = {
    *("policy-for-a-rule", "regex-path", "regex-header", "request-headers", "listener-certificate", "external-auth"),
    *("session-persistence", "GatewayClass", "Gateway", "HTTPRoute", "ReferenceGrant", "XListenerSet"),
}
NAMED = {"gke": "gke-gateway", "kong": "kong-operator"}
"""What the reports call an implementation, where that is another name."""
_TRANSFORMS = "its source has transforms for the host and for a whole path; the report asks for prefixes as well"
_GATED = "it stands behind the feature gate GatewayAlpha, which the report switches on"
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("envoy-gateway", "client-certificates is in lacks"): "its ClientTrafficPolicy asks for them host by host instead",
    ("aws-load-balancer-controller", "host-rewrite is not in lacks"): _TRANSFORMS,
    ("aws-load-balancer-controller", "path-rewrite is not in lacks"): _TRANSFORMS,
    ("kong", "method-match is not in lacks"): "its router takes methods, but ranks them above the length of a path",
    **{("kong", f"{kind}Route is in lacks"): _GATED for kind in ("TLS", "TCP", "UDP")},
}
"""Where the table is right, with the reason."""


def report_of(name: str) -> Mapping[str, Any]:
    if not MATRIX.exists():
        pytest.skip(f"no {MATRIX.name} beside the repository")
    found: Mapping[str, Any] = yaml.safe_load(MATRIX.read_text())["implementations"].get(NAMED.get(name, name), {})
    return found or pytest.skip(f"{name} has no conformance report")


def contradictions(name: str, report: Mapping[str, Any]) -> Iterator[str]:
    """Words on which the table and the report do not agree."""
    supported, unsupported = {*report["supported_features"], *report["profiles"]}, set(report["unsupported_features"])
    lacks = target_table(name).lacks
    for word, names in FEATURES.items():
        if word not in lacks and unsupported.intersection(names):
            yield f"{word} is not in lacks"
        if word in lacks and supported.issuperset(names):
            yield f"{word} is in lacks"


@pytest.mark.parametrize("name", [name for name in (*NAMES, *OTHERS) if name != "standard"])
def test_a_table_lacks_what_the_report_does_not_support(name: str) -> None:
    found = {each for each in contradictions(name, report_of(name)) if (name, each) not in EXCEPTIONS}
    assert found == set()


def test_no_exception_is_out_of_date() -> None:
    found = {(name, each) for name, _ in EXCEPTIONS for each in contradictions(name, report_of(name))}
    assert set(EXCEPTIONS) <= found


def test_every_word_has_its_names_or_none() -> None:
    assert {*FEATURES, *NOT_ASKED} == known_words()


def test_a_contradiction_is_found_either_way() -> None:
    report = {"supported_features": ["HTTPRouteCORS"], "unsupported_features": ["HTTPRouteHostRewrite"], "profiles": []}

    assert list(contradictions("traefik", report)) == ["host-rewrite is not in lacks", "cors is in lacks"]
