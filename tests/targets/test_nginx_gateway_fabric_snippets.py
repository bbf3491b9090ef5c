"""What NGINX Gateway Fabric is given in nginx's own language, once somebody allows it."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ngf
import pytest
import trustme
from conversions import of_kind, verdicts
from manifests import path, reading
from shops import HOST, Json, option, shop

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.gateway.releases import release
from converter.gateway.topology import Topology
from converter.nginx.grammar import parse
from converter.pipeline import Conversion, convert
from converter.targets import target
from converter.targets.nginx_gateway_fabric.table import forms, generated, groups, missing_module
from converter.verify.proxies.echo import IDENTIFIED, Echo
from converter.verify.proxies.nginx import HOW_TO_INSTALL, find_nginx

if TYPE_CHECKING:
    from types import ModuleType

NAME = "nginx-gateway-fabric"
needs_nginx = pytest.mark.skipif(find_nginx() is None, reason=f"no nginx: {HOW_TO_INSTALL}")
AUTH = {
    "auth_url": "http://oauth2-proxy.auth.svc.cluster.local:4180/oauth2/auth",
    "auth_signin": "https://login.example.com/oauth2/start?rd=$scheme://$host$escaped_request_uri",
    "auth_response_headers": "X-Auth-Request-User",
}


def converted(*manifests: Json, allowed: bool = True, **topology: Any) -> Conversion:
    chosen = target(NAME, release("1.6", "standard"), snippets=allowed)
    return convert(reading(*manifests), chosen, Options(), Topology(**topology))


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    validator = checker.load("v1.6.1", "standard")

    def found(*manifests: Json, **topology: Any) -> Conversion:
        result = converted(*manifests, **topology)
        assert [str(violation) for violation in validator.check_all(list(result.objects))] == []
        return result

    return found


def lines(result: Conversion) -> dict[str, dict[str, list[str]]]:
    """What the filters hold, by name and context."""
    return {
        name.partition("/")[2]: {each["context"]: each["value"].splitlines() for each in entry["spec"]["snippets"]}
        for name, entry in of_kind(result, "SnippetsFilter").items()
    }


def in_location(result: Conversion) -> list[str]:
    (only,) = lines(result).values()
    return only["http.server.location"]


def of_lines(result: Conversion) -> list[tuple[str, str]]:
    """Verdict and code of each line of a snippet, sorted."""
    found = [entry for entry in result.entries if entry.origin.type == "directive"]
    return sorted((str(entry.verdict), entry.code) for entry in found)


def test_what_nothing_else_says_is_carried_in_its_order(accepted: Any) -> None:
    snippet = """\
        sub_filter 'http://old' "https://$host";
        add_header X-Plain yes always;
        set $who "a b";
        add_header X-Who $who;
        if ($request_uri ~* "/(spam|casino)") { return 403; }
        limit_except GET POST { deny all; }
        """
    result = accepted(shop(configuration_snippet=snippet))
    (route,) = of_kind(result, "HTTPRoute").values()

    assert of_kind(result, "SnippetsFilter") == {
        "shop/shop-example-com-rule-1-nginx": {
            "apiVersion": "gateway.nginx.org/v1alpha1",
            "kind": "SnippetsFilter",
            "metadata": {"name": "shop-example-com-rule-1-nginx", "namespace": "shop"},
            "spec": {
                "snippets": [
                    {
                        "context": "http.server.location",
                        "value": "sub_filter http://old https://$host;\n"
                        'set $who "a b";\n'
                        "add_header X-Who $who;\n"
                        "if ($request_uri ~* /(spam|casino)) {\n  return 403;\n}\n"
                        "limit_except GET POST {\n  deny all;\n}\n",
                    }
                ]
            },
        }
    }
    assert route["spec"]["rules"] == [
        {
            "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
            "filters": [
                {
                    "type": "ResponseHeaderModifier",
                    "responseHeaderModifier": {"add": [{"name": "X-Plain", "value": "yes"}]},
                },
                {
                    "type": "ExtensionRef",
                    "extensionRef": {
                        "group": "gateway.nginx.org",
                        "kind": "SnippetsFilter",
                        "name": "shop-example-com-rule-1-nginx",
                    },
                },
            ],
            "backendRefs": [{"name": "web", "port": 80}],
        }
    ]
    assert of_lines(result) == [
        ("translated", "headers.response"),
        *[("translated", "snippet.carried")] * 5,
    ]
    (first,) = [entry for entry in result.entries if entry.origin.key.endswith("sub_filter")]
    assert [(each.kind, each.name, each.path) for each in first.results] == [
        ("SnippetsFilter", "shop-example-com-rule-1-nginx", "spec.snippets[0].value")
    ]


def test_nothing_is_carried_unless_somebody_allows_it() -> None:
    result = converted(shop(configuration_snippet="gzip on;\nmore_set_headers 'X: $host';"), allowed=False)
    advice = [entry.advice for entry in result.entries if entry.origin.type == "directive"]

    assert lines(result) == {}
    assert of_lines(result) == [("untranslated", "snippets.compression"), ("untranslated", "snippets.value")]
    assert ["--allow-snippets" in each for each in advice] == [True, False]


@pytest.mark.parametrize("to", ["standard", "envoy-gateway"])
def test_other_targets_have_none(to: str) -> None:
    manifest = reading(shop(configuration_snippet="gzip on;"))
    usual = convert(manifest, target(to, release("1.6", "standard")), Options())
    allowed = convert(manifest, target(to, release("1.6", "standard"), snippets=True), Options())

    assert allowed == usual


NOT_CARRIED = {
    "more_set_headers 'X: $host';": "snippet.module",
    "brotli on;": "snippet.module",
    "rewrite_by_lua_block { ngx.exit(1) }": "snippet.module",
    "add_header X $proxy_upstream_name;": "snippet.own-variable",
    "add_header X $best_http_host;": "snippet.own-variable",
    "add_header X $geoip_country;": "snippet.variable",
    "proxy_set_header Host $http_x_host;": "snippet.generated",
    "proxy_set_header x-real-ip $http_x;": "snippet.generated",
    "proxy_pass http://elsewhere;": "snippet.generated",
    "limit_req zone=one;": "snippet.generated",
    "limit_conn one 1;": "snippet.unknown",
    "root /;": "snippet.unknown",
    "access_log /etc/nginx/x;": "snippet.unknown",
    "include /etc/passwd;": "snippet.unknown",
    "error_page 404 @named;": "snippet.generated",
    "proxy_store /tmp/x;": "snippet.unknown",
    "if ($request_uri ~ a) { proxy_pass http://elsewhere; }": "snippet.generated",
    "if ($request_uri ~ a) { root /; }": "snippet.unknown",
    "if ($request_uri ~ '(a') { set $x y; }": "snippet.malformed",
    "add_header X $host for-ever;": "snippet.malformed",
    "limit_rate fast;": "snippet.malformed",
    "client_body_buffer_size '8k; root /';": "snippet.malformed",
}


@pytest.mark.parametrize("snippet", NOT_CARRIED)
def test_what_nginx_may_refuse_or_take_amiss_is_reported(snippet: str) -> None:
    result = converted(shop(configuration_snippet=snippet))

    assert lines(result) == {}
    assert of_lines(result) == [("untranslated", NOT_CARRIED[snippet])]


def test_what_depends_on_a_line_that_is_not_carried_is_not_carried_either() -> None:
    result = converted(shop(configuration_snippet="set $a $service_name;\nset $b $a;\nadd_header X $b;\ngzip on;"))

    assert in_location(result) == ["gzip on;"]
    assert [code for _, code in of_lines(result)] == [
        "snippet.carried",
        "snippet.own-variable",
        "snippet.variable",
        "snippet.variable",
    ]


def test_a_directive_that_nginx_takes_once_is_carried_once() -> None:
    result = converted(shop(configuration_snippet="gzip on;\ngzip on;\nsub_filter a b;\nsub_filter c d;"))

    assert in_location(result) == ["gzip on;", "sub_filter a b;", "sub_filter c d;"]


def test_a_line_whose_quotes_are_not_certain_is_not_carried() -> None:
    result = converted(shop(configuration_snippet="""add_header X "$host ' \\" ";"""))

    assert lines(result) == {}
    assert of_lines(result) == [("untranslated", "snippet.unsafe")]


