"""What Istio is given for each behaviour, beside what the Gateway API says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conversions import of_kind, only, verdicts
from manifests import ingress, path, reading, rule
from shops import GATEWAY, HOST, TLS, Json, accepting, converted_for, shop, spec

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import convert
from converter.targets import target
from converter.verify.gateway import answer
from converter.verify.messages import Request

if TYPE_CHECKING:
    from types import ModuleType

    from converter.pipeline import Conversion

HOSTS = [HOST, f"{HOST}:*"]
OFFICE = {"allowlist_source_range": "10.0.0.0/8"}
FROM_ELSEWHERE = [{"source": {"notRemoteIpBlocks": ["10.0.0.0/8"]}}]


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    return accepting("istio", checker)


def converted(*manifests: Json, **options: str) -> Conversion:
    return converted_for("istio", *manifests, **options)


def status(result: Conversion, target: str, client: str = "203.0.113.7", host: str = HOST) -> int | None:
    return answer(result.objects, Request(host, target, client=client)).status


OF_SERVICES: dict[str, tuple[dict[str, str], Json]] = {
    "time for a connection": (
        {"proxy_connect_timeout": "7"},
        {"connectionPool": {"tcp": {"connectTimeout": "7s"}}},
    ),
    "least loaded endpoint": ({"load_balance": "ewma"}, {"loadBalancer": {"simple": "LEAST_REQUEST"}}),
    "hash of the address": (
        {"upstream_hash_by": "$remote_addr"},
        {"loadBalancer": {"consistentHash": {"useSourceIp": True}}},
    ),
    "hash of a header": (
        {"upstream_hash_by": "$http_x_user"},
        {"loadBalancer": {"consistentHash": {"httpHeaderName": "x-user"}}},
    ),
    "hash of a parameter": (
        {"upstream_hash_by": "$arg_user"},
        {"loadBalancer": {"consistentHash": {"httpQueryParameterName": "user"}}},
    ),
    "hash of a cookie": (
        {"upstream_hash_by": "$cookie_user"},
        {"loadBalancer": {"consistentHash": {"httpCookie": {"name": "user", "ttl": "0s"}}}},
    ),
    "endpoints in turn": ({"load_balance": "round_robin"}, {"loadBalancer": {"simple": "ROUND_ROBIN"}}),
    "session cookie": (
        {"affinity": "cookie", "session_cookie_name": "S", "session_cookie_samesite": "Lax"},
        {
            "loadBalancer": {
                "consistentHash": {
                    "httpCookie": {
                        "name": "S",
                        "path": "/",
                        "ttl": "0s",
                        "attributes": [{"name": "SameSite", "value": "Lax"}],
                    }
                }
            }
        },
    ),
    "TLS that nobody verifies": (
        {"backend_protocol": "HTTPS"},
        {"tls": {"mode": "SIMPLE", "insecureSkipVerify": True}},
    ),
    "TLS for a name": (
        {"backend_protocol": "GRPCS", "proxy_ssl_secret": "shop/inner", "proxy_ssl_name": "inner.example.com"},
        {"tls": {"mode": "SIMPLE", "insecureSkipVerify": True, "sni": "inner.example.com"}},
    ),
}


@pytest.mark.parametrize("name", OF_SERVICES)
def test_a_rule_for_the_service(name: str, accepted: Any) -> None:
    annotations, said = OF_SERVICES[name]

    assert spec(accepted(shop(**annotations)), "DestinationRule") == {
        "host": "web.shop.svc.cluster.local",
        "trafficPolicy": said,
    }


def test_a_service_has_one_rule_with_all_that_is_asked_for(accepted: Any) -> None:
    result = accepted(shop(proxy_connect_timeout="7", load_balance="ewma"))

    assert spec(result, "DestinationRule")["trafficPolicy"].keys() == {"connectionPool", "loadBalancer"}


def test_addresses_are_refused_at_the_gateway_for_the_host(accepted: Any) -> None:
    result = accepted(shop(**OFFICE), shop(name="other", host="other.example.com"))
    policy = only(result, "AuthorizationPolicy")

    assert policy["metadata"] == {"name": "nginx-access", "namespace": "shop"}
    assert policy["spec"] == {
        "targetRefs": [GATEWAY],
        "action": "DENY",
        "rules": [{"from": FROM_ELSEWHERE, "to": [{"operation": {"hosts": HOSTS}}]}],
    }
    assert (status(result, "/"), status(result, "/", "10.1.2.3")) == (403, None)
    assert status(result, "/", host="other.example.com") is None


def test_what_is_denied_is_denied_whatever_is_allowed(accepted: Any) -> None:
    result = accepted(shop(**OFFICE, denylist_source_range="10.1.0.0/16"))
    (said,) = spec(result, "AuthorizationPolicy")["rules"]

    assert said["from"] == [*FROM_ELSEWHERE, {"source": {"remoteIpBlocks": ["10.1.0.0/16"]}}]
    assert [status(result, "/", client) for client in ("10.2.0.1", "10.1.0.1")] == [None, 403]


def test_paths_below_that_others_serve_are_left_out(accepted: Any) -> None:
    inside = shop(path("/admin"), name="inside", **OFFICE)
    outside = shop(path("/admin/public"), path("/admin/logo", kind="Exact"), path("/"), name="outside")
    result = accepted(inside, outside)
    (said,) = spec(result, "AuthorizationPolicy")["rules"]

    assert said["to"] == [
        {
            "operation": {
                "hosts": HOSTS,
                "paths": ["/admin", "/admin/*"],
                "notPaths": ["/admin/public", "/admin/public/*", "/admin/logo"],
            }
        }
    ]
    asked = ("/admin", "/admin/x", "/admin/public/x", "/admin/logo", "/administrator", "/")
    assert [status(result, each) for each in asked] == [403, 403, None, None, None, None]


def test_a_list_below_another_one_has_a_rule_of_its_own(accepted: Any) -> None:
    outer = shop(path("/"), name="outer", **OFFICE)
    inner = shop(path("/deep"), name="inner", allowlist_source_range="192.168.0.0/16")
    result = accepted(outer, inner)

    assert [status(result, "/deep/x", client) for client in ("10.0.0.1", "192.168.0.1")] == [403, None]
    assert [status(result, "/x", client) for client in ("10.0.0.1", "192.168.0.1")] == [None, 403]


@pytest.mark.parametrize("host", ["*.example.com", ""])
def test_a_host_that_stands_for_many_leaves_out_those_with_routes_of_their_own(host: str, accepted: Any) -> None:
    many = ingress(
        "many", rule(host, path("/")), namespace="shop", annotations={"allowlist-source-range": "10.0.0.0/8"}
    )
    result = accepted(many, shop())
    (said,) = spec(result, "AuthorizationPolicy")["rules"]

    assert said["to"] == [{"operation": {"notHosts": HOSTS}}]
    assert (status(result, "/"), status(result, "/", host="a.example.com:8443")) == (None, 403)


def test_a_provider_of_the_mesh_is_asked_and_the_entry_for_it_is_given(accepted: Any) -> None:
    web = shop(auth_url="https://$host/oauth2/auth", auth_response_headers="X-User", secure=True)
    proxy = ingress("oauth2", rule(HOST, path("/oauth2", "oauth2-proxy", port=4180)), namespace="auth", tls=TLS)
    result = accepted(web, proxy)
    policy = spec(result, "AuthorizationPolicy")
    entry = next(each for each in result.entries if each.origin.key.endswith("auth-url"))

    assert (policy["action"], policy["provider"]) == ("CUSTOM", {"name": "auth-auth-oauth2-proxy-oauth2-auth"})
    assert policy["rules"] == [{"to": [{"operation": {"hosts": HOSTS, "notPaths": ["/oauth2", "/oauth2/*"]}}]}]
    assert (
        "- {name: auth-auth-oauth2-proxy-oauth2-auth, envoyExtAuthzHttp: {"
        'service: oauth2-proxy.auth.svc.cluster.local, port: 4180, pathPrefix: "/oauth2/auth?", '
        "includeRequestHeadersInCheck: [authorization, cookie, x-forwarded-for, x-forwarded-host, x-forwarded-proto], "
        "headersToDownstreamOnDeny: [location, set-cookie, www-authenticate], headersToUpstreamOnAllow: [X-User]}}"
    ) in entry.advice


def test_lists_and_providers_are_policies_of_their_own_and_istio_asks_the_provider_first(accepted: Any) -> None:
    result = accepted(shop(auth_url="http://auth.team.svc/check", **OFFICE))

    assert sorted(of_kind(result, "AuthorizationPolicy")) == ["shop/nginx-access", "shop/nginx-auth"]
    known = Request(HOST, "/", client="203.0.113.7", identified=True)
    assert [status(result, "/", client) for client in ("10.0.0.1", "203.0.113.7")] == [401, 401]
    assert answer(result.objects, known).status == 403


@pytest.mark.parametrize(
    "annotations",
    [
        {"auth_url": "https://auth.example.com/check"},
        {"auth_type": "basic", "auth_secret": "users"},
        {**OFFICE, "auth_url": "http://auth.team.svc/check", "satisfy": "any"},
        {**OFFICE, "use_regex": "true"},
    ],
)
def test_what_it_cannot_guard_is_closed(annotations: dict[str, str]) -> None:
    result = converted(shop(path("/x", kind="ImplementationSpecific"), **annotations))

    assert of_kind(result, "AuthorizationPolicy") == {}
    assert "backendRefs" not in spec(result, "HTTPRoute")["rules"][0]


def test_a_client_that_has_to_sign_in_is_sent_nowhere_and_the_entry_says_so() -> None:
    result = converted(shop(auth_url="http://auth.team.svc/check", auth_signin="https://login.example.com/"))

    assert verdicts(result)["auth-signin"] == ("untranslated", "auth.signin-lost")


@pytest.mark.parametrize("channel", ["standard", "experimental"])
def test_that_nothing_is_repeated_cannot_be_said(channel: Any) -> None:
    """A route takes no fewer than one further attempt."""
    to = target("istio", release("1.6", channel))
    result = convert(reading(shop(proxy_next_upstream="off")), to, Options())
    (found,) = spec(result, "HTTPRoute")["rules"]

    assert "retry" not in found
    assert verdicts(result)["proxy-next-upstream"] == ("untranslated", "retries.none")


SNIPPET = """
if ($http_user_agent ~* "bot") { return 403; }
if ($request_method = DELETE) { return 405; }
if ($arg_debug = "1") { return 404; }
"""


def test_answers_to_some_requests_are_rules_without_a_backend_that_come_first(accepted: Any) -> None:
    """By headers, methods and parameters, in the order of the Gateway API; a DELETE of a bot is a bot's."""
    result = accepted(shop(configuration_snippet=SNIPPET))
    bot = {"headers": [{"type": "RegularExpression", "name": "User-Agent", "value": "(?i).*(?:bot).*"}]}
    debug = {"queryParams": [{"type": "Exact", "name": "debug", "value": "1"}]}
    rules = spec(result, "HTTPRoute")["rules"]
    root = {"path": {"type": "PathPrefix", "value": "/"}}

    assert [(each["matches"], "backendRefs" in each) for each in rules] == [
        ([{**root, **bot}, {**root, **bot, "method": "DELETE"}], False),
        ([{**root, "method": "DELETE"}], False),
        ([{**root, **debug}], False),
        ([root], True),
    ]
    assert verdicts(result)["configuration-snippet if"] == ("approximated", "answer.status")


