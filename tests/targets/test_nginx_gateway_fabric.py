"""What NGINX Gateway Fabric is given for each behaviour, beside what the Gateway API says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conversions import of_kind, only, verdicts
from manifests import ingress, path, rule
from shops import GATEWAY, HOST, ROUTE, Json, accepting, converted_for, shop, spec

if TYPE_CHECKING:
    from types import ModuleType

    from converter.pipeline import Conversion

NAME = "nginx-gateway-fabric"
SERVICE = {"group": "", "kind": "Service", "name": "web"}


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    return accepting(NAME, checker)


def converted(*manifests: Json, **options: str) -> Conversion:
    return converted_for(NAME, *manifests, **options)


def of_route(result: Conversion, kind: str) -> Json:
    """What the only policy of a kind for a route says."""
    found = [
        entry["spec"]
        for entry in of_kind(result, kind).values()
        if any(
            each["kind"] == "HTTPRoute" for each in entry["spec"].get("targetRefs", [entry["spec"].get("targetRef")])
        )
    ]
    (only_one,) = found
    return only_one


BUFFERS = {"bufferSize": "16k", "buffers": {"number": 4, "size": "16k"}}
OF_ROUTES: dict[str, tuple[str, dict[str, str], Json]] = {
    "size of bodies": ("ClientSettingsPolicy", {"proxy_body_size": "8m"}, {"body": {"maxSize": "8m"}}),
    "any size of bodies": ("ClientSettingsPolicy", {"proxy_body_size": "0"}, {"body": {"maxSize": "0"}}),
    "a size that four digits hold only rounded": (
        "ClientSettingsPolicy",
        {"proxy_body_size": "10000001"},
        {"body": {"maxSize": "9766k"}},
    ),
    "time between two reads, and between two writes": (
        "ProxySettingsPolicy",
        {"proxy_read_timeout": "3600", "proxy_send_timeout": "86400"},
        {"timeout": {"read": "3600s", "send": "1440m"}},
    ),
    "time between two writes alone": (
        "ProxySettingsPolicy",
        {"proxy_send_timeout": "5"},
        {"timeout": {"read": "60s", "send": "5s"}},
    ),
    "time for a connection": (
        "ProxySettingsPolicy",
        {"proxy_connect_timeout": "9"},
        {"timeout": {"connect": "9s"}},
    ),
    "responses that are collected": (
        "ProxySettingsPolicy",
        {"proxy_buffering": "on"},
        {"buffering": {"disable": False}},
    ),
    "room for the headers of a response": (
        "ProxySettingsPolicy",
        {"proxy_buffer_size": "16k"},
        {"buffering": BUFFERS},
    ),
    "several buffers": (
        "ProxySettingsPolicy",
        {
            "proxy_buffering": "on",
            "proxy_buffers_number": "8",
            "proxy_buffer_size": "8k",
            "proxy_busy_buffers_size": "16k",
        },
        {
            "buffering": {
                "disable": False,
                "bufferSize": "8k",
                "buffers": {"number": 8, "size": "8k"},
                "busyBuffersSize": "16k",
            }
        },
    ),
    "requests by second and minute": (
        "RateLimitPolicy",
        {"limit_rps": "5", "limit_rpm": "100", "limit_burst_multiplier": "2"},
        {
            "rateLimit": {
                "local": {
                    "rules": [
                        {"key": "$binary_remote_addr", "rate": "5r/s", "burst": 10, "noDelay": True},
                        {"key": "$binary_remote_addr", "rate": "100r/m", "burst": 200, "noDelay": True},
                    ]
                },
                "rejectCode": 503,
            }
        },
    ),
    "a limit that was meant": (
        "RateLimitPolicy",
        {"rate_limit": "7", "rate_limit_window": "1m"},
        {"rateLimit": {"local": {"rules": [{"key": "$binary_remote_addr", "rate": "7r/m"}]}, "rejectCode": 503}},
    ),
}


@pytest.mark.parametrize("name", OF_ROUTES)
def test_a_policy_for_the_route(name: str, accepted: Any) -> None:
    kind, annotations, said = OF_ROUTES[name]
    target = {"targetRef": ROUTE} if kind == "ClientSettingsPolicy" else {"targetRefs": [ROUTE]}

    assert of_route(accepted(shop(**annotations)), kind) == {**target, **said}


OF_SERVICES: dict[str, tuple[dict[str, str], Json]] = {
    "endpoints in turn": ({"load_balance": "round_robin"}, {"loadBalancingMethod": "round_robin"}),
    "least loaded endpoint": ({"load_balance": "ewma"}, {"loadBalancingMethod": "random two least_conn"}),
    "hash of a variable": (
        {"upstream_hash_by": "${request_uri}"},
        {"loadBalancingMethod": "hash consistent", "hashMethodKey": "$request_uri"},
    ),
    "hash of a header": (
        {"upstream_hash_by": "$http_x_user", "load_balance": "ewma"},
        {"loadBalancingMethod": "hash consistent", "hashMethodKey": "$http_x_user"},
    ),
    "affinity": (
        {"affinity": "cookie", "session_cookie_name": "S", "upstream_hash_by": "$host"},
        {"loadBalancingMethod": "hash consistent", "hashMethodKey": "$binary_remote_addr"},
    ),
}


@pytest.mark.parametrize("name", OF_SERVICES)
def test_a_policy_for_the_service(name: str, accepted: Any) -> None:
    annotations, said = OF_SERVICES[name]

    assert spec(accepted(shop(**annotations)), "UpstreamSettingsPolicy") == {"targetRefs": [SERVICE], **said}


def test_the_gateway_has_the_defaults_of_ingress_nginx(accepted: Any) -> None:
    result = accepted(shop())

    assert {entry["kind"] for entry in result.objects} == {
        "GatewayClass",
        "Gateway",
        "HTTPRoute",
        "ProxySettingsPolicy",
    }
    assert spec(result, "ProxySettingsPolicy") == {
        "targetRefs": [GATEWAY],
        "buffering": {"disable": True},
        "timeout": {"connect": "5s"},
    }
    assert spec(result, "HTTPRoute")["rules"] == [
        {
            "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
            "backendRefs": [{"name": "web", "port": 80}],
        }
    ]


def test_settings_of_the_controller_hold_for_every_route(accepted: Any) -> None:
    result = accepted(
        shop(proxy_buffering="on", proxy_buffers_number="8"),
        keep_alive="10",
        keep_alive_requests="50",
        client_body_timeout="20",
        proxy_buffer_size="16k",
    )

    assert of_route(result, "ClientSettingsPolicy") == {
        "targetRef": ROUTE,
        "keepAlive": {"timeout": {"server": "10s"}, "requests": 50},
        "body": {"timeout": "20s"},
    }
    assert of_route(result, "ProxySettingsPolicy")["buffering"] == {
        "disable": False,
        "bufferSize": "16k",
        "buffers": {"number": 8, "size": "16k"},
    }


def test_users_are_looked_up_in_a_secret_that_the_entry_says_how_to_make(accepted: Any) -> None:
    result = accepted(shop(auth_type="basic", auth_secret="ops/users", auth_realm="Staff"))
    entry = next(each for each in result.entries if each.origin.key.endswith("auth-secret"))

    assert spec(result, "AuthenticationFilter") == {
        "type": "Basic",
        "basic": {"secretRef": {"name": "users-htpasswd"}, "realm": "Staff"},
    }
    assert only(result, "HTTPRoute")["spec"]["rules"][0]["filters"] == [
        {"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": ["Authorization"]}},
        {
            "type": "ExtensionRef",
            "extensionRef": {
                "group": "gateway.nginx.org",
                "kind": "AuthenticationFilter",
                "name": "shop-example-com-rule-1-auth",
            },
        },
    ]
    assert entry.advice == (
        "Run: kubectl -n ops get secret users -o jsonpath='{.data.auth}' | base64 -d > users && kubectl -n shop create"
        " secret generic users-htpasswd --type=nginx.org/htpasswd --from-file=auth=users"
    )


@pytest.mark.parametrize(
    "annotations",
    [
        {"auth_url": "http://auth.team.svc/check"},
        {"auth_type": "digest", "auth_secret": "users"},
        {"allowlist_source_range": "10.0.0.0/8"},
        {"allowlist_source_range": "10.0.0.0/8", "auth_type": "basic", "auth_secret": "users", "satisfy": "any"},
    ],
)
def test_what_it_cannot_guard_is_closed(annotations: dict[str, str]) -> None:
    result = converted(shop(**annotations))

    assert "backendRefs" not in spec(result, "HTTPRoute")["rules"][0]


def test_a_pattern_begins_with_a_slash_and_has_no_regard_to_case(accepted: Any) -> None:
    written = [path(value, kind="ImplementationSpecific") for value in ("/api/v[0-9]+", "/a|/b")]
    rules = spec(accepted(shop(*written, use_regex="true")), "HTTPRoute")["rules"]

    assert [match["path"]["value"] for each in rules for match in each["matches"]] == [
        "/(?i:api/v[0-9]+).*",
        "/(?i:(?:a)|(?:(?:.*/)?b)).*",
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [("/v[0-9]{2}", "path.regex-refused"), ("/?x", "path.regex-dialect"), ("/a|x", "path.regex-dialect")],
)
def test_a_pattern_that_it_refuses_is_left_out(written: str, code: str) -> None:
    result = converted(shop(path(written, kind="ImplementationSpecific"), path("/b"), use_regex="true"))

    assert next(each.code for each in result.entries if each.origin.key == "spec.rules.http.paths") == code


def test_paths_with_different_policies_have_routes_of_their_own(accepted: Any) -> None:
    one = shop(path("/a"), name="one", proxy_body_size="8m")
    two = shop(path("/b"), name="two", proxy_body_size="9m")
    result = accepted(one, two)
    targets = {entry["spec"]["targetRef"]["name"] for entry in of_kind(result, "ClientSettingsPolicy").values()}

    assert targets == {each.partition("/")[2] for each in of_kind(result, "HTTPRoute")}
    assert len(targets) == 2


def test_an_exact_path_and_the_prefix_of_the_same_text_do_not_overlap(accepted: Any) -> None:
    """A policy is refused for a route whose path another route has as well."""
    exact = shop(path("/a", kind="Exact"), name="one", proxy_body_size="8m")
    prefix = shop(path("/a", kind="Prefix"), name="two", proxy_body_size="9m")
    routes = of_kind(accepted(exact, prefix), "HTTPRoute").values()
    paths = [match["path"] for route in routes for each in route["spec"]["rules"] for match in each["matches"]]

    assert sorted(paths, key=str) == [
        {"type": "Exact", "value": "/a"},
        {"type": "PathPrefix", "value": "/a/"},
    ]


def test_a_header_that_would_be_a_variable_is_not_set() -> None:
    headers = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "headers", "namespace": "shop"},
        "data": {"X-Price": "5$"},
    }
    result = converted(shop(custom_headers="shop/headers"), headers)

    assert verdicts(result)["custom-headers"] == ("untranslated", "headers.unsayable")


CLIENTS = [{"type": "CIDR", "value": "10.0.0.0/8"}, {"type": "IPAddress", "value": "192.0.2.7"}]
EVERYBODY = [{"type": "CIDR", "value": "0.0.0.0/0"}]
OF_GATEWAYS: dict[str, tuple[dict[str, str], Json]] = {
    "a header of everybody": (
        {"use_forwarded_headers": "true"},
        {"rewriteClientIP": {"mode": "XForwardedFor", "setIPRecursively": True, "trustedAddresses": EVERYBODY}},
    ),
    "a header of some proxies": (
        {"enable_real_ip": "true", "proxy_real_ip_cidr": "10.1.0.0/8, 192.0.2.7"},
        {"rewriteClientIP": {"mode": "XForwardedFor", "setIPRecursively": True, "trustedAddresses": CLIENTS}},
    ),
    "the PROXY protocol, which comes before a header": (
        {"use_proxy_protocol": "true", "use_forwarded_headers": "true", "use_http2": "false"},
        {
            "rewriteClientIP": {"mode": "ProxyProtocol", "setIPRecursively": True, "trustedAddresses": EVERYBODY},
            "disableHTTP2": True,
        },
    ),
    "no HTTP/2": ({"use_http2": "false"}, {"disableHTTP2": True}),
}


@pytest.mark.parametrize("name", OF_GATEWAYS)
def test_the_gateway_names_a_proxy_that_is_told_what_the_controller_was(name: str, accepted: Any) -> None:
    options, said = OF_GATEWAYS[name]
    result = accepted(shop(secure=True), **options)
    gateway = spec(result, "Gateway")

    assert gateway["infrastructure"] == {
        "parametersRef": {"group": "gateway.nginx.org", "kind": "NginxProxy", "name": "nginx"}
    }
    assert only(result, "NginxProxy") == {
        "apiVersion": "gateway.nginx.org/v1alpha2",
        "kind": "NginxProxy",
        "metadata": {"name": "nginx", "namespace": "shop"},
        "spec": said,
    }


@pytest.mark.parametrize(
    ("options", "lost"),
    [
        ({"enable_real_ip": "true", "forwarded_for_header": "CF-Connecting-IP"}, "enable-real-ip"),
        ({"use_forwarded_headers": "true", "forwarded_for_header": "CF-Connecting-IP"}, "use-forwarded-headers"),
        ({"use_proxy_protocol": "true", "proxy_real_ip_cidr": "a load balancer"}, "use-proxy-protocol"),
        ({"use_proxy_protocol": "true", "proxy_real_ip_cidr": ",".join(["10.0.0.1"] * 65)}, "use-proxy-protocol"),
    ],
)
def test_who_is_believed_is_reported_where_a_proxy_cannot_be_told(options: dict[str, str], lost: str) -> None:
    result = converted(shop(), **options)
    entry = next(each for each in result.entries if each.origin.key.endswith(lost))

    assert of_kind(result, "NginxProxy") == {}
    assert "infrastructure" not in spec(result, "Gateway")
    assert str(entry.verdict) == "untranslated"
    assert "rewriteClientIP" in entry.advice


def test_what_is_the_default_of_nginx_needs_no_proxy(accepted: Any) -> None:
    result = accepted(shop(), use_http2="true", use_proxy_protocol="false", proxy_real_ip_cidr="0.0.0.0/0")

    assert of_kind(result, "NginxProxy") == {}
    assert "infrastructure" not in spec(result, "Gateway")


@pytest.mark.parametrize(
    ("annotations", "options", "said"),
    [
        (
            {"ssl_ciphers": "HIGH:!aNULL"},
            {},
            {"nginx.org/ssl-ciphers": "HIGH:!aNULL", "nginx.org/ssl-prefer-server-ciphers": "on"},
        ),
        (
            {"ssl_ciphers": "HIGH", "ssl_prefer_server_ciphers": "false"},
            {},
            {"nginx.org/ssl-ciphers": "HIGH", "nginx.org/ssl-prefer-server-ciphers": "off"},
        ),
        ({}, {"ssl_protocols": "TLSv1.3"}, {"nginx.org/ssl-protocols": "TLSv1.3"}),
    ],
)
def test_what_tls_a_listener_speaks(
    annotations: dict[str, str], options: dict[str, str], said: Json, accepted: Any
) -> None:
    result = accepted(shop(secure=True, **annotations), **options)
    listeners = {each["name"]: each.get("tls") for each in spec(result, "Gateway")["listeners"]}

    assert listeners == {
        "http": None,
        "https-shop-example-com": {
            "mode": "Terminate",
            "certificateRefs": [{"kind": "Secret", "name": "shop"}],
            "options": said,
        },
    }


@pytest.mark.parametrize(
    ("annotations", "options", "lost"),
    [
        ({"ssl_ciphers": "HIGH:@STRENGTH"}, {}, "ssl-ciphers"),
        ({}, {"ssl_protocols": "TLSv1.2,TLSv1.3"}, "ssl-protocols"),
    ],
)
def test_an_option_that_would_cost_the_listener_is_not_written(
    annotations: dict[str, str], options: dict[str, str], lost: str
) -> None:
    result = converted(shop(secure=True, **annotations), **options)
    entry = next(each for each in result.entries if each.origin.key.endswith(lost))

    assert all("options" not in each.get("tls", {}) for each in spec(result, "Gateway")["listeners"])
    assert str(entry.verdict) == "untranslated"
    assert entry.advice


def test_a_limit_for_another_time_is_reported() -> None:
    result = converted(shop(rate_limit="7", rate_limit_window="1h"))

    assert of_kind(result, "RateLimitPolicy") == {}
    assert verdicts(result)["rate-limit"] == ("untranslated", "rate-limit.window")


def test_a_variable_of_ingress_nginx_alone_is_not_hashed() -> None:
    result = converted(shop(upstream_hash_by="$best_http_host"))

    assert of_kind(result, "UpstreamSettingsPolicy") == {}


def test_requests_are_collected_whatever_was_asked_for() -> None:
    assert verdicts(converted(shop(proxy_request_buffering="off")))["proxy-request-buffering"] == (
        "untranslated",
        "proxy-request-buffering.off",
    )


LOST = {
    "limit_connections": "5",
    "limit_rate": "100",
    "custom_http_errors": "404",
    "default_backend": "rest",
    "enable_modsecurity": "true",
    "upstream_hash_by": "$uri$args",
    "enable_opentelemetry": "true",
    "enable_access_log": "false",
    "proxy_cookie_path": "/ /a",
    "client_body_buffer_size": "1m",
    "rewrite_target": "/x/$2/$1",
    "proxy_next_upstream_tries": "5",
}


@pytest.mark.parametrize("name", LOST)
def test_what_it_cannot_do_is_said_in_its_own_words(name: str) -> None:
    manifest = ingress(
        "shop",
        rule(HOST, path("/a/(.*)/(.*)" if name == "rewrite_target" else "/a", kind="ImplementationSpecific")),
        namespace="shop",
        annotations={"proxy-buffering": "on", name.replace("_", "-"): LOST[name]},
    )
    result = converted(manifest)
    entry = next(each for each in result.entries if each.origin.key.endswith(name.replace("_", "-")))

    assert str(entry.verdict) == "untranslated"
    assert "Not carried over" not in entry.message
    assert entry.advice