def test_what_ends_the_rewriting_would_keep_preflights_from_their_answer() -> None:
    result = converted(shop(configuration_snippet="rewrite ^/a/(.*)$ /b/$1 break;\ngzip on;", enable_cors="true"))

    assert in_location(result) == ["gzip on;"]
    assert [code for _, code in of_lines(result)] == ["snippet.carried", "snippet.preflight"]


def test_what_comes_after_a_line_that_may_end_the_rewriting_needs_that_line() -> None:
    first = 'if ($geoip_country = "XX") { set $x y; break; }'
    after = "rewrite ^/old$ /new permanent;"
    alone, together = (converted(shop(configuration_snippet=text)) for text in (after, f"{first}\n{after}"))

    assert (len(lines(alone)), lines(together)) == (1, {})


def test_what_stands_around_all_hosts_is_reported() -> None:
    chosen = target(NAME, release("1.6", "standard"), snippets=True)
    told = Configuration(options={"http-snippet": option("http-snippet", "gzip on;")}, known=True)
    result = convert(reading(shop()), chosen, Options(configuration=told))

    assert lines(result) == {}
    assert of_lines(result) == [("untranslated", "snippet.everywhere")]


def test_the_table_knows_how_arguments_look_of_what_it_lets_through() -> None:
    assert set(forms()) <= set(groups())
    assert not set(groups()) & generated()["directives"]
    assert not [name for name in groups() if missing_module(name)]


