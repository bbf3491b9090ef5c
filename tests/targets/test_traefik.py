"""What Traefik is given for each behaviour, beside what the Gateway API says itself."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import pytest
from conversions import of_kind, only, verdicts
from manifests import ingress, path, rule
from shops import HOST, TLS, Json, accepting, converted_for, shop, spec

if TYPE_CHECKING:
    from types import ModuleType

    from converter.pipeline import Conversion

NAME = "traefik"
BY_ADDRESS = {"ipStrategy": {"depth": 0}}


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    return accepting(NAME, checker)


def converted(*manifests: Json, **options: str) -> Conversion:
    return converted_for(NAME, *manifests, **options)


def middlewares(result: Conversion) -> list[Json]:
    """Those of the first rule of the only route, in the order in which they run."""
    known = of_kind(result, "Middleware")
    filters = spec(result, "HTTPRoute")["rules"][0].get("filters", [])
    return [
        known[f"shop/{each['extensionRef']['name']}"]["spec"] if each["type"] == "ExtensionRef" else each
        for each in filters
    ]


OF_RULES: dict[str, tuple[dict[str, str], list[Json]]] = {
    "requests by second and minute": (
        {"limit_rps": "5", "limit_rpm": "100", "limit_burst_multiplier": "2"},
        [
            {"rateLimit": {"average": 5, "period": "1s", "burst": 11, "sourceCriterion": BY_ADDRESS}},
            {"rateLimit": {"average": 100, "period": "60s", "burst": 201, "sourceCriterion": BY_ADDRESS}},
        ],
    ),
    "a limit that was meant": (
        {"rate_limit": "7", "rate_limit_window": "1h"},
        [{"rateLimit": {"average": 7, "period": "3600s", "burst": 7, "sourceCriterion": BY_ADDRESS}}],
    ),
    "requests under way": (
        {"limit_connections": "5"},
        [{"inFlightReq": {"amount": 5, "sourceCriterion": BY_ADDRESS}}],
    ),
    "size of bodies": ({"proxy_body_size": "8m"}, [{"buffering": {"maxRequestBodyBytes": 8 << 20}}]),
    "tries of what may be repeated": (
        {"proxy_next_upstream": "error http_502", "proxy_next_upstream_tries": "4"},
        [{"retry": {"attempts": 4, "status": ["502"]}}],
    ),
    "tries of every method, for a status alone": (
        {
            "proxy_next_upstream": "http_503 non_idempotent",
            "proxy_next_upstream_tries": "0",
            "proxy_next_upstream_timeout": "9",
        },
        [
            {
                "retry": {
                    "attempts": 10,
                    "status": ["503"],
                    "disableRetryOnNetworkError": True,
                    "retryNonIdempotentMethod": True,
                    "timeout": "9s",
                }
            }
        ],
    ),
    "addresses that are let in": (
        {"allowlist_source_range": "10.0.0.1,2001:db8::/32"},
        [{"ipAllowList": {"sourceRange": ["10.0.0.1/32", "2001:db8::/32"]}}],
    ),
    "password": (
        {"auth_type": "basic", "auth_secret": "users", "auth_realm": "Staff"},
        [{"basicAuth": {"secret": "users", "removeHeader": True, "realm": "Staff"}}],
    ),
    "digest": (
        {"auth_type": "digest", "auth_secret": "users", "auth_realm": "Staff"},
        [{"digestAuth": {"secret": "users", "removeHeader": True, "realm": "Staff"}}],
    ),
    "a service that is asked": (
        {"auth_url": "http://auth.team.svc:8080/check?x=1", "auth_response_headers": "X-User,X-Mail"},
        [
            {
                "forwardAuth": {
                    "address": "http://auth.team.svc.cluster.local:8080/check?x=1",
                    "authResponseHeaders": ["X-User", "X-Mail"],
                }
            }
        ],
    ),
    "a service elsewhere": (
        {"auth_url": "https://auth.example.com/check"},
        [{"forwardAuth": {"address": "https://auth.example.com/check"}}],
    ),
    "a service whose certificate nobody verified": (
        {"auth_url": "https://auth.team.svc/check"},
        [
            {
                "forwardAuth": {
                    "address": "https://auth.team.svc.cluster.local:443/check",
                    "tls": {"insecureSkipVerify": True},
                }
            }
        ],
    ),
    "several, in the order in which they have to run": (
        {
            "upstream_vhost": "inner.example.com",
            "auth_type": "basic",
            "auth_secret": "users",
            "limit_rps": "1",
            "allowlist_source_range": "10.0.0.0/8",
            "proxy_body_size": "1k",
        },
        [
            {"ipAllowList": {"sourceRange": ["10.0.0.0/8"]}},
            {"rateLimit": {"average": 1, "period": "1s", "burst": 6, "sourceCriterion": BY_ADDRESS}},
            {"basicAuth": {"secret": "users", "removeHeader": True}},
            {"buffering": {"maxRequestBodyBytes": 1024}},
            {"type": "URLRewrite", "urlRewrite": {"hostname": "inner.example.com"}},
        ],
    ),
}


@pytest.mark.parametrize("name", OF_RULES)
def test_the_middlewares_of_a_rule(name: str, accepted: Any) -> None:
    annotations, found = OF_RULES[name]

    assert middlewares(accepted(shop(**annotations))) == found


def test_a_note_about_a_filter_of_the_gateway_api_names_its_place_behind_them() -> None:
    result = converted(shop(upstream_vhost="inner.example.com", allowlist_source_range="10.0.0.0/8"))
    entry = next(each for each in result.entries if each.origin.key.endswith("upstream-vhost"))

    assert [each.path for each in entry.results] == ["spec.rules[0].filters[1]"]


def test_who_is_denied_is_taken_away_from_who_is_let_in(accepted: Any) -> None:
    result = accepted(shop(allowlist_source_range="10.0.0.0/8", denylist_source_range="10.1.0.0/16,10.2.3.4"))
    networks = [ip_network(each) for each in middlewares(result)[0]["ipAllowList"]["sourceRange"]]

    def passes(address: str) -> bool:
        return any(ip_address(address) in network for network in networks)

    assert [passes(each) for each in ("10.0.0.1", "10.1.0.1", "10.2.3.4", "10.2.3.5", "192.168.0.1")] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_with_a_list_of_those_denied_alone_everybody_else_gets_in(accepted: Any) -> None:
    result = accepted(shop(denylist_source_range="128.0.0.0/1,8000::/1"))

    assert middlewares(result) == [{"ipAllowList": {"sourceRange": ["0.0.0.0/1", "::/1"]}}]
    assert verdicts(result)["denylist-source-range"] == ("translated", "access.complement")


def test_the_pattern_of_a_rewrite_is_that_of_the_whole_path(accepted: Any) -> None:
    result = accepted(shop(path("/api(/|$)(.*)", kind="ImplementationSpecific"), rewrite_target="/v1/$2"))

    assert middlewares(result) == [{"replacePathRegex": {"regex": "(?i)^/api(/|$)(.*).*$", "replacement": "/v1/${2}"}}]


def test_origins_stand_in_lists_and_patterns(accepted: Any) -> None:
    result = accepted(
        shop(
            enable_cors="true",
            cors_allow_origin="https://a.example.com,https://*.b.example.com",
            cors_allow_methods="GET",
            cors_allow_headers="X-One",
            cors_max_age="9",
        )
    )

    assert middlewares(result) == [
        {
            "headers": {
                "accessControlAllowOriginList": ["https://a.example.com"],
                "accessControlAllowOriginListRegex": [r"^https://[^.]+[.]b\.example\.com$"],
                "accessControlAllowCredentials": True,
                "accessControlAllowMethods": ["GET"],
                "accessControlAllowHeaders": ["X-One"],
                "accessControlMaxAge": 9,
                "addVaryHeader": True,
            }
        }
    ]


def signing_in(address: str) -> Json:
    web = shop(auth_url="https://$host/oauth2/auth", auth_signin=address, secure=True)
    proxy = ingress("oauth2", rule(HOST, path("/oauth2", "oauth2-proxy", port=4180)), namespace="auth", tls=TLS)
    result = converted(web, proxy)
    (found,) = of_kind(result, "Middleware").values()
    forward: Json = found["spec"]["forwardAuth"]
    return forward


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://$host/oauth2/start?rd=$escaped_request_uri", "/oauth2/start?rd=/"),
        ("https://$host/oauth2/start?rd=$scheme://$host$request_uri", "/oauth2/start?rd=/"),
        ("https://$host/oauth2/start", "/oauth2/start?rd=/"),
        (
            "https://login.example.com/start?a=b&rd=https://$host$request_uri",
            "https://login.example.com/start?a=b",
        ),
        ("https://login.example.com/start?rd=$arg_x", "https://login.example.com/start"),
    ],
)
def test_who_has_to_sign_in_is_sent_there(written: str, said: str) -> None:
    """oauth2-proxy: the path of the controller's own is asked at its Service."""
    assert signing_in(written) == {
        "address": "http://oauth2-proxy.auth.svc.cluster.local:4180/oauth2/auth",
        "authSigninURL": said,
    }


