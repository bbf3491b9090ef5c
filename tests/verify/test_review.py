"""The ways into a cluster, and the facts that hold on them before and after."""

from __future__ import annotations

from typing import Any

import pytest
from manifests import ingress, path, reading, rule, tls
from shops import converted_for

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import Channel, release
from converter.pipeline import convert
from converter.targets import target
from converter.verify.review import HostReview, Row, compare, review

HOST = "shop.example.com"
TLS = [tls(HOST, secret="one")]


def reviews(*manifests: dict[str, Any], to: str = "envoy-gateway", channel: Channel = "standard", **options: Any):
    chosen = target(to, release("1.6", channel), **options)
    found = convert(reading(*manifests), chosen, Options())
    return review(found.tables[0], found.objects, found.entries, chosen.table)


def shop(*paths: dict[str, Any], **annotations: str) -> dict[str, Any]:
    named = {key.replace("_", "-"): value for key, value in annotations.items()}
    return ingress("shop", rule(HOST, *(paths or (path("/"),))), tls=TLS, namespace="shop", annotations=named)


def row(found: tuple[HostReview, ...], scheme: str = "https", value: str = "/", condition: str = "") -> Row:
    """The one row of a way."""
    (host,) = found
    (only,) = (
        each
        for each in host.rows
        if scheme in each.schemes and (each.match.value, each.condition, each.narrow) == (value, condition, False)
    )
    return only


def written(found: Row) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """The changes that are not about defaults of the controller."""
    return [
        (change.fact, change.part, change.before, change.after, change.codes)
        for change in found.changes
        if not change.by_default
    ]


def policies(found: Row) -> dict[str, Any]:
    """What somebody asked for besides the route."""
    return {
        name: value
        for name, value in found.before.items()
        if name not in {*found.defaults, "answer", "forwarded headers"}
    }


POLICIES: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "rate limit": ({"limit_rps": "5"}, {"rate limit": {"5 r/s": "burst 25"}}),
    "body limit": ({"proxy_body_size": "1500k"}, {"body limit": "1500 KiB"}),
    "no body limit": ({"proxy_body_size": "0"}, {}),
    "idle timeout": ({"proxy_read_timeout": "600"}, {"idle timeout": "600 s"}),
    "allow list": ({"allowlist_source_range": "10.0.0.0/8"}, {"addresses": {"allowed": "10.0.0.0/8"}}),
    "password": ({"auth_type": "basic", "auth_secret": "users"}, {"basic auth": "users in shop/users"}),
    "external auth": (
        {"auth_url": "http://auth.team.svc.cluster.local/check", "auth_signin": "https://login.example.com"},
        {"external auth": {"asks": "team/auth:80/check", "sign-in": "https://login.example.com"}},
    ),
    "client certificate": (
        {"auth_tls_secret": "shop/clients"},
        {"client certificate": {"authorities": "shop/clients"}},
    ),
    "either of two": (
        {"allowlist_source_range": "10.0.0.0/8", "auth_type": "basic", "auth_secret": "users", "satisfy": "any"},
        {"any one of": "addresses allowed 10.0.0.0/8; basic auth users in shop/users"},
    ),
    "session cookie": (
        {"affinity": "cookie", "session_cookie_name": "S", "session_cookie_max_age": "60"},
        {"session cookie": {"name": "S", "lifetime": "60 s"}},
    ),
    "mirror": ({"mirror_target": "http://shadow.shop.svc$request_uri"}, {"mirror": "shop/shadow:80"}),
    "no retries": ({"proxy_next_upstream": "off"}, {}),
    "protocol": ({"backend_protocol": "GRPC"}, {"backend protocol": "grpc"}),
    "a setting": ({"proxy_buffer_size": "8k"}, {"proxy-buffer-size": "8k"}),
    "a snippet": ({"configuration_snippet": "a on;\nb on;\n"}, {"nginx a": "a on;", "nginx b": "b on;"}),
}


@pytest.mark.parametrize("case", POLICIES)
def test_a_policy_in_the_words_of_the_field(case: str) -> None:
    annotations, facts = POLICIES[case]
    assert policies(row(reviews(shop(**annotations)))) == facts