def test_a_guard_that_is_not_carried_closes_the_path() -> None:
    result = converted(shop(configuration_snippet='if ($geoip_country = "XX") { return 403; }'))

    assert "backendRefs" not in next(iter(of_kind(result, "HTTPRoute").values()))["spec"]["rules"][0]
    assert of_lines(result) == [("untranslated", "access.closed")]


def test_a_rule_among_others_of_its_path_has_another_path_at_hand() -> None:
    """njs sends the request on to a location of its own."""
    snippet = """\
        if ($http_x_beta = "1") { return 403; }
        rewrite ^/old/(.*) /new/$1 break;
        add_header X $uri;
        add_header Y $host;
        """
    result = converted(shop(configuration_snippet=snippet))

    assert [each for each in lines(result).values() if "add_header Y $host;" in each["http.server.location"]]
    assert [code for _, code in of_lines(result)][1:] == ["snippet.carried", "snippet.matched", "snippet.matched"]


SERVER = "client_header_timeout 10s;\nif ($request_uri ~ /admin) { return 403; }\n"


def test_what_stands_around_locations_is_carried_once_for_the_server(accepted: Any) -> None:
    result = accepted(
        shop(path("/"), path("/a"), server_snippet=SERVER, configuration_snippet="gzip on;", secure=True),
        shop(path("/b"), name="other"),
    )
    wanted = ["client_header_timeout 10s;", "if ($request_uri ~ /admin) {", "  return 403;", "}"]

    assert [each["http.server"] for each in lines(result).values() if "http.server" in each] == [wanted]
    assert of_lines(result) == [("translated", "snippet.carried")] * 3


def test_each_side_of_a_host_is_a_server() -> None:
    result = converted(shop(server_snippet="client_header_timeout 9s;", secure=True, ssl_redirect="false", hsts="x"))
    sides = [each["spec"]["parentRefs"] for each in of_kind(result, "HTTPRoute").values()]

    assert sorted(each[0]["sectionName"] for each in sides) == ["http", "https-shop-example-com"]
    assert [each["http.server"] for each in lines(result).values()] == [["client_header_timeout 9s;"]] * 2


def test_each_gateway_of_a_host_is_told() -> None:
    one, two = shop(path("/"), server_snippet="client_header_timeout 9s;"), shop(path("/b"), name="other")
    shared, apart = converted(one, two), converted(one, two, sharing="ingress")

    assert [len(lines(each)) for each in (shared, apart)] == [1, 2]


AROUND = {
    "add_header X $host;": "snippet.hidden",
    "rewrite ^/a /b last;": "snippet.again",
    "if ($uri !~ ^/api) { return 301 https://x.example.com; }": "snippet.again",
    "set $x $uri;": "snippet.again",
    "ssl_protocols TLSv1.2;": "snippet.generated",
    "gzip on;": "snippet.carried",
    "rewrite ^/old$ $scheme://new.example.com/x permanent;": "snippet.carried",
}


@pytest.mark.parametrize("snippet", AROUND)
def test_what_may_stand_around_locations(snippet: str) -> None:
    assert [code for _, code in of_lines(converted(shop(server_snippet=snippet)))] == [AROUND[snippet]]


