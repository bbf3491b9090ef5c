"""Objects that a filter names, or that stand in place of a Service, count in the prediction like policies."""

from __future__ import annotations

from typing import Any

import pytest
from shops import HOST, converted_for, shop

from converter.verify.gateway import Gateways
from converter.verify.messages import Answer, Request

NGF, TRAEFIK = "nginx-gateway-fabric", "traefik"


def asked(to: str, request: dict[str, Any], **annotations: str) -> Answer:
    objects = converted_for(to, shop(**annotations)).objects
    return Gateways(objects).answer(Request(HOST, **request))


PASSWORD = {"auth_type": "basic", "auth_secret": "users"}
CASES: dict[str, tuple[str, dict[str, Any], dict[str, str], int | None]] = {
    "a client who is not on the list": (
        TRAEFIK,
        {"client": "192.0.2.1"},
        {"allowlist_source_range": "10.0.0.0/8"},
        403,
    ),
    "a client on the list": (TRAEFIK, {"client": "10.1.1.1"}, {"allowlist_source_range": "10.0.0.0/8"}, None),
    "nobody with a password": (TRAEFIK, {}, PASSWORD, 401),
    "somebody with a password": (TRAEFIK, {"identified": True}, PASSWORD, None),
    "nobody with a password of nginx": (NGF, {}, PASSWORD, 401),
    "somebody with a password of nginx": (NGF, {"identified": True}, PASSWORD, None),
    "nobody whom the service knows": (TRAEFIK, {}, {"auth_url": "http://auth.team.svc/"}, 401),
    "a body that is too long": (TRAEFIK, {"body": 2049}, {"proxy_body_size": "2k"}, 413),
    "a body that is too long for nginx": (NGF, {"body": 2049}, {"proxy_body_size": "2k"}, 413),
    "a body that nginx lets pass": (NGF, {"body": 1 << 30}, {"proxy_body_size": "0"}, None),
}


@pytest.mark.parametrize("name", CASES)
def test_who_gets_which_answer(name: str) -> None:
    to, request, annotations, status = CASES[name]
    answer = asked(to, request, **annotations)

    assert answer.status == status
    assert bool(answer.shares) == (status is None)


def test_who_has_to_sign_in_is_sent_where_the_middleware_says() -> None:
    answer = asked(TRAEFIK, {}, auth_url="http://auth.team.svc/", auth_signin="https://login.example.com/")

    assert (answer.status, answer.location) == (302, "https://login.example.com/")


def test_a_service_is_found_behind_what_stands_in_its_place() -> None:
    answer = asked(TRAEFIK, {}, affinity="cookie", backend_protocol="HTTPS")
    (share,) = answer.shares

    assert share.endpoint is not None
    assert (share.endpoint.namespace, share.endpoint.service, share.endpoint.port) == ("shop", "web", 80)


def test_headers_for_pages_of_other_origins_come_from_a_middleware() -> None:
    origin = (("Origin", "https://a.b.example.com"),)
    answer = asked(TRAEFIK, {"headers": origin}, enable_cors="true", cors_allow_origin="https://*.b.example.com")

    assert ("Access-Control-Allow-Origin", "https://a.b.example.com") in answer.set_headers