def test_the_answer_is_that_to_a_client_whom_the_rules_let_in() -> None:
    found = row(reviews(shop(allowlist_source_range="10.0.0.0/8"), to="standard"))
    assert (found.before["answer"], found.after) == ("shop/web:80", {"answer": "500"})
    assert written(found) == [("answer", "", "shop/web:80", "500", ("access.closed", "path.closed"))]


def test_an_open_door_is_a_policy_that_is_lost() -> None:
    found = row(reviews(shop(allowlist_source_range="10.0.0.0/8"), to="standard", lost_access="emit"))
    assert found.after["answer"] == "shop/web:80"
    assert written(found) == [("addresses", "", "allowed 10.0.0.0/8", "", ("access.open",))]


def test_what_the_target_carries_is_the_same_fact() -> None:
    found = reviews(
        shop(
            enable_cors="true",
            cors_allow_origin="https://a.example.com",
            mirror_target="http://shadow.shop.svc$request_uri",
            affinity="cookie",
            session_cookie_name="S",
            session_cookie_max_age="90",
        ),
        channel="experimental",
    )
    assert written(row(found)) == []


def test_a_limit_that_was_never_enforced_is_new() -> None:
    found = row(reviews(shop(rate_limit="100", rate_limit_window="1m")))
    assert written(found) == [("rate limit", "", "", "100 r/m no burst", ("rate-limit.not-enforced",))]


def test_a_rewrite_is_the_path_that_the_backend_gets() -> None:
    given = shop(path("/api(/|$)(.*)", kind="ImplementationSpecific"), rewrite_target="/$2")
    found = row(reviews(given), value="/api(/|$)(.*)")
    assert (found.path, found.before["path sent"], found.after["path sent"]) == ("/api/below", "/below", "/below")


def test_redirects_say_what_is_another_than_asked_for() -> None:
    assert row(reviews(shop()), "http").before == {"answer": "308 to https, same path"}
    moved = row(reviews(shop(permanent_redirect="https://example.com/new")))
    assert moved.before["answer"] == "301 to https://example.com/new"


def test_http_and_https_that_are_alike_are_one_row() -> None:
    given = shop(permanent_redirect="https://example.com/new", hsts="false")
    (host,) = reviews(given)
    assert [each.schemes for each in host.rows if not each.before.get("HSTS")] == [("http",)]
    (host,) = compare(
        *(convert(reading(given), target("standard", release("1.6", "standard")), Options()).objects,) * 2
    )
    assert [each.schemes for each in host.rows] == [("http", "https")]


def canary(**annotations: str) -> tuple[HostReview, ...]:
    named = {key.replace("_", "-"): value for key, value in annotations.items()}
    other = ingress("canary", rule(HOST, path("/", "next")), namespace="shop", annotations={"canary": "true", **named})
    return reviews(shop(), other)


def test_a_canary_shows_the_requests_that_it_takes() -> None:
    found = canary(canary_by_header="X-Canary", canary_weight="10")
    answers = {each.condition: each.before["answer"] for each in found[0].rows if "https" in each.schemes}
    assert answers == {
        "": "shop/next:80 10%, shop/web:80 90%",
        "X-Canary: always": "shop/next:80",
        "X-Canary: never": "shop/web:80",
    }
    assert not any(written(each) for each in found[0].rows)


def test_a_header_that_decides_nothing_has_no_row() -> None:
    (host,) = canary(canary_by_header="X-Canary", canary_weight="0")
    assert {each.condition for each in host.rows} == {"", "X-Canary: always"}


def test_a_wildcard_is_asked_for_by_a_name_below_it() -> None:
    (host,) = reviews(ingress("wide", rule("*.example.com", path("/"))))
    assert host.host == "*.example.com"
    assert {each.before["answer"] for each in host.rows} == {"web:80"}


def test_aliases_are_hosts_too_and_patterns_of_names_are_not_tried() -> None:
    found = reviews(shop(server_alias="store.example.com,~^x\\d+"))
    assert [each.host for each in found] == ["shop.example.com", "store.example.com", "~^x\\d+"]
    assert [len(each.untried) for each in found] == [0, 0, 1]


