"""What agentgateway is given for each behaviour, beside what the Gateway API says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conversions import of_kind, verdicts
from manifests import ingress, path, reading, rule
from shops import GATEWAY, HOST, ROUTE, TLS, Json, accepting, converted_for, shop, spec

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.gateway.releases import release
from converter.gateway.topology import Topology
from converter.pipeline import convert
from converter.targets import target
from converter.verify.gateway.extensions import rewritten_by

if TYPE_CHECKING:
    from types import ModuleType

    from converter.pipeline import Conversion

KIND = "AgentgatewayPolicy"


@pytest.fixture
def accepted(checker: ModuleType) -> Any:
    return accepting("agentgateway", checker)


def converted(*manifests: Json, **options: str) -> Conversion:
    return converted_for("agentgateway", *manifests, **options)


def required(expression: str) -> Json:
    return {"authorization": {"action": "Require", "policy": {"matchExpressions": [expression]}}}


OF_ROUTES: dict[str, tuple[dict[str, str], Json]] = {
    "size of bodies": ({"proxy_body_size": "8m"}, {"buffer": {"request": {"maxBytes": "8Mi"}}}),
    "tries of what may be repeated": (
        {"proxy_next_upstream": "error http_502", "proxy_next_upstream_tries": "4"},
        {
            "retry": {
                "attempts": 3,
                "codes": [502],
                "precondition": 'request.method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]',
            }
        },
    ),
    "tries of every method": (
        {"proxy_next_upstream": "error non_idempotent", "proxy_next_upstream_tries": "0"},
        {"retry": {"attempts": 10}},
    ),
    "addresses that are let in": (
        {"allowlist_source_range": "10.0.0.1,2001:db8::/32"},
        required(
            '(cidr("10.0.0.1/32").containsIP(source.address) || cidr("2001:db8::/32").containsIP(source.address))'
        ),
    ),
    "addresses that are kept out": (
        {"denylist_source_range": "10.0.0.0/8"},
        required('!(cidr("10.0.0.0/8").containsIP(source.address))'),
    ),
    "both lists": (
        {"allowlist_source_range": "10.0.0.0/8", "denylist_source_range": "10.1.0.0/16"},
        required(
            '(cidr("10.0.0.0/8").containsIP(source.address)) && !(cidr("10.1.0.0/16").containsIP(source.address))'
        ),
    ),
    "password": (
        {"auth_type": "basic", "auth_secret": "users", "auth_realm": "Shop"},
        {"basicAuthentication": {"secretRef": {"name": "users", "key": "auth"}, "realm": "Shop"}},
    ),
}


@pytest.mark.parametrize("name", OF_ROUTES)
def test_a_policy_for_the_route(name: str, accepted: Any) -> None:
    annotations, said = OF_ROUTES[name]

    assert spec(accepted(shop(**annotations)), KIND) == {"targetRefs": [ROUTE], "traffic": said}


@pytest.mark.parametrize(
    ("annotations", "said"),
    [
        ({"proxy_connect_timeout": "7"}, {"tcp": {"connectTimeout": "7s"}}),
        ({"backend_protocol": "HTTPS"}, {"tls": {"insecureSkipVerify": "All"}}),
    ],
)
def test_a_policy_for_the_service(annotations: dict[str, str], said: Json, accepted: Any) -> None:
    service = {"group": "", "kind": "Service", "name": "web"}

    assert spec(accepted(shop(**annotations)), KIND) == {"targetRefs": [service], "backend": said}


def test_the_pattern_of_oauth2_proxy_works(accepted: Any) -> None:
    web = shop(
        auth_url="https://$host/oauth2/auth",
        auth_signin="https://$host/oauth2/start?rd=$escaped_request_uri",
        auth_response_headers="X-User",
        secure=True,
    )
    proxy = ingress("oauth2", rule(HOST, path("/oauth2", "oauth2-proxy", port=4180)), namespace="auth", tls=TLS)
    result = accepted(web, proxy)
    found = spec(result, KIND)["traffic"]["extAuth"]

    assert found["backendRef"] == {"name": "oauth2-proxy", "namespace": "auth", "port": 4180}
    assert found["failureMode"] == "FailClosed"
    assert found["http"]["path"] == '"/oauth2/auth"'
    assert found["http"]["redirect"] == '"https://" + request.host + "/oauth2/start?rd=" + request.path'
    assert found["http"]["allowedResponseHeaders"] == ["X-User"]
    assert verdicts(result)["auth-signin"] == ("approximated", "auth.signin")
    assert of_kind(result, "ReferenceGrant")["auth/agentgatewaypolicy-from-shop"]["spec"]["from"] == [
        {"group": "agentgateway.dev", "kind": KIND, "namespace": "shop"}
    ]


def test_an_address_to_sign_in_at_that_needs_more_is_lost_and_the_door_stays_shut() -> None:
    result = converted(shop(auth_url="http://auth.team.svc/check", auth_signin="https://$arg_tenant.example.com/?rd=1"))

    assert "redirect" not in spec(result, KIND)["traffic"]["extAuth"]["http"]
    assert verdicts(result)["auth-signin"] == ("untranslated", "auth.signin-lost")


@pytest.mark.parametrize(
    "annotations",
    [
        {"auth_url": "https://auth.example.com/check"},
        {"auth_type": "digest", "auth_secret": "users"},
        {"auth_type": "basic", "auth_secret": "people/users"},
        {"auth_type": "basic", "auth_secret": "users", "auth_secret_type": "auth-map"},
    ],
)
def test_what_it_cannot_guard_is_closed(annotations: dict[str, str]) -> None:
    result = converted(shop(**annotations))

    assert of_kind(result, KIND) == {}
    assert "backendRefs" not in spec(result, "HTTPRoute")["rules"][0]


def test_an_invalid_rule_refuses_everybody_with_the_same_status(accepted: Any) -> None:
    result = accepted(shop(auth_url="not an address"))

    assert spec(result, KIND) == {"targetRefs": [ROUTE], "traffic": {"directResponse": {"status": 503}}}


def test_all_rules_of_access_have_to_hold(accepted: Any) -> None:
    result = accepted(shop(allowlist_source_range="10.0.0.0/8"), block_user_agents="exact")

    assert spec(result, KIND)["traffic"]["authorization"]["policy"]["matchExpressions"] == [
        '(cidr("10.0.0.0/8").containsIP(source.address))',
        "!('user-agent' in request.headers && (request.headers['user-agent'] == \"exact\"))",
    ]


def test_what_connections_are_like_holds_for_the_whole_gateway(accepted: Any) -> None:
    options = {"use_proxy_protocol": "true", "ssl_protocols": "TLSv1.1 TLSv1.2", "use_http2": "false"}
    result = accepted(shop(secure=True), **options)

    assert spec(result, KIND) == {
        "targetRefs": [GATEWAY],
        "frontend": {
            "proxyProtocol": {"version": "All", "mode": "Strict"},
            "tls": {"minProtocolVersion": "1.2", "maxProtocolVersion": "1.2", "alpnProtocols": ["http/1.1"]},
        },
    }
    told = {e.origin.key: str(e.verdict) for e in result.entries if e.origin.key.startswith("data.")}
    assert told == {f"data.{name.replace('_', '-')}": "translated" for name in options}


def test_what_the_controller_did_anyway_is_not_said(accepted: Any) -> None:
    assert of_kind(accepted(shop(secure=True), use_http2="true"), KIND) == {}


CIPHERS = "ECDHE-RSA-AES128-GCM-SHA256:HIGH:AES256-SHA"
OTHER = {"name": "other", "host": "other.example.com", "secure": True}


@pytest.mark.parametrize(
    ("shops", "options"),
    [
        ([shop(secure=True, ssl_ciphers=CIPHERS)], {}),
        ([shop(secure=True, ssl_ciphers=CIPHERS), shop(name="plain", host="plain.example.com")], {}),
        ([shop(secure=True, ssl_ciphers=CIPHERS), shop(**OTHER, ssl_ciphers=CIPHERS)], {}),
        ([shop(secure=True, ssl_ciphers=CIPHERS), shop(**OTHER)], {"ssl_ciphers": CIPHERS}),
        ([shop(secure=True)], {"ssl_ciphers": CIPHERS}),
    ],
)
def test_ciphers_that_all_hosts_agree_on(shops: list[Json], options: dict[str, str], accepted: Any) -> None:
    """Those of TLS 1.3 are out of reach of the setting of nginx, so none of them goes."""
    result = accepted(*shops, **options)
    of_tls_1_3 = ["TLS13_AES_128_GCM_SHA256", "TLS13_AES_256_GCM_SHA384", "TLS13_CHACHA20_POLY1305_SHA256"]

    assert spec(result, KIND) == {
        "targetRefs": [GATEWAY],
        "frontend": {"tls": {"cipherSuites": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", *of_tls_1_3]}},
    }
    told = {e.code for e in result.entries if e.origin.key.endswith("ssl-ciphers")}
    assert told - {"annotation.default"} == {"ssl-ciphers.agreed"}


@pytest.mark.parametrize(
    ("shops", "options"),
    [
        ([shop(secure=True, ssl_ciphers=CIPHERS), shop(**OTHER)], {}),
        ([shop(secure=True, ssl_ciphers=CIPHERS), shop(**OTHER)], {"ssl_ciphers": "AES128-SHA"}),
        ([shop(secure=True, ssl_ciphers="HIGH")], {}),
        ([shop(secure=True)], {"ssl_ciphers": "AES128-SHA"}),
    ],
)
def test_ciphers_of_one_host_are_not_forced_upon_another(shops: list[Json], options: dict[str, str]) -> None:
    result = converted(*shops, **options)

    assert of_kind(result, KIND) == {}
    assert {e.code for e in result.entries if e.origin.key.endswith("ssl-ciphers")} == {"ssl-ciphers"}


def test_hosts_under_the_default_certificate_have_to_agree_as_well() -> None:
    manifests = reading(shop(secure=True, ssl_ciphers=CIPHERS), shop(name="plain", host="plain.example.com"))
    to, topology = target("agentgateway", release("1.6", "standard")), Topology(default_certificate=("edge", "shop"))
    result = convert(manifests, to, Options(), topology)

    assert of_kind(result, KIND) == {}


def test_requests_that_were_not_logged_are_marked_and_the_gateway_leaves_them_out(accepted: Any) -> None:
    quiet = ingress("quiet", rule(HOST, path("/health")), namespace="shop", annotations={"enable-access-log": "false"})
    result = accepted(shop(enable_access_log="true"), quiet)
    by_target = {each["spec"]["targetRefs"][0]["kind"]: each["spec"] for each in of_kind(result, KIND).values()}

    assert by_target["HTTPRoute"]["targetRefs"] == [{**ROUTE, "sectionName": "health"}]
    assert by_target["HTTPRoute"]["traffic"] == {"transformation": {"request": {"metadata": {"unlogged": "true"}}}}
    assert by_target["Gateway"] == {
        "targetRefs": [GATEWAY],
        "frontend": {"accessLog": {"filter": "!has(metadata.unlogged)"}},
    }
    assert len(of_kind(result, KIND)) == 2


def test_without_any_annotation_there_is_no_policy(accepted: Any) -> None:
    assert of_kind(accepted(shop()), KIND) == {}


def test_a_rewrite_by_pattern_keeps_the_query(accepted: Any) -> None:
    found = path("/api/(v[0-9])/(.*)", kind="ImplementationSpecific")
    result = accepted(shop(found, rewrite_target="/$2/a$1b"))

    assert spec(result, KIND)["traffic"] == {
        "transformation": {
            "request": {
                "set": [
                    {
                        "name": ":path",
                        "value": r"""request.path.regexReplace("(?i)^/api/(v[0-9])/(.*).*$", "/${2}/a${1}b") + """
                        r"""request.pathAndQuery.regexReplace("^[^?]*", "")""",
                    }
                ]
            }
        }
    }
    assert verdicts(result)["rewrite-target"] == ("translated", "rewrite.regex")


def test_a_rewrite_with_a_query_of_its_own_is_not_written() -> None:
    """Only controllers before 1.12 took such a value."""
    manifest = shop(path("/(a)/(b)", kind="ImplementationSpecific"), rewrite_target="/$2?of=$1")
    chosen = Options(configuration=Configuration(version=(1, 11, 0)))
    result = convert(reading(manifest), target("agentgateway", release("1.6", "standard")), chosen)

    assert of_kind(result, KIND) == {}
    assert verdicts(result)["rewrite-target"] == ("untranslated", "rewrite.own-query")


def test_the_prediction_knows_what_becomes_of_a_path() -> None:
    found = path("/api/(v[0-9])/(.*)", kind="ImplementationSpecific")
    result = converted(shop(found, rewrite_target="/$2/a$1b"))
    (policy,) = of_kind(result, KIND).values()

    assert rewritten_by([policy], "/API/v1/cart") == "/cart/av1b"


def test_a_rewrite_that_filters_say_needs_no_expression(accepted: Any) -> None:
    assert (
        of_kind(accepted(shop(path("/a(/|$)(.*)", kind="ImplementationSpecific"), rewrite_target="/b/$2")), KIND) == {}
    )


LOST = (
    *("limit_rps", "limit_connections", "custom_http_errors", "default_backend", "enable_modsecurity"),
    *("load_balance", "upstream_hash_by", "affinity", "enable_opentelemetry", "ssl_ciphers"),
)
VALUES = {"limit_rps": "5", "limit_connections": "5", "custom_http_errors": "404", "default_backend": "rest"}
VALUES |= {"load_balance": "ewma", "upstream_hash_by": "$uri", "affinity": "cookie"}


@pytest.mark.parametrize("name", LOST)
def test_what_it_cannot_do_is_said_in_its_own_words(name: str) -> None:
    result = converted(shop(secure=True, **{name: VALUES.get(name, "true")}))
    entry = next(each for each in result.entries if each.origin.key.endswith(name.replace("_", "-")))

    assert str(entry.verdict) == "untranslated"
    assert "Not carried over" not in entry.message
    assert entry.advice