def test_an_address_that_cannot_be_written_is_left_out() -> None:
    assert "authSigninURL" not in signing_in("https://$arg_x/start")


OF_SERVICES: dict[str, tuple[dict[str, str], Json, Json]] = {
    "session cookie": (
        {
            "affinity": "cookie",
            "session_cookie_name": "S",
            "session_cookie_max_age": "60",
            "session_cookie_samesite": "Lax",
            "upstream_hash_by": "$remote_addr",
        },
        {"sticky": {"cookie": {"name": "S", "path": "/", "httpOnly": True, "maxAge": 60, "sameSite": "Lax"}}},
        {},
    ),
    "fastest endpoint": ({"load_balance": "ewma"}, {"strategy": "leasttime"}, {}),
    "hash of the address": ({"upstream_hash_by": "${remote_addr}", "load_balance": "ewma"}, {"strategy": "hrw"}, {}),
    "HTTP/2": ({"backend_protocol": "GRPC"}, {"scheme": "h2c"}, {}),
    "time for a connection": (
        {"proxy_connect_timeout": "7"},
        {},
        {"forwardingTimeouts": {"dialTimeout": "7s"}},
    ),
    "TLS that nobody verifies": ({"backend_protocol": "HTTPS"}, {"scheme": "https"}, {"insecureSkipVerify": True}),
    "TLS that somebody verifies": (
        {"backend_protocol": "HTTPS", "proxy_ssl_secret": "shop/ca", "proxy_ssl_verify": "on"},
        {"scheme": "https"},
        {"rootCAs": [{"secret": "ca"}], "serverName": "web.shop.svc", "certificatesSecrets": ["ca"]},
    ),
    "everything at once": (
        {"backend_protocol": "GRPCS", "affinity": "cookie", "proxy_connect_timeout": "3"},
        {"scheme": "https", "sticky": {"cookie": {"name": "INGRESSCOOKIE", "path": "/", "httpOnly": True}}},
        {"insecureSkipVerify": True, "forwardingTimeouts": {"dialTimeout": "3s"}},
    ),
}


