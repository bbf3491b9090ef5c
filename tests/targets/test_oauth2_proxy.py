"""oauth2-proxy beside an application, the most common sign-in there is: what each target makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from conversions import converted, verdicts
from manifests import ingress, path, rule, tls

from converter.gateway.releases import Channel
from converter.pipeline import Conversion
from converter.targets import NAMES, OTHERS
from converter.targets.table import target_table

Json = Mapping[str, Any]
HOST = "shop.example.com"
APPLICATION = ingress(
    "shop",
    rule(HOST, path("/")),
    namespace="shop",
    tls=[tls(HOST, secret="shop")],
    annotations={
        "auth-url": "http://oauth2-proxy.auth.svc.cluster.local:4180/oauth2/auth",
        "auth-signin": "https://shop.example.com/oauth2/start?rd=$escaped_request_uri",
        "auth-response-headers": "X-Auth-Request-User, X-Auth-Request-Email",
    },
)
PROXY = ingress(
    "oauth2-proxy",
    rule(HOST, path("/oauth2", "oauth2-proxy", port=4180)),
    namespace="auth",
    tls=[tls(HOST, secret="shop")],
)

ASKED = ("approximated", "auth.external")
"""The same service is asked, with some of the headers."""
CLOSED = (("untranslated", "access.closed"), ("untranslated", "auth.signin-closed"))
"""Nobody can be asked, so the paths are closed."""
WITHOUT_REDIRECT = (ASKED, ("untranslated", "auth.signin-lost"))
"""Who has not signed in gets the 401 of oauth2-proxy."""
SENT_THERE = (ASKED, ("approximated", "auth.signin"))
"""Who has not signed in is sent there, and does not come back to quite the same page."""
EXPECTED = {
    ("standard", "experimental"): WITHOUT_REDIRECT,
    **{("envoy-gateway", channel): SENT_THERE for channel in ("standard", "experimental")},
    **{("kgateway", channel): WITHOUT_REDIRECT for channel in ("standard", "experimental")},
    **{("agentgateway", channel): SENT_THERE for channel in ("standard", "experimental")},
    **{("traefik", channel): SENT_THERE for channel in ("standard", "experimental")},
    **{("istio", channel): WITHOUT_REDIRECT for channel in ("standard", "experimental")},
}
"""auth-url and auth-signin; whoever is not here can ask nobody."""
WAYS = [(name, channel) for name in (*NAMES, *OTHERS) for channel in ("standard", "experimental")]


@cache
def made_for(name: str, channel: Channel) -> Conversion:
    return converted(APPLICATION, PROXY, to=name, channel=channel)


@pytest.mark.parametrize(("name", "channel"), WAYS)
def test_what_becomes_of_the_question_and_of_the_sign_in(name: str, channel: Channel) -> None:
    found = verdicts(made_for(name, channel))

    assert (found["auth-url"], found["auth-signin"]) == EXPECTED.get((name, channel), CLOSED)
    assert found["auth-response-headers"] == found["auth-url"]


BY_OBJECTS = [(name, channel) for name, channel in EXPECTED if name != "istio"]
"""Istio knows whom to ask from its mesh configuration, and the entry says what to write there."""


@pytest.mark.parametrize(("name", "channel"), BY_OBJECTS)
def test_who_can_ask_names_the_service_its_path_and_the_headers(name: str, channel: Channel) -> None:
    guards = [str(entry) for entry in made_for(name, channel).objects if not serves(entry, "/oauth2")]
    text = " ".join(guards)

    assert "oauth2-proxy" in text
    assert "4180" in text
    assert "/oauth2/auth" in text
    assert "X-Auth-Request-User" in text or "x-auth-request-user" in text
    assert "X-Auth-Request-Email" in text or "x-auth-request-email" in text


@pytest.mark.parametrize(("name", "channel"), WAYS)
def test_the_pages_of_oauth2_proxy_are_open_to_everybody(name: str, channel: Channel) -> None:
    objects = made_for(name, channel).objects
    (route,) = [entry for entry in objects if serves(entry, "/oauth2")]
    (one,) = [each for each in route["spec"]["rules"] if "/oauth2" in paths(each)]

    assert [(backend["name"], backend["port"]) for backend in one["backendRefs"]] == [("oauth2-proxy", 4180)]
    assert not {"ExtensionRef", "ExternalAuth"}.intersection(each["type"] for each in one.get("filters", ()))
    assert list(guarding(objects, route, one)) == []


def guarding(objects: tuple[Json, ...], route: Json, one: Json) -> Iterator[str]:
    """Policies for the rule that ask the service."""
    for entry in objects:
        spec = entry.get("spec", {})
        targets = [*spec.get("targetRefs", ()), *filter(None, [spec.get("targetRef")])]
        same = entry["metadata"].get("namespace") == route["metadata"].get("namespace")
        named = [each.get("sectionName", one.get("name")) for each in targets if each["kind"] == "HTTPRoute"]
        if same and one.get("name") in named and "extAuth" in str(spec):
            yield str(entry["kind"])


def serves(entry: Json, wanted: str) -> bool:
    return entry["kind"] == "HTTPRoute" and any(wanted in paths(each) for each in entry["spec"]["rules"])


def paths(one: Json) -> list[str]:
    return [match["path"]["value"] for match in one.get("matches", ())]


@pytest.mark.parametrize(("name", "channel"), WAYS)
def test_whoever_loses_the_redirect_is_told_what_to_do(name: str, channel: Channel) -> None:
    (entry,) = [each for each in made_for(name, channel).entries if each.origin.key.endswith("auth-signin")]

    assert entry.verdict == "approximated" or "oauth2-proxy" in entry.advice


@pytest.mark.parametrize("name", ["envoy-gateway", "traefik", "agentgateway", "standard"])
def test_the_way_round_is_told_where_the_address_cannot_be_written(name: str) -> None:
    assert "oauth2-proxy" in target_table(name).rows["auth.signin-lost"].advice
