"""What Envoy Gateway is given for each behaviour, beside what the Gateway API says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conversions import of_kind, only, verdicts
from manifests import ingress, path, rule
from shops import GATEWAY, HOST, ROUTE, TLS, Json, accepting, converted_for, shop, spec

if TYPE_CHECKING:
    from types import ModuleType

    from converter.pipeline import Conversion

HTTPS = {**GATEWAY, "sectionName": "https-shop-example-com"}


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    return accepting("envoy-gateway", checker)


def converted(*manifests: Json, **options: str) -> Conversion:
    return converted_for("envoy-gateway", *manifests, **options)


POLICIES: dict[str, tuple[dict[str, str], str, Json]] = {
    "requests a second": (
        {"limit_rps": "5"},
        "BackendTrafficPolicy",
        {
            "rateLimit": {
                "type": "Local",
                "local": {
                    "rules": [
                        {
                            "clientSelectors": [{"sourceCIDR": {"type": "Distinct", "value": network}}],
                            "limit": {"requests": 5, "unit": "Second"},
                        }
                        for network in ("0.0.0.0/0", "::/0")
                    ]
                },
            }
        },
    ),
    "size of bodies": ({"proxy_body_size": "8m"}, "BackendTrafficPolicy", {"requestBuffer": {"limit": "8Mi"}}),
    "time between two bytes": (
        {"proxy_read_timeout": "3600"},
        "BackendTrafficPolicy",
        {"timeout": {"http": {"streamIdleTimeout": "1h"}}},
    ),
    "time for a connection": (
        {"proxy_connect_timeout": "7"},
        "BackendTrafficPolicy",
        {"timeout": {"tcp": {"connectTimeout": "7s"}}},
    ),
    "tries of what may be repeated": (
        {"proxy_next_upstream": "error http_502", "proxy_next_upstream_tries": "4"},
        "BackendTrafficPolicy",
        {"retry": {"numRetries": 3, "retryOn": {"triggers": ["connect-failure", "reset-before-request"]}}},
    ),
    "tries of every method": (
        {"proxy_next_upstream": "error http_502 non_idempotent", "proxy_next_upstream_tries": "0"},
        "BackendTrafficPolicy",
        {
            "retry": {
                "numRetries": 10,
                "retryOn": {
                    "triggers": ["connect-failure", "reset-before-request", "reset", "retriable-status-codes"],
                    "httpStatusCodes": [502],
                },
            }
        },
    ),
    "least loaded endpoint": (
        {"load_balance": "ewma"},
        "BackendTrafficPolicy",
        {"loadBalancer": {"type": "LeastRequest"}},
    ),
    "session cookie": (
        {
            "affinity": "cookie",
            "session_cookie_name": "S",
            "session_cookie_max_age": "90",
            "session_cookie_samesite": "Lax",
        },
        "BackendTrafficPolicy",
        {
            "loadBalancer": {
                "type": "ConsistentHash",
                "consistentHash": {
                    "type": "Cookie",
                    "cookie": {"name": "S", "ttl": "1m30s", "attributes": {"Path": "/", "SameSite": "Lax"}},
                },
            }
        },
    ),
    "addresses that are let in": (
        {"allowlist_source_range": "10.0.0.1,2001:db8::/32"},
        "SecurityPolicy",
        {
            "authorization": {
                "defaultAction": "Deny",
                "rules": [{"action": "Allow", "principal": {"clientCIDRs": ["10.0.0.1/32", "2001:db8::/32"]}}],
            }
        },
    ),
    "addresses that are kept out": (
        {"denylist_source_range": "10.0.0.0/8"},
        "SecurityPolicy",
        {
            "authorization": {
                "defaultAction": "Allow",
                "rules": [{"action": "Deny", "principal": {"clientCIDRs": ["10.0.0.0/8"]}}],
            }
        },
    ),
    "both lists": (
        {"allowlist_source_range": "10.0.0.0/8", "denylist_source_range": "10.1.0.0/16"},
        "SecurityPolicy",
        {
            "authorization": {
                "defaultAction": "Deny",
                "rules": [
                    {"action": "Deny", "principal": {"clientCIDRs": ["10.1.0.0/16"]}},
                    {"action": "Allow", "principal": {"clientCIDRs": ["10.0.0.0/8"]}},
                ],
            }
        },
    ),
    "any rule of one": (
        {"allowlist_source_range": "10.0.0.0/8", "satisfy": "any"},
        "SecurityPolicy",
        {
            "authorization": {
                "defaultAction": "Deny",
                "rules": [{"action": "Allow", "principal": {"clientCIDRs": ["10.0.0.0/8"]}}],
            }
        },
    ),
    "password": (
        {"auth_type": "basic", "auth_secret": "users"},
        "SecurityPolicy",
        {"basicAuth": {"users": {"kind": "Secret", "name": "users-htpasswd"}}},
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_for_the_route(name: str, accepted: Any) -> None:
    annotations, kind, said = POLICIES[name]

    assert spec(accepted(shop(**annotations)), kind) == {"targetRefs": [ROUTE], **said}


HASHES: dict[str, Json] = {
    "$binary_remote_addr": {"type": "SourceIP"},
    "$http_x_user": {"type": "Headers", "headers": [{"name": "x-user"}]},
    "$cookie_session": {"type": "Cookie", "cookie": {"name": "session"}},
    "${arg_id}": {"type": "QueryParams", "queryParams": [{"name": "id"}]},
}


@pytest.mark.parametrize("value", HASHES)
def test_a_hash_of_one_variable(value: str, accepted: Any) -> None:
    found = spec(accepted(shop(upstream_hash_by=value)), "BackendTrafficPolicy")

    assert found["loadBalancer"] == {"type": "ConsistentHash", "consistentHash": HASHES[value]}


@pytest.mark.parametrize("value", ["$request_uri", "$remote_addr$http_x_user"])
def test_a_hash_of_anything_else_is_lost(value: str) -> None:
    result = converted(shop(upstream_hash_by=value))

    assert of_kind(result, "BackendTrafficPolicy") == {}
    assert verdicts(result)["upstream-hash-by"] == ("untranslated", "upstream-hash-by.lost")


def test_of_affinity_hash_and_algorithm_the_first_decides(accepted: Any) -> None:
    result = accepted(shop(affinity="cookie", upstream_hash_by="$arg_id", load_balance="ewma"))
    told = verdicts(result)

    assert spec(result, "BackendTrafficPolicy")["loadBalancer"]["consistentHash"]["type"] == "Cookie"
    assert [told[name][0] for name in ("upstream-hash-by", "load-balance")] == ["inert", "inert"]


def test_one_policy_of_a_kind_says_all_that_is_asked_of_a_rule(accepted: Any) -> None:
    result = accepted(
        shop(
            proxy_body_size="8m",
            limit_rps="5",
            proxy_connect_timeout="7",
            allowlist_source_range="10.0.0.0/8",
            auth_type="basic",
            auth_secret="users",
        )
    )

    assert sorted(spec(result, "BackendTrafficPolicy")) == ["rateLimit", "requestBuffer", "targetRefs", "timeout"]
    assert sorted(spec(result, "SecurityPolicy")) == ["authorization", "basicAuth", "targetRefs"]


def test_rules_that_ask_for_different_things_have_policies_of_their_own(accepted: Any) -> None:
    one, other = shop(path("/a"), name="one", proxy_body_size="8m"), shop(path("/b"), name="two", proxy_body_size="9m")
    found = of_kind(accepted(one, other), "BackendTrafficPolicy").values()

    assert [(each["spec"]["targetRefs"], each["spec"]["requestBuffer"]["limit"]) for each in found] == [
        ([{**ROUTE, "sectionName": "a"}], "8Mi"),
        ([{**ROUTE, "sectionName": "b"}], "9Mi"),
    ]


def test_without_any_annotation_the_route_only_switches_the_total_time_off(accepted: Any) -> None:
    result = accepted(shop())

    assert {entry["kind"] for entry in result.objects} == {"GatewayClass", "Gateway", "HTTPRoute"}
    assert spec(result, "HTTPRoute")["rules"][0]["timeouts"] == {"request": "0s"}


def test_a_stream_of_grpc_is_not_collected_for_the_sake_of_a_limit() -> None:
    result = converted(shop(proxy_body_size="8m", backend_protocol="GRPC"))

    assert of_kind(result, "BackendTrafficPolicy") == {}
    assert verdicts(result)["proxy-body-size"] == ("untranslated", "body-size.grpc")


def test_two_rules_of_which_any_is_enough_close_the_path() -> None:
    result = converted(shop(allowlist_source_range="10.0.0.0/8", auth_type="basic", auth_secret="u", satisfy="any"))

    assert of_kind(result, "SecurityPolicy") == {}
    assert verdicts(result)["satisfy"] == ("untranslated", "access.closed")


def test_digest_closes_the_path() -> None:
    result = converted(shop(auth_type="digest", auth_secret="users"))

    assert verdicts(result)["auth-type"] == ("untranslated", "access.closed")
    assert "backendRefs" not in spec(result, "HTTPRoute")["rules"][0]


def test_the_advice_about_a_password_is_the_command() -> None:
    result = converted(shop(auth_type="basic", auth_secret="users"))
    (advice,) = {entry.advice for entry in result.entries if entry.origin.key.endswith("auth-secret")}

    assert "kubectl -n shop get secret users -o jsonpath='{.data.auth}'" in advice
    assert "kubectl -n shop create secret generic users-htpasswd --from-file=.htpasswd=users" in advice


def test_the_users_of_another_namespace_need_a_grant(accepted: Any) -> None:
    result = accepted(shop(auth_type="basic", auth_secret="people/users"))

    assert spec(result, "SecurityPolicy")["basicAuth"]["users"]["namespace"] == "people"
    assert spec(result, "ReferenceGrant") == {
        "from": [{"group": "gateway.envoyproxy.io", "kind": "SecurityPolicy", "namespace": "shop"}],
        "to": [{"group": "", "kind": "Secret", "name": "users-htpasswd"}],
    }


def test_clients_that_say_certain_things_are_refused(accepted: Any) -> None:
    result = accepted(shop(), block_user_agents="~*bad\\.bot,exact")

    assert spec(result, "SecurityPolicy")["authorization"] == {
        "defaultAction": "Allow",
        "rules": [
            {
                "action": "Deny",
                "cel": "'user-agent' in request.headers && (request.headers['user-agent'].matches"
                '("(?i)bad\\\\.bot") || request.headers[\'user-agent\'] == "exact")',
            }
        ],
    }


def asked(result: Conversion) -> Json:
    """The address of the authentication service, in parts."""
    found: Json = spec(result, "SecurityPolicy")["extAuth"]["http"]
    return found


def test_the_pattern_of_oauth2_proxy_works(accepted: Any) -> None:
    """The proxy answers on the same host: its Service is asked, and whoever has to sign in is sent there."""
    web = shop(
        auth_url="https://$host/oauth2/auth",
        auth_signin="https://$host/oauth2/start?rd=$escaped_request_uri",
        auth_response_headers="X-Auth-Request-User, X-Auth-Request-Email",
        secure=True,
    )
    proxy = ingress("oauth2", rule(HOST, path("/oauth2", "oauth2-proxy", port=4180)), namespace="auth", tls=TLS)
    result = accepted(web, proxy)

    assert asked(result) == {
        "backendRefs": [{"name": "oauth2-proxy", "namespace": "auth", "port": 4180}],
        "pathOverride": "/oauth2/auth",
        "headersToBackend": ["X-Auth-Request-User", "X-Auth-Request-Email"],
    }
    assert spec(result, "BackendTrafficPolicy")["responseOverride"] == [
        {
            "match": {"statusCodes": [{"type": "Value", "value": 401}]},
            "source": "Local",
            "response": {
                "statusCode": 302,
                "header": {"set": [{"name": "Location", "value": "/oauth2/start?rd=/"}]},
            },
        }
    ]
    assert {name: told for name, told in verdicts(result).items() if name.startswith("auth-")} == {
        "auth-url": ("approximated", "auth.external"),
        "auth-signin": ("approximated", "auth.signin"),
        "auth-response-headers": ("approximated", "auth.external"),
    }


@pytest.mark.parametrize(
    ("written", "location"),
    [
        ("https://login.example.com/start", "https://login.example.com/start?rd=https://%REQUESTED_SERVER_NAME%/"),
        (
            "https://login.example.com/start?rd=https://$host$request_uri",
            "https://login.example.com/start?rd=https://%REQUESTED_SERVER_NAME%/",
        ),
        ("https://$host/start?rd=/home", "/start?rd=/home"),
    ],
)
def test_the_address_to_sign_in_at_is_written_without_the_request(written: str, location: str) -> None:
    result = converted(shop(auth_url="http://auth.team.svc/check", auth_signin=written))
    (override,) = spec(result, "BackendTrafficPolicy")["responseOverride"]

    assert override["response"]["header"]["set"] == [{"name": "Location", "value": location}]


def test_an_address_to_sign_in_at_that_needs_more_is_lost_and_the_door_stays_shut() -> None:
    result = converted(shop(auth_url="http://auth.team.svc/check", auth_signin="https://$arg_tenant.example.com/?rd=1"))

    assert of_kind(result, "BackendTrafficPolicy") == {}
    assert verdicts(result)["auth-signin"] == ("untranslated", "auth.signin-lost")
    assert asked(result)["pathOverride"] == "/check"


@pytest.mark.parametrize(
    ("url", "tls_of_backend"),
    [
        ("https://auth.example.com/check", {"wellKnownCACertificates": "System", "sni": "auth.example.com"}),
        (
            "https://auth.team.svc.cluster.local/check",
            {"insecureSkipVerify": True, "sni": "auth.team.svc.cluster.local"},
        ),
        ("http://auth.example.com/check", None),
    ],
)
def test_a_service_outside_or_behind_tls_is_asked_through_a_backend(
    url: str, tls_of_backend: Json | None, accepted: Any
) -> None:
    result = accepted(shop(auth_url=url))
    backend = only(result, "Backend")

    assert asked(result)["backendRefs"] == [
        {"group": "gateway.envoyproxy.io", "kind": "Backend", "name": backend["metadata"]["name"]}
    ]
    assert backend["spec"].get("tls") == tls_of_backend
    assert verdicts(result)["auth-url"] == ("approximated", "auth.external-backend")


def test_an_address_with_variables_that_nobody_serves_closes_the_path() -> None:
    result = converted(shop(auth_url="https://$host/oauth2/auth", secure=True))

    assert of_kind(result, "SecurityPolicy") == {}
    assert verdicts(result)["auth-url"] == ("untranslated", "access.closed")


def test_the_listener_of_the_host_asks_for_certificates_and_no_other(accepted: Any) -> None:
    other = shop(name="other", host="other.example.com", secure=True)
    result = accepted(shop(auth_tls_secret="shop/clients", secure=True), other)

    assert spec(result, "ClientTrafficPolicy") == {
        "targetRefs": [HTTPS],
        "tls": {
            "clientValidation": {
                "mode": "RequireAndVerify",
                "caCertificateRefs": [{"kind": "Secret", "name": "clients"}],
            }
        },
    }
    assert "tls" not in spec(result, "Gateway")


@pytest.mark.parametrize(("verifies", "mode"), [("optional", "VerifyIfGiven"), ("optional_no_ca", "Request")])
def test_a_certificate_that_nobody_has_to_show(verifies: str, mode: str, accepted: Any) -> None:
    result = accepted(
        shop(
            auth_tls_secret="shop/clients",
            auth_tls_verify_client=verifies,
            auth_tls_pass_certificate_to_upstream="true",
            secure=True,
        )
    )
    found = spec(result, "ClientTrafficPolicy")

    assert found["tls"]["clientValidation"]["mode"] == mode
    assert found["headers"] == {
        "xForwardedClientCert": {"mode": "SanitizeSet", "certDetailsToAdd": ["Cert", "Subject"]}
    }


def test_another_subject_than_the_right_one_is_refused(accepted: Any) -> None:
    result = accepted(
        shop(
            auth_tls_secret="shop/clients",
            auth_tls_match_cn="CN=part.*er",
            allowlist_source_range="10.0.0.0/8",
            secure=True,
        )
    )
    found = spec(result, "SecurityPolicy")

    assert found["authorization"] == {
        "defaultAction": "Deny",
        "rules": [
            {"action": "Deny", "cel": "!connection.mtls"},
            {"action": "Deny", "cel": '!connection.subject_peer_certificate.matches("CN=part.*er")'},
            {"action": "Allow", "principal": {"clientCIDRs": ["10.0.0.0/8"]}},
        ],
    }


@pytest.mark.parametrize(
    ("annotations", "options", "said"),
    [
        (
            {"ssl_ciphers": "ECDHE-RSA-AES128-GCM-SHA256:HIGH:AES256-SHA"},
            {},
            {"ciphers": ["ECDHE-RSA-AES128-GCM-SHA256", "AES256-SHA"]},
        ),
        ({}, {"ssl_protocols": "TLSv1.3"}, {"minVersion": "1.3", "maxVersion": "1.3"}),
        ({}, {"ssl_protocols": "TLSv1.1 TLSv1.2"}, {"minVersion": "1.1", "maxVersion": "1.2"}),
        (
            {"ssl_ciphers": "AES256-SHA"},
            {"ssl_protocols": "TLSv1.3"},
            {"minVersion": "1.3", "maxVersion": "1.3"},
        ),
        ({}, {"use_http2": "false"}, {"alpnProtocols": ["http/1.1"]}),
    ],
)
def test_what_tls_a_listener_speaks(
    annotations: dict[str, str], options: dict[str, str], said: Json, accepted: Any
) -> None:
    result = accepted(shop(secure=True, **annotations), **options)

    assert spec(result, "ClientTrafficPolicy") == {"targetRefs": [HTTPS], "tls": said}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"use_forwarded_headers": "true"},
            {"clientIPDetection": {"xForwardedFor": {"trustedCIDRs": ["0.0.0.0/0", "::/0"]}}},
        ),
        (
            {"use_forwarded_headers": "true", "proxy_real_ip_cidr": "10.0.0.0/8"},
            {"clientIPDetection": {"xForwardedFor": {"trustedCIDRs": ["10.0.0.0/8"]}}},
        ),
        (
            {"enable_real_ip": "true", "forwarded_for_header": "CF-Connecting-IP"},
            {"clientIPDetection": {"customHeader": {"name": "CF-Connecting-IP"}}},
        ),
        ({"use_proxy_protocol": "true"}, {"proxyProtocol": {"optional": False}}),
    ],
)
def test_who_is_believed_about_clients_holds_for_the_whole_gateway(
    options: dict[str, str], said: Json, accepted: Any
) -> None:
    found = spec(accepted(shop(secure=True), **options), "ClientTrafficPolicy")

    assert found == {"targetRefs": [GATEWAY], **said}


def test_a_policy_for_a_listener_says_again_what_holds_for_the_gateway(accepted: Any) -> None:
    result = accepted(shop(auth_tls_secret="shop/clients", secure=True), use_proxy_protocol="true")
    found = [sorted(each["spec"]) for each in of_kind(result, "ClientTrafficPolicy").values()]

    assert found == [["proxyProtocol", "targetRefs"], ["proxyProtocol", "targetRefs", "tls"]]


def test_responses_are_compressed_where_the_controller_did_so(accepted: Any) -> None:
    result = accepted(shop(), use_gzip="true", enable_brotli="true")

    assert spec(result, "BackendTrafficPolicy")["compressor"] == [
        {"type": "Gzip", "minContentLength": 256},
        {"type": "Brotli"},
    ]


def test_tls_that_nobody_verifies_leads_through_a_backend(accepted: Any) -> None:
    result = accepted(shop(path("/", port=443), backend_protocol="HTTPS"))

    assert only(result, "Backend") == {
        "apiVersion": "gateway.envoyproxy.io/v1alpha1",
        "kind": "Backend",
        "metadata": {"name": "web-443-tls", "namespace": "shop"},
        "spec": {
            "endpoints": [{"fqdn": {"hostname": "web.shop.svc.cluster.local", "port": 443}}],
            "tls": {"insecureSkipVerify": True},
        },
    }
    assert spec(result, "HTTPRoute")["rules"][0]["backendRefs"] == [
        {"group": "gateway.envoyproxy.io", "kind": "Backend", "name": "web-443-tls"}
    ]


def test_tls_that_is_verified_needs_no_backend(accepted: Any) -> None:
    result = accepted(
        shop(path("/", port=443), backend_protocol="HTTPS", proxy_ssl_verify="on", proxy_ssl_secret="shop/ca")
    )

    assert of_kind(result, "Backend") == {}
    assert list(of_kind(result, "BackendTLSPolicy")) == ["shop/web-tls"]


def test_an_address_with_a_query_is_answered_directly(accepted: Any) -> None:
    result = accepted(shop(permanent_redirect="https://new.example.com/a?b=c"))

    assert spec(result, "HTTPRouteFilter") == {
        "directResponse": {
            "statusCode": 301,
            "header": {"set": [{"name": "Location", "value": "https://new.example.com/a?b=c"}]},
        }
    }


def test_an_address_without_a_query_stays_a_filter_of_the_gateway_api() -> None:
    assert of_kind(converted(shop(permanent_redirect="https://new.example.com/a")), "HTTPRouteFilter") == {}


def test_cross_origin_rules_are_a_policy_where_there_is_no_filter() -> None:
    result = converted(shop(enable_cors="true", cors_allow_origin="https://a.example.com"), version="1.4")

    assert spec(result, "SecurityPolicy")["cors"]["maxAge"] == "480h"


LOST = (
    *("limit_connections", "limit_rate", "custom_http_errors", "default_backend", "enable_modsecurity"),
    *("enable_opentelemetry", "enable_access_log", "proxy_redirect_from", "proxy_cookie_path"),
)
BESIDE = {"proxy_redirect_from": {"proxy_redirect_to": "http://b/"}, "limit_rate": {"proxy_buffering": "on"}}
VALUES = {"limit_connections": "5", "limit_rate": "100", "custom_http_errors": "404", "default_backend": "rest"}
VALUES |= {"proxy_redirect_from": "http://a/", "proxy_cookie_path": "/ /a", "enable_access_log": "false"}


@pytest.mark.parametrize("name", LOST)
def test_what_it_cannot_do_is_said_in_its_own_words(name: str) -> None:
    result = converted(shop(**{name: VALUES.get(name, "true"), **BESIDE.get(name, {})}))
    entry = next(each for each in result.entries if each.origin.key.endswith(name.replace("_", "-")))

    assert str(entry.verdict) == "untranslated"
    assert "Not carried over" not in entry.message
    assert entry.advice
