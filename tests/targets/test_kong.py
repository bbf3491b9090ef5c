"""What Kong is given for each behaviour, beside what the Gateway API says itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from conversions import of_kind, only, verdicts
from manifests import ingress, path, rule, tls
from shops import HOST, Json, accepting, converted_for, shop, spec

from converter.gateway.releases import release
from converter.ledger import Source
from converter.routing import Location, Match, MatchKind, Redirect
from converter.targets import target
from converter.targets.kong.paths import redirect
from converter.targets.switches import switched_off
from converter.verify.gateway import answer
from converter.verify.messages import Request

if TYPE_CHECKING:
    from types import ModuleType

    from converter.pipeline import Conversion

KONG = target("kong", release("1.6", "standard"))
SECURE = {"konghq.com/protocols": "https", "konghq.com/https-redirect-status-code": "308"}


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    return accepting("kong", checker)


def converted(*manifests: Json, **options: str) -> Conversion:
    return converted_for("kong", *manifests, **options)


def plugins(result: Conversion) -> dict[str, Json]:
    """What each plugin is told; all of them are named by the first rule of a route."""
    found = of_kind(result, "KongPlugin").values()
    named = [each["extensionRef"]["name"] for each in rules(result)[0]["filters"] if each["type"] == "ExtensionRef"]
    assert sorted(named) == [each["metadata"]["name"] for each in found]
    return {each["plugin"]: each["config"] for each in found}


def rules(result: Conversion) -> list[Json]:
    return [each for route in of_kind(result, "HTTPRoute").values() for each in route["spec"]["rules"]]


PLUGINS: dict[str, tuple[dict[str, str], dict[str, Json]]] = {
    "requests of one address": (
        {"limit_rps": "5", "limit_rpm": "100"},
        {
            "rate-limiting": {
                "second": 5,
                "limit_by": "ip",
                "policy": "local",
                "hide_client_headers": True,
                "minute": 100,
            }
        },
    ),
    "size of bodies": (
        {"proxy_body_size": "8m"},
        {"request-size-limiting": {"allowed_payload_size": 8 << 20, "size_unit": "bytes"}},
    ),
    "addresses": (
        {"allowlist_source_range": "10.0.0.1,2001:db8::/32", "denylist_source_range": "10.1.0.0/16"},
        {"ip-restriction": {"allow": ["10.0.0.1/32", "2001:db8::/32"], "deny": ["10.1.0.0/16"]}},
    ),
    "password": (
        {"auth_type": "basic", "auth_secret": "users"},
        {
            "basic-auth": {"hide_credentials": True},
            "acl": {"allow": ["shop/users"], "hide_groups_header": True},
        },
    ),
    "pages of other origins": (
        {
            "enable_cors": "true",
            "cors_allow_origin": "https://a.example.com,https://*.example.org",
            "cors_allow_methods": "GET, PUT",
            "cors_allow_headers": "X-One",
            "cors_expose_headers": "X-Two",
            "cors_max_age": "60",
        },
        {
            "cors": {
                "origins": ["https://a.example.com", r"https://[^.]+\.example\.org"],
                "methods": ["GET", "PUT"],
                "headers": ["X-One"],
                "exposed_headers": ["X-Two"],
                "credentials": True,
                "max_age": 60,
            }
        },
    ),
    "an address elsewhere": (
        {"permanent_redirect": "https://new.example.com/start?a=b"},
        {"redirect": {"status_code": 301, "location": "https://new.example.com/start?a=b"}},
    ),
    "an invalid rule": ({"auth_url": "not an address"}, {"request-termination": {"status_code": 503}}),
    "what no plugin says": ({"auth_url": "https://auth.example.com/"}, {"request-termination": {"status_code": 500}}),
    "any one of a single rule": (
        {"allowlist_source_range": "10.0.0.0/8", "satisfy": "any"},
        {"ip-restriction": {"allow": ["10.0.0.0/8"]}},
    ),
    "a line of nginx that keeps somebody out": (
        {"configuration_snippet": "auth_request /check;"},
        {"request-termination": {"status_code": 500}},
    ),
    "one rule or another": (
        {"allowlist_source_range": "10.0.0.0/8", "auth_type": "basic", "auth_secret": "users", "satisfy": "any"},
        {"request-termination": {"status_code": 500}},
    ),
}


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_that_the_rule_names(name: str, accepted: Any) -> None:
    annotations, told = PLUGINS[name]

    assert plugins(accepted(shop(**annotations))) == told


def test_a_path_on_the_same_host_takes_the_rest_of_the_address_from_the_request(accepted: Any) -> None:
    result = accepted(shop(app_root="/start"))
    root = next(each for each in rules(result) if each["matches"][0]["path"]["type"] == "Exact")
    told = of_kind(result, "KongPlugin")[f"shop/{root['filters'][0]['extensionRef']['name']}"]

    assert told["plugin"] == "pre-function"
    assert told["config"]["access"][0].startswith("kong.response.exit(302, nil, {Location = ")
    assert asked(result, "/").location == f"http://{HOST}/start"


def asked(result: Conversion, target: str, scheme: Any = "http") -> Any:
    return answer(result.objects, Request(HOST, target, scheme=scheme))


def test_a_rewrite_by_pattern_and_headers_are_told_to_one_plugin(accepted: Any) -> None:
    web = shop(
        path("/api(/|$)(.*)", kind="ImplementationSpecific"),
        rewrite_target="/v1/$2",
        x_forwarded_prefix="/api",
        upstream_vhost="inner.example.com",
    )
    result = accepted(web)
    (only_rule,) = rules(result)
    said = ["X-Forwarded-Prefix:/api", "host:inner.example.com"]
    told = plugins(result)["request-transformer"]

    assert only_rule["matches"][0]["path"] == {
        "type": "RegularExpression",
        "value": "/(?i:api(/|$)(.*)).*",
    }
    assert [each["type"] for each in only_rule["filters"]] == ["ExtensionRef"]
    assert told["replace"]["uri"] == "/v1/$(uri_captures[2])"
    assert sorted(told["replace"]["headers"]) == sorted(told["add"]["headers"]) == said
    (share,) = asked(result, "/API/cart?x=1").shares
    assert (share.forwarded.target, share.forwarded.host) == ("/v1/cart?x=1", "inner.example.com")


def test_without_a_rewrite_by_pattern_headers_stay_filters_of_the_gateway_api(accepted: Any) -> None:
    web = shop(path("/api"), rewrite_target="/v1", x_forwarded_prefix="/api", upstream_vhost="inner.example.com")
    result = accepted(web)

    assert of_kind(result, "KongPlugin") == {}
    assert [each["type"] for each in rules(result)[0]["filters"]] == ["RequestHeaderModifier", "URLRewrite"]


def test_a_route_for_https_sends_plain_http_there_by_an_annotation(accepted: Any) -> None:
    """To Kong every route is served on all listeners, so a route for http with a redirect would redirect https too."""
    result = accepted(shop(secure=True))
    route, gateway = only(result, "HTTPRoute"), only(result, "Gateway")

    assert route["metadata"]["annotations"] == SECURE
    assert [parent["sectionName"] for parent in route["spec"]["parentRefs"]] == ["https-shop-example-com"]
    assert [listener["name"] for listener in gateway["spec"]["listeners"]] == ["http", "https-shop-example-com"]
    assert asked(result, "/cart").location == f"https://{HOST}/cart"
    assert asked(result, "/cart").status == 308
    assert asked(result, "/cart", "https").shares


def routes(result: Conversion) -> list[tuple[Json | None, list[str], list[Json]]]:
    """Annotations, listeners and matches of each."""
    return [
        (
            route["metadata"].get("annotations"),
            [parent["sectionName"] for parent in route["spec"]["parentRefs"]],
            [match for each in route["spec"]["rules"] for match in each["matches"]],
        )
        for route in of_kind(result, "HTTPRoute").values()
    ]


def prefix(value: str, **conditions: Any) -> Json:
    return {"path": {"type": "PathPrefix", "value": value}, **conditions}


BOTH = ["http", "https-shop-example-com"]


def test_what_is_served_over_both_has_one_route_and_the_rest_one_for_https(accepted: Any) -> None:
    """Two routes for the same requests, one for each protocol, would both take plain http."""
    secure = ingress("a", rule(HOST, path("/", "web")), namespace="shop", tls=[tls(HOST, secret="shop")])
    plain = shop(path("/plain", "plain"), name="b", ssl_redirect="false", secure=True)
    result = accepted(secure, plain)

    assert routes(result) == [(None, BOTH, [prefix("/plain")]), (SECURE, BOTH[1:], [prefix("/")])]
    assert list(of_kind(result, "HTTPRoute")) == ["shop/shop-example-com", "shop/shop-example-com-https"]
    assert asked(result, "/plain").shares
    assert asked(result, "/").status == 308


def test_a_header_for_https_goes_with_answers_over_plain_http_as_well(accepted: Any) -> None:
    result = accepted(shop(ssl_redirect="false", secure=True))
    over = [dict(asked(result, "/", scheme).set_headers).keys() for scheme in ("http", "https")]

    assert over == [{"Strict-Transport-Security"}, {"Strict-Transport-Security"}]


BOT: Json = {"type": "RegularExpression", "name": "User-Agent", "value": "(?i).*(?:bot).*"}


def test_an_answer_to_some_requests_is_given_over_both_and_the_others_are_sent_to_https(accepted: Any) -> None:
    result = accepted(shop(secure=True, configuration_snippet='if ($http_user_agent ~* "bot") { return 403; }'))

    assert routes(result) == [
        (None, BOTH, [prefix("/", headers=[BOT])]),
        (SECURE, BOTH[1:], [prefix("/")]),
    ]
    assert [each["config"] for each in of_kind(result, "KongPlugin").values()] == [{"status_code": 403}]
    bot = Request(HOST, "/", scheme="http", headers=(("User-Agent", "a Bot"),))
    assert answer(result.objects, bot).status == 403
    assert asked(result, "/").status == 308


def test_where_only_some_requests_are_sent_to_https_the_others_are_answered_over_both(accepted: Any) -> None:
    result = accepted(shop(secure=True, configuration_snippet='if ($http_x_key != "1") { return 403; }'))
    keys: list[tuple[Any, str]] = [("http", "1"), ("http", "2"), ("https", "1"), ("https", "2")]
    answers = [
        answer(result.objects, Request(HOST, "/", scheme=scheme, headers=(("X-Key", key),))) for scheme, key in keys
    ]

    assert routes(result) == [
        (None, BOTH, [prefix("/")]),
        (SECURE, BOTH[1:], [prefix("/", headers=[{"type": "Exact", "name": "X-Key", "value": "1"}])]),
    ]
    assert [each.status for each in answers] == [308, 403, None, 403]


def test_a_condition_is_said_to_need_the_router_that_looks_at_paths_first() -> None:
    result = converted(shop(configuration_snippet='if ($request_method = DELETE) { return 405 "no"; }'))
    (match, _) = routes(result)[0][2]
    (note,) = switched_off(result.entries, KONG.table)

    assert match == prefix("/", method="DELETE")
    assert "router_flavor expressions" in note.advice


def test_a_condition_on_a_parameter_is_lost_and_closes_what_it_kept_in() -> None:
    """The default router refuses a route that matches on parameters."""
    result = converted(shop(configuration_snippet='if ($arg_debug = "1") { return 403; }'))

    assert plugins(result) == {"request-termination": {"status_code": 500}}


def test_an_answer_of_the_controller_is_that_of_a_plugin(accepted: Any) -> None:
    result = accepted(shop(configuration_snippet='return 200 "fine";'))

    assert plugins(result) == {
        "request-termination": {"status_code": 200, "content_type": "text/plain", "body": "fine"}
    }
    assert asked(result, "/").status == 200


def test_a_host_without_https_and_without_a_redirect_needs_no_annotation(accepted: Any) -> None:
    route = only(accepted(shop()), "HTTPRoute")

    assert "annotations" not in route["metadata"]
    assert route["spec"]["rules"][0].keys() == {"matches", "backendRefs"}


def test_a_redirect_to_https_where_nothing_is_served_leads_nowhere_else(accepted: Any) -> None:
    result = accepted(shop(force_ssl_redirect="true"))

    assert only(result, "HTTPRoute")["metadata"]["annotations"] == SECURE
    assert plugins(result) == {"request-termination": {"status_code": 404}}
    assert asked(result, "/cart").location == f"https://{HOST}/cart"


def test_bodies_pass_as_they_arrive_where_they_did(accepted: Any) -> None:
    streamed = shop(path("/stream"), name="one", proxy_request_buffering="off", proxy_buffering="off")
    result = accepted(streamed, shop(path("/"), name="two", proxy_request_buffering="on"))
    found = [
        (route["metadata"].get("annotations"), len(route["spec"]["rules"]))
        for route in of_kind(result, "HTTPRoute").values()
    ]

    assert (None, 1) in found
    assert ({"konghq.com/request-buffering": "false", "konghq.com/response-buffering": "false"}, 1) in found


UPSTREAMS: dict[str, tuple[dict[str, str], Json]] = {
    "session cookie": (
        {"affinity": "cookie", "session_cookie_name": "S"},
        {"algorithm": "consistent-hashing", "hashOn": {"cookie": "S", "cookiePath": "/"}},
    ),
    "hash of the address": (
        {"upstream_hash_by": "$remote_addr"},
        {"algorithm": "consistent-hashing", "hashOn": {"input": "ip"}},
    ),
    "hash of a header": (
        {"upstream_hash_by": "${http_x_user}"},
        {"algorithm": "consistent-hashing", "hashOn": {"header": "x-user"}},
    ),
    "hash of a parameter": (
        {"upstream_hash_by": "$arg_user"},
        {"algorithm": "consistent-hashing", "hashOn": {"queryArg": "user"}},
    ),
    "quickest endpoint": ({"load_balance": "ewma"}, {"algorithm": "latency"}),
}


@pytest.mark.parametrize("name", UPSTREAMS)
def test_a_policy_that_the_service_has_to_name(name: str, accepted: Any) -> None:
    annotations, said = UPSTREAMS[name]
    result = accepted(shop(**annotations))
    policy = only(result, "KongUpstreamPolicy")
    command = "kubectl -n shop annotate service web konghq.com/upstream-policy=web-upstream"

    assert (policy["metadata"], policy["spec"]) == ({"name": "web-upstream", "namespace": "shop"}, said)
    assert command in " ".join(entry.advice for entry in result.entries)


COMMANDS: dict[str, tuple[dict[str, str], str]] = {
    "proxy-read-timeout": ({"proxy_read_timeout": "3600"}, "konghq.com/read-timeout=3600000"),
    "proxy-connect-timeout": ({"proxy_connect_timeout": "7"}, "konghq.com/connect-timeout=7000"),
    "proxy-next-upstream-tries": ({"proxy_next_upstream_tries": "4"}, "konghq.com/retries=3"),
    "proxy-next-upstream": ({"proxy_next_upstream": "off"}, "konghq.com/retries=0"),
    "backend-protocol": ({"backend_protocol": "GRPC"}, "konghq.com/protocol=grpc"),
    "proxy-ssl-verify": (
        {"backend_protocol": "HTTPS", "proxy_ssl_secret": "shop/inner", "proxy_ssl_verify": "on"},
        "konghq.com/tls-verify=true",
    ),
    "auth-secret": ({"auth_type": "basic", "auth_secret": "users"}, "--from-literal=group=shop/users"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_only_a_person_can_do_is_said_as_a_command(name: str) -> None:
    annotations, command = COMMANDS[name]
    result = converted(shop(**annotations))
    entry = next(each for each in result.entries if each.origin.key.endswith(name))

    assert command in entry.advice
    assert "{" not in entry.advice


def test_options_of_the_controller_hold_for_every_service_or_are_said_in_its_own_words() -> None:
    result = converted(shop(), proxy_connect_timeout="9", load_balance="ewma", use_gzip="true")
    told = {
        entry.origin.key.rpartition(".")[2]: entry for entry in result.entries if entry.origin.value in ("9", "true")
    }

    assert spec(result, "KongUpstreamPolicy") == {"algorithm": "latency"}
    assert told.keys() == {"proxy-connect-timeout", "use-gzip"}
    assert [each.code for each in told.values() if each.code != "option.untranslated"] == list(told)


LOST = {
    "limit_connections": "5",
    "custom_http_errors": "404",
    "default_backend": "rest",
    "enable_modsecurity": "true",
    "upstream_hash_by": "$uri$args",
    "enable_opentelemetry": "true",
    "enable_access_log": "false",
    "proxy_cookie_path": "/ /a",
    "mirror_target": "http://copy.team.svc/",
    "ssl_ciphers": "HIGH",
    "auth_signin": "https://login.example.com/",
}


@pytest.mark.parametrize("name", LOST)
def test_what_it_cannot_do_is_said_in_its_own_words(name: str) -> None:
    also = {"auth_url": "http://auth.team.svc/"} if name == "auth_signin" else {}
    result = converted(shop(**{name: LOST[name]}, **also))
    entry = next(each for each in result.entries if each.origin.key.endswith(name.replace("_", "-")))

    assert str(entry.verdict) == "untranslated"
    assert "Not carried over" not in entry.message
    assert entry.advice


def test_passwords_open_no_door_to_users_of_others() -> None:
    result = converted(shop(auth_type="basic", auth_secret="users"))

    assert verdicts(result)["auth-secret"] == ("approximated", "auth.basic")
    assert asked(result, "/").status == 401


def test_digests_are_closed() -> None:
    result = converted(shop(auth_type="digest", auth_secret="users"))

    assert asked(result, "/").status == 500
    assert "backendRefs" not in spec(result, "HTTPRoute")["rules"][0]


ELSEWHERE = Redirect(302, (), scheme="https", host="new.example.com", keeps_query=True)
QUERY = '(kong.request.get_raw_query() ~= "" and "?" .. kong.request.get_raw_query() or "")})'
REDIRECTS: dict[str, tuple[Redirect, str, Json]] = {
    "path and query stay": (
        ELSEWHERE,
        "redirect",
        {"status_code": 302, "location": "https://new.example.com", "keep_incoming_path": True},
    ),
    "the path is another and the query stays": (
        replace(ELSEWHERE, path='/"a"', port=8443),
        "pre-function",
        {
            "access": [
                'kong.response.exit(302, nil, {Location = "https://" .. "new.example.com:8443" .. "/\\"a\\"" .. '
                + QUERY
            ]
        },
    ),
    "the path stays and the query goes": (
        replace(ELSEWHERE, keeps_query=False, relative=True, scheme="", host=""),
        "pre-function",
        {"access": ["kong.response.exit(302, nil, {Location = kong.request.get_path()})"]},
    ),
}


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_is_the_plugin_for_it_or_a_line_of_lua(name: str) -> None:
    behaviour, plugin, config = REDIRECTS[name]
    location = Location(Match(MatchKind.PREFIX, "/"), Source("Ingress", "shop", "web", "i.yaml", 1))
    (extension,) = redirect(behaviour, location, KONG).extensions

    assert (extension.spec["plugin"], extension.spec["config"]) == (plugin, config)


@pytest.mark.parametrize("path", ["/a\nb", "/$host"])
def test_an_address_that_could_be_more_than_text_becomes_no_lua(path: str) -> None:
    location = Location(Match(MatchKind.PREFIX, "/"), Source("Ingress", "shop", "web", "i.yaml", 1))
    part = redirect(replace(ELSEWHERE, path=path), location, KONG)

    assert [extension.word for extension in part.extensions if extension.word == "pre-function"] == []
