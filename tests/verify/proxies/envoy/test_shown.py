"""What of a set of objects Envoy on this machine does not show."""

from __future__ import annotations

from verify.objects import backend, gateway, header, mirror, on_request, redirect, rewrite, route, rule

from converter.verify.proxies.envoy.shown import left_out

OWN = {"name": "own", "namespace": "team"}


def test_what_one_answer_shows_is_not_left_out() -> None:
    weighted = {"backendRefs": [backend("a", filters=[on_request(set=[header("A", "b")])]), backend("b")]}
    single = {"backendRefs": [backend("a", filters=[rewrite(hostname="b")]), backend("b", weight=0)]}
    spec = {"urlRewrite": {"path": {"type": "ReplaceRegexMatch"}}}
    objects = [
        gateway(),
        route(rule("/", "web", mirror("copy")), rule("/red", "", redirect(hostname="a")), weighted, single),
        {"kind": "HTTPRouteFilter", "metadata": OWN, "spec": spec},
        {"kind": "GatewayClass", "metadata": {"name": "some"}},
    ]
    assert left_out(objects) == ()


def test_what_takes_time_other_ends_or_other_implementations_is_named() -> None:
    foreign = {"type": "ExtensionRef", "extensionRef": {"group": "example.com", "kind": "Middleware", "name": "a"}}
    later = {"type": "SomethingNew"}
    own = {"backendRefs": [backend("a", filters=[rewrite(hostname="b")]), backend("b")]}
    objects = [
        {"kind": "BackendTrafficPolicy", "metadata": OWN, "spec": {"targetRefs": [], "retry": {}}},
        {"kind": "ClusterPolicy", "metadata": {"name": "wide"}, "spec": {}},
        route(rule("/") | {"timeouts": {"request": "1s"}, "retry": {}}, rule("/", "web", foreign, later), own),
        {
            "kind": "HTTPRouteFilter",
            "metadata": OWN,
            "spec": {"credentialInjection": {}, "urlRewrite": {"hostname": {"type": "Backend"}}},
        },
    ]
    assert left_out(objects) == (
        "BackendTrafficPolicy team/own: spec.retry",
        "ClusterPolicy wide: spec",
        "HTTPRoute team/web: spec.rules[0].timeouts",
        "HTTPRoute team/web: spec.rules[0].retry",
        "HTTPRoute team/web: spec.rules[1].filters[0]",
        "HTTPRoute team/web: spec.rules[1].filters[1]",
        "HTTPRoute team/web: spec.rules[2].backendRefs[0].filters",
        "HTTPRouteFilter team/own: spec.credentialInjection",
        "HTTPRouteFilter team/own: spec.urlRewrite.hostname",
    )
