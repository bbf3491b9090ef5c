"""What a real nginx does beside the usual way of a request; each of these was seen there first."""

from __future__ import annotations

from typing import Any

import pytest
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.gateway.releases import release
from converter.ledger import Origin, Source
from converter.pipeline import convert
from converter.targets import target
from converter.verify.messages import Answer, Request
from converter.verify.source import Controller

HOST = "shop.example.com"
HSTS = (("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),)
MTLS = {"auth-tls-secret": "team-a/clients", "auth-tls-match-cn": "CN=shop"}


def controller(
    *ingresses: dict[str, Any], options: dict[str, str] | None = None, flags: dict[str, str] | None = None
) -> Controller:
    told, started = told_to_controller(options or {}), told_to_controller(flags or {})
    configured = Options(configuration=Configuration(options=told, flags=started, known=True))
    result = convert(reading(*ingresses), target("standard", release("1.6", "standard")), configured)
    return Controller(result.tables[0])


def told_to_controller(values: dict[str, str]) -> dict[str, Origin]:
    source = Source("ConfigMap", "ingress-nginx", "controller", "controller.yaml", 1)
    return {name: Origin(source, "field", f"data.{name}", value) for name, value in values.items()}


def shop(*paths: Any, **annotations: str) -> dict[str, Any]:
    written = {name.replace("_", "-"): value for name, value in annotations.items()}
    return ingress("shop", rule(HOST, *(paths or (path("/"),))), annotations=written)


def test_answers_for_hosts_that_nobody_declares_carry_hsts_as_all_others_do() -> None:
    asked = controller(shop())

    assert asked.answer(Request("other.example.com", scheme="https")) == Answer(404, set_headers=HSTS)
    assert asked.answer(Request("other.example.com")) == Answer(404)


@pytest.mark.parametrize(
    ("target", "status"), [("/healthz", 200), ("/healthz/deep", 200), ("/healthzfoo", 200), ("/health", 404)]
)
def test_the_health_check_is_a_prefix_byte_for_byte_of_hosts_that_nobody_declares(target: str, status: int) -> None:
    assert controller(shop()).answer(Request("other.example.com", target)).status == status


def test_a_longer_path_of_the_host_for_all_others_comes_before_the_health_check() -> None:
    asked = controller(ingress("rest", rule("", path("/"), path("/healthz"))))

    assert asked.answer(Request("other.example.com", "/healthz/deep")).shares
    assert asked.answer(Request("other.example.com", "/healthzfoo")) == Answer(200)


def test_patterns_of_the_host_for_all_others_come_before_the_health_check() -> None:
    asked = controller(ingress("rest", rule("", path("/x")), annotations={"use-regex": "true"}))

    assert asked.answer(Request("other.example.com", "/healthz")) == Answer(404)


def test_the_redirect_for_a_missing_slash_carries_the_headers_of_its_location_but_for_those_of_cors() -> None:
    asked = controller(shop(path("/docs/"), enable_cors="true"))

    found = asked.answer(Request(HOST, "/docs", scheme="https", headers=(("Origin", "https://a.example.com"),)))

    assert found == Answer(301, location=f"https://{HOST}/docs/", set_headers=HSTS)


def test_a_refused_location_has_no_redirect_for_a_missing_slash() -> None:
    """Only a location that passes requests on has one."""
    asked = controller(shop(path("/docs/"), path("/"), allowlist_source_range="bad"))

    assert asked.answer(Request(HOST, "/docs")) == Answer(503)


def test_a_body_that_is_too_large_is_refused_before_the_rewrite_module_has_its_turn() -> None:
    asked = controller(shop(enable_cors="true"))

    found = asked.answer(Request(HOST, method="POST", scheme="https", body=(1 << 20) + 1))

    assert found == Answer(413, set_headers=HSTS)


def test_a_redirect_refuses_large_bodies_too() -> None:
    asked = controller(shop(permanent_redirect="https://example.com/new"))

    assert asked.answer(Request(HOST, method="POST", body=(1 << 20) + 1)) == Answer(413)
    assert asked.answer(Request(HOST, method="POST", body=1 << 20)).status == 301


def test_a_host_with_client_certificates_refuses_before_anything_else_of_it_is_looked_at() -> None:
    asked = controller(
        ingress("shop", rule(HOST, path("/")), tls=[tls(HOST, secret="one")], annotations=MTLS),
        ingress(
            "moved",
            rule(HOST, path("/moved")),
            annotations={"permanent-redirect": "https://example.com/new"},
        ),
    )

    assert asked.answer(Request(HOST)) == Answer(403)
    assert asked.answer(Request(HOST, "/moved", scheme="https")) == Answer(400)
    assert asked.answer(Request(HOST, "/moved", scheme="https", identified=True)).status == 301


def test_a_host_with_client_certificates_takes_no_connection_that_was_opened_for_another_name() -> None:
    asked = controller(ingress("shop", rule(HOST, path("/")), annotations=MTLS))

    request = Request(HOST, scheme="https", server_name="other.example.com", identified=True)

    assert asked.answer(request) == Answer(421)


@pytest.mark.parametrize(("said", "status"), [("BadBot", 403), ("badbot", 403), ("badbot/2", 302)])
def test_a_blocked_client_is_refused_before_the_start_page_and_in_any_letter_case(said: str, status: int) -> None:
    asked = controller(shop(app_root="/home"), options={"block-user-agents": "BadBot"})

    assert asked.answer(Request(HOST, headers=(("User-Agent", said),))).status == status


def test_who_is_sent_to_sign_in_gets_the_headers_of_cors_alone() -> None:
    asked = controller(
        shop(
            enable_cors="true",
            cors_allow_origin="https://a.example.com",
            auth_url="https://auth.example.com/check",
            auth_signin="https://$host/start?rd=$escaped_request_uri",
        )
    )

    found = asked.answer(Request(HOST, "/a?b=c", scheme="https", headers=(("Origin", "https://a.example.com"),)))

    assert found.status == 302
    assert found.location == f"https://{HOST}/start?rd=%2Fa%3Fb%3Dc"
    assert {name for name, _ in found.set_headers} >= {"Access-Control-Allow-Origin"}
    assert "Strict-Transport-Security" not in {name for name, _ in found.set_headers}


def test_a_path_alone_becomes_an_address_in_small_letters_and_the_start_page_one_as_the_client_wrote_it() -> None:
    asked, start = controller(shop(permanent_redirect="/new")), controller(shop(app_root="/home"))

    assert asked.answer(Request("SHOP.example.com:8080")).location == f"http://{HOST}/new"
    assert start.answer(Request("SHOP.example.com:8080")).location == "http://SHOP.example.com:8080/home"


def test_the_other_name_of_a_host_has_the_scheme_that_is_believed() -> None:
    asked = controller(shop(from_to_www_redirect="true"), options={"use-forwarded-headers": "true"})

    request = Request(f"www.{HOST}", "/a/", headers=(("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "8443")))

    assert asked.answer(request).location == f"https://{HOST}:8443/a"


@pytest.mark.parametrize("target", ["/%00", "/%zz", "/a/../..", "/%2e%2e"])
def test_what_is_no_path_is_refused_whatever_the_host(target: str) -> None:
    asked = controller(shop(app_root="/home"))

    assert asked.answer(Request(HOST, target)) == Answer(400)
    assert asked.answer(Request("other.example.com", target)) == Answer(400)


def test_a_dot_at_the_end_of_a_host_says_nothing() -> None:
    assert controller(shop()).answer(Request(f"{HOST}.")).shares


def test_the_name_in_the_handshake_decides_whether_a_connection_is_passed_on() -> None:
    raw = ingress("raw", rule("raw.example.com", path("/", "raw")), annotations={"ssl-passthrough": "true"})
    asked = controller(raw, shop(), flags={"--enable-ssl-passthrough": "true"})

    def backends(host: str, name: str) -> list[str]:
        shares = asked.answer(Request(host, scheme="https", server_name=name)).shares
        return [share.endpoint.service for share in shares if share.endpoint]

    assert backends("raw.example.com", "") == backends(HOST, "raw.example.com") == ["raw"]
    assert backends(HOST, "") == backends(HOST, "www.example.com") == ["web"]


def test_copies_are_made_of_what_gets_404_but_not_of_large_bodies() -> None:
    target = "http://shadow.team-a.svc.cluster.local"
    asked = controller(shop(path("/a"), mirror_target=target, proxy_body_size="8m"))

    assert asked.answer(Request(HOST, "/a")).mirrors == asked.answer(Request(HOST, "/b")).mirrors == (target,)
    assert asked.answer(Request(HOST, "/a", method="POST", body=(1 << 20) + 1)).mirrors == ()


def test_a_claim_about_the_host_is_passed_on_under_another_name() -> None:
    found = controller(shop()).answer(Request(HOST, headers=(("X-Forwarded-Host", "forged.invalid"),)))

    sent = found.shares[0].forwarded
    assert sent
    assert dict(sent.headers)["X-Original-Forwarded-Host"] == "forged.invalid"
    assert dict(sent.headers)["X-Forwarded-Host"] == HOST


def test_a_password_is_asked_for_even_by_a_redirect_to_sign_in() -> None:
    found = controller(
        shop(
            satisfy="any",
            auth_type="basic",
            auth_secret="users",
            auth_realm="shop",
            auth_url="http://auth.example.com/check",
            auth_signin="https://auth.example.com/start",
        )
    ).answer(Request(HOST))

    assert (found.status, found.added_headers) == (302, (("WWW-Authenticate", 'Basic realm="shop"'),))


def test_what_is_set_stands_beside_what_is_sent_of_every_request() -> None:
    found = controller(
        shop(configuration_snippet="proxy_set_header X-Forwarded-Proto https;\nproxy_set_header X-Own mine;"),
        options={"allow-snippet-annotations": "true", "annotations-risk-level": "Critical"},
    ).answer(Request(HOST, headers=(("X-Own", "theirs"),)))

    assert found.shares[0].forwarded
    headers = dict(found.shares[0].forwarded.headers)
    assert (headers["X-Forwarded-Proto"], headers["X-Own"]) == ("http,https", "mine")