@pytest.mark.parametrize("name", OF_SERVICES)
def test_an_object_in_place_of_the_service(name: str, accepted: Any) -> None:
    annotations, balanced, transport = OF_SERVICES[name]
    result = accepted(shop(**annotations))
    service, names = only(result, "TraefikService"), {}
    if transport:
        names = {"serversTransport": only(result, "ServersTransport")["metadata"]["name"]}
        assert spec(result, "ServersTransport") == transport

    assert service["spec"] == {"weighted": {"services": [{"name": "web", "port": 80, **balanced, **names}]}}
    assert spec(result, "HTTPRoute")["rules"][0]["backendRefs"] == [
        {"group": "traefik.io", "kind": "TraefikService", "name": service["metadata"]["name"]}
    ]


def test_copies_go_to_a_service_beside(accepted: Any) -> None:
    result = accepted(shop(mirror_target="http://shadow.shop.svc:81$request_uri"))

    assert spec(result, "TraefikService") == {
        "mirroring": {"name": "web", "port": 80, "mirrors": [{"name": "shadow", "port": 81, "percent": 100}]}
    }


PAGES = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "pages", "namespace": "shop"},
    "spec": {"ports": [{"name": "http", "port": 8080, "targetPort": 80}, {"name": "metrics", "port": 9090}]},
}


def test_error_pages_come_from_the_first_port_of_the_default_backend(accepted: Any) -> None:
    result = accepted(shop(custom_http_errors="503,404", default_backend="pages", limit_rps="5"), PAGES)

    assert [sorted(each) for each in middlewares(result)] == [["errors"], ["rateLimit"]]
    assert of_kind(result, "Middleware")["shop/shop-example-com-root-errors"] == {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "Middleware",
        "metadata": {"name": "shop-example-com-root-errors", "namespace": "shop"},
        "spec": {
            "errors": {"status": ["503", "404"], "service": {"name": "pages", "port": 8080}, "query": "/"},
        },
    }
    assert verdicts(result)["custom-http-errors"] == ("approximated", "custom-http-errors")
    assert verdicts(result)["default-backend"] == ("approximated", "default-backend.pages")