HOSTILE = [
    'add_header X "$host"; } } server { listen 1; location / { root /; ',
    "add_header X '$host;\n}\nlocation /secret { root /; }\n#';",
    'add_header X "$host\\";\nroot /;\nadd_header Y "$host";',
    'add_header X "$host\n}\nlocation /x { root /; }";',
    "add_header X $host\\;\nroot /;",
    'set $a "x\\\\"; root /;',
    'if ($request_uri ~ "a) { return 403; } } location /x { root /; #") { return 403; }',
    "add_header X $host\x0b;root /;",
    "add_header X $host\u00a0a;",
    "add_header X ${host;",
    'add_header X "$host\'\\"}";',
    "add_header X\x00 $host;",
    "add_header X $host # }\n;",
    'return 200 "$host \' \\" } ";',
    "sub_filter '</head>' '<script>a({b:1});</script></head>';",
]


@pytest.mark.parametrize("snippet", HOSTILE)
@pytest.mark.parametrize("annotation", ["configuration_snippet", "server_snippet"])
@needs_nginx
def test_nothing_hostile_reaches_another_context(snippet: str, annotation: str, tmp_path: Path) -> None:
    result = converted(shop(**{annotation: snippet}))
    for contexts in lines(result).values():
        for text in contexts.values():
            found = parse("\n".join(text), "location")
            assert isinstance(found, tuple)
            assert not {each.name for each in found} & {"root", "location", "server", "listen"}

    assert ngf.refusal(ngf.configuration(result.objects, lambda _: 9, 9), tmp_path) == ""


def everything() -> Iterator[Json]:
    """One line of every directive that may be carried, each at every place."""
    for annotation, where in (("configuration_snippet", "location"), ("server_snippet", "server")):
        yield shop(name=where, host=f"{where}.example.com", **{annotation: "\n".join(SAMPLES[where])})


def _samples(place: str) -> list[str]:
    return [ARGUMENTS.get(name, f"{name} on;") for name, group in groups().items() if place in group.places]


ARGUMENTS = {
    "break": "break;",
    "return": "if ($request_uri ~ none) { return 403; }",
    "rewrite": "rewrite ^/old$ https://new.example.com/x permanent;",
    "set": "set $mine $host;",
    "if": "if ($request_uri ~ nobody) { return 403; }",
    "limit_except": "limit_except GET { deny all; }",
    "allow": "allow unix:;",
    "deny": "deny unix:;",
    "satisfy": "satisfy any;",
    "secure_link": "secure_link $arg_a,$arg_b;",
    "secure_link_md5": 'secure_link_md5 "$secure_link_expires$uri secret";',
    "valid_referers": "valid_referers none server_names;",
    "add_header": "add_header X-A $host;",
    "add_trailer": "add_trailer X-B $host;",
    "proxy_cookie_domain": "proxy_cookie_domain a b;",
    "proxy_cookie_flags": "proxy_cookie_flags a secure;",
    "proxy_cookie_path": "proxy_cookie_path / /a;",
    "proxy_hide_header": "proxy_hide_header X-A;",
    "proxy_ignore_headers": "proxy_ignore_headers Expires;",
    "proxy_pass_header": "proxy_pass_header Server;",
    "proxy_redirect": "proxy_redirect http://a/ /;",
    "proxy_set_header": "proxy_set_header X-C $host;",
    "expires": "expires $arg_e;",
    "charset": "charset utf-8;",
    "default_type": "default_type text/plain;",
    "if_modified_since": "if_modified_since before;",
    "max_ranges": "max_ranges 1;",
    "error_page": "error_page 404 /404.html;",
    "sub_filter": "sub_filter a b;",
    "sub_filter_types": "sub_filter_types text/css;",
    "gzip_buffers": "gzip_buffers 4 8k;",
    "gzip_comp_level": "gzip_comp_level 3;",
    "gzip_disable": "gzip_disable msie6;",
    "gzip_http_version": "gzip_http_version 1.1;",
    "gzip_min_length": "gzip_min_length 100;",
    "gzip_proxied": "gzip_proxied any;",
    "gzip_types": "gzip_types text/css;",
    "limit_rate": "limit_rate 10k;",
    "limit_rate_after": "limit_rate_after 10k;",
    "client_body_buffer_size": "client_body_buffer_size 8k;",
    "proxy_limit_rate": "proxy_limit_rate 10k;",
    "proxy_max_temp_file_size": "proxy_max_temp_file_size 1m;",
    "proxy_method": "proxy_method GET;",
    "proxy_next_upstream": "proxy_next_upstream error;",
    "proxy_next_upstream_timeout": "proxy_next_upstream_timeout 1s;",
    "proxy_next_upstream_tries": "proxy_next_upstream_tries 1;",
    "proxy_set_body": "proxy_set_body $host;",
    "proxy_temp_file_write_size": "proxy_temp_file_write_size 16k;",
    "lingering_time": "lingering_time 1s;",
    "lingering_timeout": "lingering_timeout 1s;",
    "output_buffers": "output_buffers 1 8k;",
    "postpone_output": "postpone_output 1k;",
    "send_timeout": "send_timeout 9s;",
    "client_header_timeout": "client_header_timeout 9s;",
    "large_client_header_buffers": "large_client_header_buffers 4 8k;",
    "proxy_intercept_errors": "proxy_intercept_errors on;",
}
SAMPLES = {place: _samples(place) for place in ("location", "server")}


