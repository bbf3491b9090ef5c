"""What the annotations of one Ingress ask for."""

from __future__ import annotations

from typing import Any

import pytest
from manifests import PREFIX, ingress, path, rule, service, stock

from converter.controllers.ingress_nginx.conduct import Conduct, Https, conduct_of
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.controllers.ingress_nginx.reading import read_settings
from converter.routing import Backend, RateLimit, Setting

A = "https://a.example.com"
TO_A = ("https", "a.example.com", 0, "/", "")


def conduct(*services: dict[str, Any], **annotations: str) -> Conduct:
    named = {key.replace("_", "-"): value for key, value in annotations.items()}
    manifest = ingress("web", rule("shop.example.com", path("/")), annotations=named)
    inventory = stock(manifest, *services)[0]
    found = inventory.ingresses[0]
    return conduct_of(found, read_settings(found, Configuration(), strict_source=False), inventory)


@pytest.mark.parametrize(
    ("annotations", "https", "origins"),
    [
        ({}, Https.WITH_CERTIFICATE, ["ssl-redirect"]),
        ({"ssl_redirect": "true"}, Https.WITH_CERTIFICATE, [PREFIX + "ssl-redirect"]),
        ({"ssl_redirect": "false"}, Https.NEVER, [PREFIX + "ssl-redirect"]),
        ({"force_ssl_redirect": "true"}, Https.ALWAYS, [PREFIX + "force-ssl-redirect"]),
        ({"force_ssl_redirect": "true", "ssl_redirect": "false"}, Https.ALWAYS, [PREFIX + "force-ssl-redirect"]),
        ({"force_ssl_redirect": "false"}, Https.WITH_CERTIFICATE, ["ssl-redirect"]),
        (
            {"preserve_trailing_slash": "true"},
            Https.WITH_CERTIFICATE,
            ["ssl-redirect", PREFIX + "preserve-trailing-slash"],
        ),
    ],
)
def test_https(annotations: dict[str, str], https: Https, origins: list[str]) -> None:
    found = conduct(**annotations)

    assert (found.https, [origin.key for origin in found.https_origins]) == (https, origins)


@pytest.mark.parametrize(
    ("annotations", "redirect"),
    [
        ({"permanent_redirect": A}, (301, *TO_A)),
        ({"permanent_redirect": f"{A}:8443/x?y=z"}, (301, "https", "a.example.com", 8443, "/x", "y=z")),
        ({"permanent_redirect": "/x"}, (301, "", "", 0, "/x", "")),
        ({"permanent_redirect": A, "permanent_redirect_code": "308"}, (308, *TO_A)),
        ({"permanent_redirect": A, "permanent_redirect_code": "404"}, (301, *TO_A)),
        ({"temporal_redirect": A}, (302, *TO_A)),
        ({"temporal_redirect": A, "temporal_redirect_code": "307"}, (307, *TO_A)),
        ({"temporal_redirect": A, "temporal_redirect_code": "308"}, (302, *TO_A)),
        ({"permanent_redirect": "https://b.example.com", "temporal_redirect": A}, (302, *TO_A)),
    ],
)
def test_a_redirect(annotations: dict[str, str], redirect: tuple) -> None:
    found = conduct(**annotations).redirect

    assert found
    assert (found.status, found.scheme, found.host, found.port, found.path, found.query) == redirect
    assert not found.keeps_query


def test_no_redirect() -> None:
    assert conduct().redirect is None


@pytest.mark.parametrize(
    ("annotations", "limits"),
    [
        ({"limit_rps": "5"}, [(5, 1, 25)]),
        ({"limit_rpm": "6"}, [(6, 60, 30)]),
        ({"limit_rps": "5", "limit_rpm": "60"}, [(5, 1, 25), (60, 60, 300)]),
        ({"limit_rps": "5", "limit_burst_multiplier": "2"}, [(5, 1, 10)]),
        ({"limit_rps": "0"}, []),
        ({"limit_burst_multiplier": "2"}, []),
        ({"rate_limit": "100", "rate_limit_window": "1m"}, [(100, 60, 0)]),
        ({"rate_limit": "10", "rate_limit_window": "30s"}, [(10, 30, 0)]),
        ({"rate_limit": "10", "rate_limit_window": "2h"}, [(10, 7200, 0)]),
    ],
)
def test_limits_with_their_time_in_seconds_and_burst(annotations: dict[str, str], limits: list) -> None:
    found = [each for each in conduct(**annotations).behaviours if isinstance(each, RateLimit)]

    assert [(limit.requests, limit.seconds, limit.burst) for limit in found] == limits


@pytest.mark.parametrize(("value", "kept"), [("/start", True), ("start", False), ("https://a.example.com", False)])
def test_an_app_root_is_a_path(value: str, kept: bool) -> None:
    assert bool(conduct(app_root=value).app_root) == kept


@pytest.mark.parametrize(("value", "canary"), [("true", True), ("1", True), ("false", False), ("yes", False)])
def test_a_canary(value: str, canary: bool) -> None:
    assert bool(conduct(canary=value).canary) == canary


def test_a_setting_that_names_a_service_knows_its_first_port() -> None:
    pages = service("pages", {"port": 8080, "targetPort": 80}, {"name": "metrics", "port": 9090})
    known, unknown = (
        next(b for b in found.behaviours if isinstance(b, Setting) and b.name == "default-backend").service
        for found in (conduct(pages, default_backend="pages"), conduct(pages, default_backend="others"))
    )

    assert known == Backend("", "pages", 8080)
    assert unknown is None
