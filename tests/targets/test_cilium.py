"""Cilium: what differs from the Gateway API itself."""

from __future__ import annotations

from typing import Any

from manifests import ingress, path, reading, rule

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import Channel, release
from converter.pipeline import Conversion, convert
from converter.targets import target

HOST = "shop.example.com"


def converted(channel: Channel, **annotations: str) -> Conversion:
    named = {name.replace("_", "-"): value for name, value in annotations.items()}
    manifest = ingress("web", rule(HOST, path("/")), annotations=named)
    return convert(reading(manifest), target("cilium", release("1.6", channel)), Options())


def rule_of(result: Conversion) -> dict[str, Any]:
    return next(entry["spec"]["rules"][0] for entry in result.objects if entry["kind"] == "HTTPRoute")


def verdict_of(result: Conversion, key: str) -> tuple[str, str]:
    entry = next(entry for entry in result.entries if entry.origin.key.endswith(key))
    return str(entry.verdict), entry.code


def test_the_class_is_that_of_cilium() -> None:
    found = next(entry for entry in converted("standard").objects if entry["kind"] == "GatewayClass")

    assert (found["metadata"]["name"], found["spec"]["controllerName"]) == ("cilium", "io.cilium/gateway-controller")


def test_a_session_cookie_has_no_lifetime() -> None:
    result = converted("experimental", affinity="cookie", session_cookie_name="stay", session_cookie_max_age="3600")

    assert rule_of(result)["sessionPersistence"] == {"sessionName": "stay", "type": "Cookie"}
    assert verdict_of(result, "session-cookie-max-age") == ("approximated", "affinity")


def test_the_standard_channel_has_no_session_cookie() -> None:
    result = converted("standard", affinity="cookie")

    assert "sessionPersistence" not in rule_of(result)
    assert verdict_of(result, "affinity") == ("untranslated", "affinity.lost")


def test_another_service_is_not_asked_although_the_channel_has_the_filter() -> None:
    result = converted("experimental", auth_url="http://auth.team.svc.cluster.local/check")

    assert "filters" not in rule_of(result)
    assert "backendRefs" not in rule_of(result)
    assert verdict_of(result, "auth-url") == ("untranslated", "access.closed")