@needs_nginx
def test_nginx_takes_every_line_that_may_be_carried(tmp_path: Path) -> None:
    result = converted(*everything())
    carried = [text for each in lines(result).values() for text in each.values()]

    assert ngf.refusal(ngf.configuration(result.objects, lambda _: 9, 9), tmp_path) == ""
    assert len(carried) == 2
    assert {code for _, code in of_lines(result) if code.startswith(("snippet.", "access."))} == {"snippet.carried"}


def test_addresses_are_let_in_and_refused_by_nginx(accepted: Any) -> None:
    result = accepted(shop(allowlist_source_range="10.0.0.0/8,192.168.1.7", denylist_source_range="10.9.0.0/16"))

    assert in_location(result) == ["deny 10.9.0.0/16;", "allow 10.0.0.0/8;", "allow 192.168.1.7/32;", "deny all;"]
    assert verdicts(result)["allowlist-source-range"] == ("translated", "access.snippet")


def test_a_rewrite_with_captures_is_the_line_of_ingress_nginx(accepted: Any) -> None:
    written = path("/api/(v[0-9]+)/(.*)", kind="ImplementationSpecific")
    result = accepted(shop(written, rewrite_target="/$2/$1"))

    assert in_location(result) == ["rewrite (?i)/api/(v[0-9]+)/(.*) /$2/$1 break;"]
    assert verdicts(result)["rewrite-target"] == ("translated", "rewrite.snippet")


def test_a_rewrite_leaves_preflights_to_be_answered() -> None:
    written = path("/api/(v[0-9]+)/(.*)", kind="ImplementationSpecific")
    result = converted(shop(written, rewrite_target="/$2/$1", enable_cors="true"))

    assert in_location(result)[:3] == ["if ($request_method = OPTIONS) {", "  return 200;", "}"]


def test_a_rewrite_is_lost_where_a_canary_shares_its_path() -> None:
    written = path("/api/(v[0-9]+)/(.*)", kind="ImplementationSpecific")
    other = path("/api/(v[0-9]+)/(.*)", "next", kind="ImplementationSpecific")
    canary = shop(other, name="canary", canary="true", canary_by_header="X-Canary")
    result = converted(shop(written, rewrite_target="/$2/$1"), canary)

    assert lines(result) == {}
    assert verdicts(result)["rewrite-target"] == ("untranslated", "rewrite.regex")


