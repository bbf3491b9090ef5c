"""What kgateway is given for each behaviour, beside what the Gateway API says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conversions import of_kind, only, verdicts
from manifests import ingress, path, rule
from shops import GATEWAY, HOST, ROUTE, TLS, Json, accepting, converted_for, shop, spec

from converter.targets.table import target_table
from converter.verify.words import cipher

if TYPE_CHECKING:
    from types import ModuleType

    from converter.pipeline import Conversion

SERVICE = {"group": "", "kind": "Service", "name": "web"}


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    return accepting("kgateway", checker)


def converted(*manifests: Json, **options: str) -> Conversion:
    return converted_for("kgateway", *manifests, **options)


def told(result: Conversion, key: str) -> tuple[str, str]:
    (entry,) = (entry for entry in result.entries if entry.origin.key == key)
    return str(entry.verdict), entry.code


OF_ROUTES: dict[str, tuple[dict[str, str], Json]] = {
    "size of bodies": ({"proxy_body_size": "8m"}, {"buffer": {"maxRequestSize": "8Mi"}}),
    "time between two bytes": ({"proxy_read_timeout": "3600"}, {"timeouts": {"streamIdle": "1h"}}),
    "tries of what may be repeated": (
        {"proxy_next_upstream": "error http_502", "proxy_next_upstream_tries": "4"},
        {"retry": {"attempts": 3, "retryOn": ["connect-failure", "reset-before-request"]}},
    ),
    "tries of every method": (
        {"proxy_next_upstream": "error http_502 non_idempotent", "proxy_next_upstream_tries": "0"},
        {
            "retry": {
                "attempts": 10,
                "retryOn": ["connect-failure", "reset-before-request", "reset"],
                "statusCodes": [502],
            }
        },
    ),
    "addresses that are let in": (
        {"allowlist_source_range": "10.0.0.1,2001:db8::/32"},
        {"acl": {"defaultAction": "deny", "rules": [{"action": "allow", "cidrs": ["10.0.0.1/32", "2001:db8::/32"]}]}},
    ),
    "addresses that are kept out whatever is let in": (
        {"allowlist_source_range": "10.1.0.0/16,192.168.0.0/16", "denylist_source_range": "10.0.0.0/8"},
        {
            "acl": {
                "defaultAction": "deny",
                "rules": [
                    {"action": "deny", "cidrs": ["10.0.0.0/8"]},
                    {"action": "allow", "cidrs": ["192.168.0.0/16"]},
                ],
            }
        },
    ),
    "password": (
        {"auth_type": "basic", "auth_secret": "users"},
        {"basicAuth": {"secretRef": {"name": "users", "key": "auth"}}},
    ),
}


@pytest.mark.parametrize("name", OF_ROUTES)
def test_a_policy_for_the_route(name: str, accepted: Any) -> None:
    annotations, said = OF_ROUTES[name]

    assert spec(accepted(shop(**annotations)), "TrafficPolicy") == {"targetRefs": [ROUTE], **said}


def test_a_rewrite_by_pattern_replaces_the_whole_path(accepted: Any) -> None:
    result = accepted(shop(path("/api(/|$)(.*)", kind="ImplementationSpecific"), rewrite_target="/v1/$2"))

    assert spec(result, "TrafficPolicy")["urlRewrite"] == {
        "pathRegex": {"pattern": "(?i)^/api(/|$)(.*).*$", "substitution": r"/v1/\2"}
    }


OF_SERVICES: dict[str, tuple[dict[str, str], Json]] = {
    "time for a connection": ({"proxy_connect_timeout": "7"}, {"connectTimeout": "7s"}),
    "least loaded endpoint": ({"load_balance": "ewma"}, {"loadBalancer": {"leastRequest": {}}}),
    "hash of the address": (
        {"upstream_hash_by": "$remote_addr"},
        {"loadBalancer": {"ringHash": {"hashPolicies": [{"sourceIP": {}}]}}},
    ),
    "hash of a header": (
        {"upstream_hash_by": "$http_x_user"},
        {"loadBalancer": {"ringHash": {"hashPolicies": [{"header": {"name": "x-user"}}]}}},
    ),
    "hash of the path with its query, which is a header to Envoy": (
        {"upstream_hash_by": "$request_uri"},
        {"loadBalancer": {"ringHash": {"hashPolicies": [{"header": {"name": ":path"}}]}}},
    ),
    "session cookie": (
        {"affinity": "cookie", "session_cookie_name": "S", "session_cookie_samesite": "Lax"},
        {
            "loadBalancer": {
                "ringHash": {"hashPolicies": [{"cookie": {"name": "S", "path": "/", "ttl": "0s", "sameSite": "Lax"}}]}
            }
        },
    ),
    "TLS that nobody verifies": ({"backend_protocol": "HTTPS"}, {"tls": {"insecureSkipVerify": True}}),
}


@pytest.mark.parametrize("name", OF_SERVICES)
def test_a_policy_for_the_service(name: str, accepted: Any) -> None:
    annotations, said = OF_SERVICES[name]

    assert spec(accepted(shop(**annotations)), "BackendConfigPolicy") == {"targetRefs": [SERVICE], **said}


def test_a_service_has_one_policy_whichever_routes_lead_there(accepted: Any) -> None:
    one = shop(name="one", host="a.example.com", proxy_connect_timeout="7")
    result = accepted(one, shop(name="two", host="b.example.com", proxy_connect_timeout="9"))

    assert spec(result, "BackendConfigPolicy")["connectTimeout"] == "7s"
    assert [e.code for e in result.entries if e.origin.value == "9"] == ["service-policy.beaten"]


def test_a_limit_for_each_client_is_not_made_one_for_all() -> None:
    result = converted(shop(limit_rps="5"))

    assert of_kind(result, "TrafficPolicy") == {}
    assert verdicts(result)["limit-rps"] == ("untranslated", "rate-limit")


def test_the_service_that_is_asked_stands_in_an_extension(accepted: Any) -> None:
    """The path of the request becomes a query, or ``/oauth2/auth/cart`` would be asked for."""
    web = shop(auth_url="https://$host/oauth2/auth", auth_response_headers="X-User", secure=True)
    proxy = ingress("oauth2", rule(HOST, path("/oauth2", "oauth2-proxy", port=4180)), namespace="auth", tls=TLS)
    result = accepted(web, proxy)
    extension = only(result, "GatewayExtension")

    assert spec(result, "TrafficPolicy")["extAuth"] == {"extensionRef": {"name": extension["metadata"]["name"]}}
    assert extension["spec"]["extAuth"]["httpService"] == {
        "backendRef": {"name": "oauth2-proxy", "namespace": "auth", "port": 4180},
        "pathPrefix": "/oauth2/auth?",
        "requestTimeout": "60s",
        "authorizationResponse": {
            "headersToClient": ["Location", "Set-Cookie", "WWW-Authenticate"],
            "headersToBackend": ["X-User"],
        },
    }
    assert of_kind(result, "ReferenceGrant")["auth/gatewayextension-from-shop"]["spec"]["from"] == [
        {"group": "gateway.kgateway.dev", "kind": "GatewayExtension", "namespace": "shop"}
    ]


def test_a_client_that_has_to_sign_in_is_sent_nowhere_and_the_entry_says_so() -> None:
    result = converted(shop(auth_url="http://auth.team.svc/check", auth_signin="https://login.example.com/"))

    assert verdicts(result)["auth-signin"] == ("untranslated", "auth.signin-lost")


@pytest.mark.parametrize(
    "annotations",
    [
        {"auth_url": "https://auth.example.com/check"},
        {"auth_type": "digest", "auth_secret": "users"},
        {"auth_type": "basic", "auth_secret": "users", "auth_secret_type": "auth-map"},
        {"allowlist_source_range": "10.0.0.0/8", "auth_type": "basic", "auth_secret": "users", "satisfy": "any"},
    ],
)
def test_what_it_cannot_guard_is_closed(annotations: dict[str, str]) -> None:
    result = converted(shop(**annotations))

    assert of_kind(result, "TrafficPolicy") == {}
    assert "backendRefs" not in spec(result, "HTTPRoute")["rules"][0]


def test_an_invalid_rule_refuses_everybody_with_the_same_status(accepted: Any) -> None:
    result = accepted(shop(auth_url="not an address"))

    assert spec(result, "DirectResponse") == {"status": 503}


def test_clients_that_say_certain_things_are_refused(accepted: Any) -> None:
    result = accepted(shop(), block_user_agents="exact")

    assert spec(result, "TrafficPolicy")["rbac"] == {
        "action": "Deny",
        "policy": {
            "matchExpressions": [
                "'user-agent' in request.headers && (request.headers['user-agent'] == \"exact\")",
            ]
        },
    }


def test_who_is_believed_about_clients_holds_for_the_whole_gateway(accepted: Any) -> None:
    result = accepted(shop(), use_forwarded_headers="true", proxy_real_ip_cidr="10.0.0.0/8", use_proxy_protocol="true")

    assert spec(result, "ListenerPolicy") == {
        "targetRefs": [GATEWAY],
        "default": {
            "httpSettings": {"useRemoteAddress": False, "xffTrustedCIDRs": ["10.0.0.0/8"]},
            "proxyProtocol": {"allowRequestsWithoutProxyProtocol": False},
        },
    }


def test_everybody_is_believed_in_words_that_the_definition_takes(accepted: Any) -> None:
    result = accepted(shop(), use_forwarded_headers="true")

    believed = spec(result, "ListenerPolicy")["default"]["httpSettings"]["xffTrustedCIDRs"]
    assert believed == ["0.0.0.0/0", "0::/0"]


def test_the_address_of_a_client_alone_is_believed_where_no_more_was(accepted: Any) -> None:
    result = accepted(shop(), enable_real_ip="true", proxy_real_ip_cidr="10.0.0.0/8,nonsense")

    assert spec(result, "ListenerPolicy") == {
        "targetRefs": [GATEWAY],
        "default": {"httpSettings": {"useRemoteAddress": False, "xffTrustedCIDRs": ["10.0.0.0/8"]}},
    }
    assert told(result, "data.enable-real-ip") == ("approximated", "real-address")
    assert told(result, "data.proxy-real-ip-cidr") == ("approximated", "real-address")


@pytest.mark.parametrize(
    "options",
    [
        {"proxy_real_ip_cidr": "10.0.0.0/8"},
        {"enable_real_ip": "true", "proxy_real_ip_cidr": "nonsense"},
        {"enable_real_ip": "true", "forwarded_for_header": "CF-Connecting-IP"},
        {"use_forwarded_headers": "true", "forwarded_for_header": "CF-Connecting-IP"},
    ],
)
def test_nobody_is_believed_who_was_not_or_in_another_header(options: dict[str, str]) -> None:
    result = converted(shop(), **options)

    assert of_kind(result, "ListenerPolicy") == {}
    assert {str(e.verdict) for e in result.entries if e.origin.key.startswith("data.")} == {"untranslated"}


OF_LISTENERS: dict[str, tuple[dict[str, str], dict[str, str], dict[str, str]]] = {
    "those of the ciphers that Envoy knows": (
        {"ssl_ciphers": "ECDHE-RSA-AES128-GCM-SHA256:HIGH:AES256-SHA"},
        {},
        {"kgateway.dev/cipher-suites": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_256_CBC_SHA"},
    ),
    "ciphers of the controller": (
        {},
        {"ssl_ciphers": "ECDHE-RSA-CHACHA20-POLY1305"},
        {"kgateway.dev/cipher-suites": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    ),
    "ciphers of the Ingress before those of the controller": (
        {"ssl_ciphers": "AES128-SHA"},
        {"ssl_ciphers": "AES256-SHA"},
        {"kgateway.dev/cipher-suites": "TLS_RSA_WITH_AES_128_CBC_SHA"},
    ),
    "versions of TLS": (
        {},
        {"ssl_protocols": "TLSv1.1 TLSv1.2 SSLv3"},
        {"kgateway.dev/min-tls-version": "1.1", "kgateway.dev/max-tls-version": "1.2"},
    ),
    "no HTTP/2": ({}, {"use_http2": "false"}, {"kgateway.dev/alpn-protocols": "http/1.1"}),
}


@pytest.mark.parametrize("name", OF_LISTENERS)
def test_options_of_the_listener_of_the_host(name: str, accepted: Any) -> None:
    annotations, options, said = OF_LISTENERS[name]
    plain, secure = spec(accepted(shop(secure=True, **annotations), **options), "Gateway")["listeners"]

    assert "tls" not in plain
    assert secure["tls"] == {
        "mode": "Terminate",
        "certificateRefs": [{"kind": "Secret", "name": "shop"}],
        "options": said,
    }


@pytest.mark.parametrize(
    ("annotations", "options", "code"),
    [
        ({"ssl_ciphers": "HIGH:!aNULL"}, {}, "ssl-ciphers.lost"),
        ({"ssl_ciphers": "AES128-SHA"}, {"ssl_protocols": "TLSv1.3"}, "ssl-ciphers.unused"),
        ({}, {"ssl_protocols": "SSLv3"}, "ssl-protocols.lost"),
        ({}, {"use_http2": "true"}, ""),
    ],
)
def test_what_no_option_can_say_leaves_the_listener_alone(
    annotations: dict[str, str], options: dict[str, str], code: str
) -> None:
    result = converted(shop(secure=True, **annotations), **options)
    listener = spec(result, "Gateway")["listeners"][1]

    assert [name for name in listener["tls"].get("options", {}) if "cipher" in name or "alpn" in name] == []
    assert not code or code in {entry.code for entry in result.entries}


def test_ciphers_are_the_same_in_the_words_of_both_sides() -> None:
    words = target_table("kgateway").settings["ssl-ciphers"].carry.words

    assert {cipher(name) for name in words.values()} == set(words)


CERTIFICATES = {"auth_tls_secret": "shop/authority", "auth_tls_pass_certificate_to_upstream": "true"}


def test_certificates_of_clients_are_passed_on_in_the_header_of_envoy(accepted: Any) -> None:
    result = accepted(shop(secure=True, **CERTIFICATES))

    assert spec(result, "ListenerPolicy") == {
        "targetRefs": [GATEWAY],
        "default": {
            "httpSettings": {
                "forwardClientCertDetails": {"mode": "SanitizeSet", "details": {"cert": True, "subject": True}}
            }
        },
    }
    assert verdicts(result)["auth-tls-pass-certificate-to-upstream"] == ("approximated", "tls.client-passed")


def test_nothing_is_passed_on_of_clients_that_nobody_asks_for_certificates() -> None:
    """The other host of the Gateway asks for none, so the door of this one is closed."""
    result = converted(shop(secure=True, **CERTIFICATES), shop(name="b", host="b.example.com", secure=True))

    assert of_kind(result, "ListenerPolicy") == {}
    assert verdicts(result)["auth-tls-pass-certificate-to-upstream"] == ("untranslated", "access.closed")


def test_requests_that_were_not_logged_are_written_nowhere_anyway() -> None:
    assert verdicts(converted(shop(enable_access_log="false")))["enable-access-log"] == ("builtin", "enable-access-log")


def test_responses_are_compressed_where_the_controller_did_so(accepted: Any) -> None:
    result = accepted(shop(), use_gzip="true", enable_brotli="true")

    assert spec(result, "TrafficPolicy")["compression"] == {"responseCompression": {"libraries": ["Gzip", "Brotli"]}}


def test_without_any_annotation_the_route_only_switches_the_total_time_off(accepted: Any) -> None:
    result = accepted(shop())

    assert {entry["kind"] for entry in result.objects} == {"GatewayClass", "Gateway", "HTTPRoute"}
    assert spec(result, "HTTPRoute")["rules"][0]["timeouts"] == {"request": "0s"}


LOST = (
    *("limit_connections", "custom_http_errors", "default_backend", "enable_modsecurity", "upstream_hash_by"),
    *("enable_opentelemetry", "proxy_cookie_path"),
)
VALUES = {"limit_connections": "5", "custom_http_errors": "404", "default_backend": "rest", "upstream_hash_by": "$uri"}
VALUES |= {"proxy_cookie_path": "/ /a"}


@pytest.mark.parametrize("name", LOST)
def test_what_it_cannot_do_is_said_in_its_own_words(name: str) -> None:
    result = converted(shop(**{name: VALUES.get(name, "true")}))
    entry = next(each for each in result.entries if each.origin.key.endswith(name.replace("_", "-")))

    assert str(entry.verdict) == "untranslated"
    assert "Not carried over" not in entry.message
    assert entry.advice