def test_a_pattern_that_another_takes_first_is_not_tried() -> None:
    (host,) = reviews(shop(path("/(.*)", kind="ImplementationSpecific"), path("/a"), use_regex="true"))
    assert [match.value for match in host.untried] == ["/", "/a"]


def test_routes_of_objects_have_conditions_of_their_own() -> None:
    gateway = {"kind": "Gateway", "metadata": {"name": "g"}}
    gateway["spec"] = {"listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]}
    matches = [
        {"path": {"type": "Exact", "value": "/a"}, "method": "POST", "queryParams": [{"name": "v", "value": "2"}]},
        {"headers": [{"name": "X-Beta", "type": "RegularExpression", "value": "(yes|on)"}]},
    ]
    rules = [{"matches": matches, "backendRefs": [{"name": "beta", "port": 80}]}]
    route = {"kind": "HTTPRoute", "metadata": {"name": "r"}}
    route["spec"] = {"hostnames": [HOST], "parentRefs": [{"name": "g"}], "rules": rules}
    (host,) = compare([gateway], [gateway, route])
    assert [(each.match.value, each.condition, each.standing, each.after["answer"]) for each in host.rows] == [
        ("/", "X-Beta: yes", "new", "beta:80"),
        ("/", "X-Beta: yes", "new", "no connection"),
        ("/a", "POST, ?v=2", "new", "beta:80"),
        ("/a", "POST, ?v=2", "new", "no connection"),
    ]


def test_fields_of_policies_that_nobody_knows_are_facts_by_themselves() -> None:
    found = convert(reading(shop()), target("envoy-gateway", release("1.6", "standard")), Options())
    policy = {
        "kind": "SecurityPolicy",
        "metadata": {"name": "p", "namespace": "shop"},
        "spec": {
            "targetRefs": [{"kind": "HTTPRoute", "name": "shop-example-com"}],
            "jwt": {"providers": [{"name": "one"}]},
        },
    }
    (host,) = compare(found.objects, [*found.objects, policy])
    changed = [change for each in host.rows for change in each.changes]
    assert [(change.fact, change.before, change.after) for change in changed] == [
        ("SecurityPolicy jwt", "", '{"providers": [{"name": "one"}]}')
    ]


def test_a_host_that_is_still_a_placeholder_is_served_all_the_same() -> None:
    (host,) = reviews(ingress("shop", rule("shop.${DOMAIN}", path("/")), tls=[tls("shop.${DOMAIN}", secret="s")]))
    assert [(each.before["answer"], each.after["answer"]) for each in host.rows] == [
        ("308 to https, same path", "308 to https, same path"),
        ("web:80", "web:80"),
    ]


CARRIED = {
    "requests of certain addresses": {"allowlist_source_range": "10.0.0.0/8", "denylist_source_range": "10.1.0.0/16"},
    "size": {"proxy_body_size": "8m"},
    "time for a connection": {"proxy_connect_timeout": "7"},
    "TLS to the backend": {"backend_protocol": "HTTPS"},
    "who is asked": {"auth_url": "http://auth.team.svc.cluster.local/check"},
}


@pytest.mark.parametrize("to", ["envoy-gateway", "kgateway", "agentgateway"])
@pytest.mark.parametrize("name", CARRIED)
def test_what_a_policy_carries_does_not_differ_in_silence(name: str, to: str) -> None:
    found = row(reviews(shop(**CARRIED[name]), to=to))

    assert [change for change in found.changes if change.silent] == []
    assert [change.fact for change in found.changes if change.after == "" and not change.by_default] == []


@pytest.mark.parametrize("to", ["envoy-gateway", "kgateway", "agentgateway"])
def test_what_the_controller_was_told_for_everything_is_the_affair_of_the_ledger(to: str) -> None:
    told = {"use_gzip": "true", "use_proxy_protocol": "true", "use_forwarded_headers": "true"}
    result = converted_for(to, shop(), **told, proxy_connect_timeout="7")
    found = row(review(result.tables[0], result.objects, result.entries, target(to, release("1.6", "standard")).table))

    assert [change for change in found.changes if change.silent] == []