def test_an_authentication_service_is_asked_through_a_rule_of_its_own(accepted: Any) -> None:
    result = accepted(shop(**AUTH))
    (route,) = of_kind(result, "HTTPRoute").values()
    asked = route["spec"]["rules"][1]
    place = asked["matches"][0]["path"]["value"]

    assert asked == {
        "matches": [{"path": {"type": "Exact", "value": place}}],
        "filters": [
            {
                "type": "URLRewrite",
                "urlRewrite": {
                    "hostname": "oauth2-proxy.auth.svc.cluster.local",
                    "path": {"type": "ReplaceFullPath", "replaceFullPath": "/oauth2/auth"},
                },
            },
            {
                "type": "ExtensionRef",
                "extensionRef": {
                    "group": "gateway.nginx.org",
                    "kind": "SnippetsFilter",
                    "name": "shop-example-com-rule-2-nginx",
                },
            },
        ],
        "backendRefs": [{"name": "oauth2-proxy", "namespace": "auth", "port": 4180}],
    }
    assert lines(result) == {
        "shop-example-com-rule-1-nginx": {
            "http.server.location": [
                f"auth_request {place};",
                "auth_request_set $auth_cookie $upstream_http_set_cookie;",
                "add_header Set-Cookie $auth_cookie;",
                "auth_request_set $auth_header_0 $upstream_http_x_auth_request_user;",
                "proxy_set_header X-Auth-Request-User $auth_header_0;",
                "error_page 401 =302 https://login.example.com/oauth2/start?rd=$scheme://$host$request_uri;",
            ]
        },
        "shop-example-com-rule-2-nginx": {
            "http.server.location": [
                "internal;",
                "proxy_pass_request_body off;",
                'proxy_set_header Content-Length "";',
                "proxy_set_header X-Original-URL $scheme://$http_host$request_uri;",
                "proxy_set_header X-Original-Method $request_method;",
                "proxy_set_header X-Sent-From nginx-ingress-controller;",
                "proxy_set_header X-Auth-Request-Redirect $request_uri;",
            ]
        },
    }
    assert verdicts(result)["auth-url"] == ("approximated", "auth.snippet")
    assert verdicts(result)["auth-signin"] == ("approximated", "auth.snippet-signin")


def test_paths_with_one_authentication_service_ask_through_one_rule() -> None:
    result = converted(shop(path("/a"), path("/b"), **AUTH), shop(path("/c"), name="other"))
    rules = [rule for route in of_kind(result, "HTTPRoute").values() for rule in route["spec"]["rules"]]

    assert sorted(len(each["matches"]) for each in rules) == [1, 1, 2]


@pytest.mark.parametrize(
    "changed",
    [
        {"auth_url": "https://outside.example.org/check"},
        {"auth_signin": "https://login.example.com/?rd=$unknown_to_nginx"},
        {"auth_response_headers": "Host"},
    ],
)
def test_an_authentication_that_it_cannot_ask_closes_the_path(changed: dict[str, str]) -> None:
    result = converted(shop(**(AUTH | changed)))

    assert lines(result) == {}
    assert verdicts(result)["auth-url"] == ("untranslated", "access.closed")


def test_an_answer_has_its_status_and_its_text(accepted: Any) -> None:
    result = accepted(shop(configuration_snippet='return 410 "Gone; for good";'))

    assert in_location(result) == ["default_type text/html;", 'return 410 "Gone; for good";']
    assert of_lines(result) == [("translated", "answer.exact")]