@pytest.mark.parametrize(
    ("service", "annotations", "said"),
    [
        ({**PAGES, "metadata": {"name": "pages", "namespace": "other"}}, {}, "custom-http-errors.lost"),
        ({**PAGES, "spec": {"type": "ExternalName", "externalName": "example.com"}}, {}, "custom-http-errors.lost"),
        (PAGES, {"default_backend": "others"}, "custom-http-errors.lost"),
        (PAGES, {"disable_proxy_intercept_errors": "true"}, "custom-http-errors.unused"),
    ],
)
def test_nobody_is_asked_for_error_pages_who_is_not_known(
    service: Json, annotations: dict[str, str], said: str
) -> None:
    asked = {"custom_http_errors": "404", "default_backend": "pages", **annotations}
    result = converted(shop(**asked), service)

    assert of_kind(result, "Middleware") == {}
    assert verdicts(result)["custom-http-errors"][1] == said


def test_responses_are_compressed_where_the_controller_did_so(accepted: Any) -> None:
    assert middlewares(accepted(shop(), use_gzip="true", enable_brotli="true")) == [
        {"compress": {"encodings": ["gzip"]}},
        {"compress": {"encodings": ["br"]}},
    ]


def test_users_of_another_namespace_need_a_secret_that_the_entry_says_how_to_make(accepted: Any) -> None:
    result = accepted(shop(auth_type="basic", auth_secret="ops/users"))
    entry = next(each for each in result.entries if each.origin.key.endswith("auth-secret"))

    assert middlewares(result) == [{"basicAuth": {"secret": "users-htpasswd", "removeHeader": True}}]
    assert entry.advice == (
        "Run: kubectl -n ops get secret users -o jsonpath='{.data.auth}' | base64 -d > users && kubectl -n shop create"
        " secret generic users-htpasswd --from-file=users"
    )


def test_without_any_annotation_there_is_nothing_of_its_own(accepted: Any) -> None:
    result = accepted(shop())

    assert {entry["kind"] for entry in result.objects} == {"GatewayClass", "Gateway", "HTTPRoute"}


@pytest.mark.parametrize(
    "annotations",
    [
        {"auth_url": "https://$arg_x/check"},
        {"auth_tls_secret": "shop/ca"},
        {"denylist_source_range": "0.0.0.0/0,::/0"},
        {"allowlist_source_range": "10.0.0.0/8", "auth_type": "basic", "auth_secret": "users", "satisfy": "any"},
    ],
)
def test_what_it_cannot_guard_is_closed(annotations: dict[str, str]) -> None:
    result = converted(shop(secure=True, **annotations))

    assert of_kind(result, "Middleware") == {}
    assert all(
        "backendRefs" not in each for route in of_kind(result, "HTTPRoute").values() for each in route["spec"]["rules"]
    )


def test_a_path_that_is_left_out_takes_what_its_service_was_asked_for_along() -> None:
    result = converted(shop(path("/(?!a)", kind="ImplementationSpecific"), use_regex="true", affinity="cookie"))

    assert verdicts(result)["affinity"] == ("untranslated", "path.left-out")


def test_a_service_without_a_port_is_replaced_by_nothing() -> None:
    result = converted(shop(path("/", port="http"), affinity="cookie"))

    assert of_kind(result, "TraefikService") == {}
    assert verdicts(result)["affinity"] == ("untranslated", "path.left-out")


LOST = {
    "limit_rate": "100",
    "custom_http_errors": "404",
    "default_backend": "rest",
    "enable_modsecurity": "true",
    "upstream_hash_by": "$uri",
    "enable_opentelemetry": "true",
    "enable_access_log": "false",
    "proxy_cookie_path": "/ /a",
    "ssl_ciphers": "HIGH",
    "mirror_target": "https://elsewhere.example.com",
    "proxy_read_timeout": "3600",
}


@pytest.mark.parametrize("name", LOST)
def test_what_it_cannot_do_is_said_in_its_own_words(name: str) -> None:
    result = converted(shop(proxy_buffering="on", **{name: LOST[name]}))
    entry = next(each for each in result.entries if each.origin.key.endswith(name.replace("_", "-")))

    assert str(entry.verdict) == "untranslated"
    assert "Not carried over" not in entry.message
    assert entry.advice