def test_such_answers_make_no_hole_in_what_the_path_is_guarded_by(accepted: Any) -> None:
    result = accepted(shop(configuration_snippet=SNIPPET, **OFFICE))
    (said,) = spec(result, "AuthorizationPolicy")["rules"]

    assert said == {"from": FROM_ELSEWHERE, "to": [{"operation": {"hosts": HOSTS}}]}


def test_without_any_annotation_there_is_nothing_but_the_gateway_api(accepted: Any) -> None:
    assert {entry["kind"] for entry in accepted(shop()).objects} == {"GatewayClass", "Gateway", "HTTPRoute"}


def test_options_of_the_controller_hold_for_every_service_or_are_said_in_its_own_words() -> None:
    result = converted(shop(), proxy_connect_timeout="9", load_balance="ewma", use_gzip="true")
    told = {
        entry.origin.key.rpartition(".")[2]: entry for entry in result.entries if entry.origin.value in ("9", "true")
    }

    assert spec(result, "DestinationRule")["trafficPolicy"] == {
        "connectionPool": {"tcp": {"connectTimeout": "9s"}},
        "loadBalancer": {"simple": "LEAST_REQUEST"},
    }
    assert told.keys() == {"proxy-connect-timeout", "use-gzip"}
    assert [each.code for each in told.values() if each.code != "option.untranslated"] == list(told)


LOST = {
    "limit_rps": "5",
    "proxy_body_size": "8m",
    "limit_connections": "5",
    "custom_http_errors": "404",
    "default_backend": "rest",
    "enable_modsecurity": "true",
    "upstream_hash_by": "$uri",
    "enable_opentelemetry": "true",
    "enable_access_log": "false",
    "proxy_cookie_path": "/ /a",
    "ssl_ciphers": "HIGH",
}


@pytest.mark.parametrize("name", LOST)
def test_what_it_cannot_do_is_said_in_its_own_words(name: str) -> None:
    result = converted(shop(**{name: LOST[name]}))
    entry = next(each for each in result.entries if each.origin.key.endswith(name.replace("_", "-")))

    assert str(entry.verdict) == "untranslated"
    assert "Not carried over" not in entry.message
    assert entry.advice