SETTINGS = {
    "proxy_next_upstream_tries": ("5", ["proxy_next_upstream error timeout;", "proxy_next_upstream_tries 5;"]),
    "proxy_next_upstream": ("off", ["proxy_next_upstream off;"]),
    "limit_rate": ("100", ["limit_rate 100k;"]),
    "proxy_cookie_path": ("/ /a", ["proxy_cookie_path / /a;"]),
    "proxy_request_buffering": ("off", ["proxy_request_buffering off;"]),
    "client_body_buffer_size": ("1m", ["client_body_buffer_size 1m;"]),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_are_one_directive_of_nginx(name: str, accepted: Any) -> None:
    value, said = SETTINGS[name]

    assert in_location(accepted(shop(proxy_buffering="on", **{name: value}))) == said


@pytest.mark.parametrize(("name", "value"), [("client_body_buffer_size", "1g"), ("client_body_buffer_size", "512b")])
def test_a_setting_that_nginx_would_refuse_is_reported(name: str, value: str) -> None:
    result = converted(shop(**{name: value}))

    assert lines(result) == {}
    assert verdicts(result)[name.replace("_", "-")][0] == "untranslated"


TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
trustme.CA().issue_cert("backend.invalid").configure_cert(TLS)


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo(TLS) as backends:
        yield backends


def told(headers: dict[str, str]) -> Json:
    """What the backend was asked."""
    found: Json = json.loads(base64.b64decode(headers["x-echo"]))
    return found


def ports(echo: Echo) -> Any:
    return lambda service: echo.authority(service) if "oauth2" in service else echo.backend(service)


@needs_nginx
def test_a_real_nginx_asks_the_service_and_sends_to_sign_in(echo: Echo) -> None:
    result = converted(shop(**AUTH))
    (place,) = [
        rule["matches"][0]["path"]["value"]
        for route in of_kind(result, "HTTPRoute").values()
        for rule in route["spec"]["rules"]
        if rule["matches"][0]["path"]["type"] == "Exact"
    ]

    with ngf.serving(result.objects, ports(echo)) as ask:
        refused = ask(HOST, "/a?x=1")
        let_in = ask(HOST, "/a?x=1", **{IDENTIFIED: "yes"})
        from_outside = ask(HOST, place, **{IDENTIFIED: "yes"})

    assert (refused[0], refused[1]["location"]) == (
        302,
        f"https://login.example.com/oauth2/start?rd=http://{HOST}/a?x=1",
    )
    assert (let_in[0], told(let_in[1])["target"]) == (200, "/a?x=1")
    assert from_outside[0] == 404


@needs_nginx
def test_a_real_nginx_tells_the_service_what_ingress_nginx_told_it(echo: Echo) -> None:
    """The service is a backend that lets everybody in, so that what it was asked can be seen."""
    result = converted(shop(**(AUTH | {"auth_response_headers": "X-Echo"})))

    with ngf.serving(result.objects, echo.backend) as ask:
        status, headers, _ = ask(HOST, "/a?x=1", "POST", Cookie="c=1")

    handed_on = dict(told(headers)["headers"])["X-Echo"]
    asked = json.loads(base64.b64decode(handed_on))
    assert (status, asked["backend"], asked["method"], asked["target"]) == (
        200,
        "auth/oauth2-proxy",
        "GET",
        "/oauth2/auth",
    )
    assert {
        "Host": "oauth2-proxy.auth.svc.cluster.local",
        "X-Original-URL": f"http://{HOST}/a?x=1",
        "X-Original-Method": "POST",
        "X-Auth-Request-Redirect": "/a?x=1",
        "X-Forwarded-Host": HOST,
        "X-Forwarded-Proto": "http",
        "Cookie": "c=1",
    }.items() <= dict(asked["headers"]).items()


@needs_nginx
def test_a_real_nginx_rewrites_by_pattern_and_looks_at_addresses(echo: Echo) -> None:
    written = path("/api/(v[0-9]+)/(.*)", kind="ImplementationSpecific")
    result = converted(shop(written, rewrite_target="/$2/$1", allowlist_source_range="10.0.0.0/8"))

    with ngf.serving(result.objects, ports(echo)) as ask:
        inside, outside = ask(HOST, "/API/v7/a/b?q=1"), ask(HOST, "/api/v7/a", **{ngf.CLIENT: "192.0.2.1"})

    assert (inside[0], told(inside[1])["target"]) == (200, "/a/b/v7?q=1")
    assert outside[0] == 403


@needs_nginx
def test_a_real_nginx_lets_in_whom_any_rule_lets_in(echo: Echo) -> None:
    password = {"auth_type": "basic", "auth_secret": "users"}
    result = converted(shop(allowlist_source_range="10.0.0.0/8", satisfy="any", **password))
    basic = base64.b64encode(b"probe:of the probe").decode()

    with ngf.serving(result.objects, ports(echo)) as ask:
        inside = ask(HOST, "/")
        outside = ask(HOST, "/", **{ngf.CLIENT: "192.0.2.1"})
        known = ask(HOST, "/", **{ngf.CLIENT: "192.0.2.1", "Authorization": f"Basic {basic}"})

    assert [each[0] for each in (inside, outside, known)] == [200, 401, 200]


@needs_nginx
def test_a_real_nginx_does_what_lines_say(echo: Echo) -> None:
    snippet = 'set $who "a b";\nadd_header X-Who "$who $request_method";\nlimit_except GET { deny all; }'
    around = 'if ($request_uri ~ "/admin") { return 418; }'
    result = converted(shop(configuration_snippet=snippet, server_snippet=around))

    with ngf.serving(result.objects, ports(echo)) as ask:
        got, posted, admin = ask(HOST, "/"), ask(HOST, "/", "POST"), ask(HOST, "/admin")

    assert (got[0], got[1]["x-who"]) == (200, "a b GET")
    assert [posted[0], admin[0]] == [403, 418]
