"""What each release of the Gateway API has, after the CRDs of its tag."""

from __future__ import annotations

import pytest

from converter.gateway.releases import KindForm, Release, UnknownReleaseError, known_releases, release

V1 = "gateway.networking.k8s.io/v1"
BETA = "gateway.networking.k8s.io/v1beta1"
EXPERIMENTAL = KindForm("XListenerSet", "gateway.networking.x-k8s.io/v1alpha1")
ALL = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6"]


def test_releases_are_known_from_the_oldest_to_the_newest() -> None:
    assert list(known_releases()) == ALL


@pytest.mark.parametrize(
    ("text", "version"), [("1.4", "1.4"), ("v1.4", "1.4"), ("1.4.1", "1.4"), ("v1.6.1", "1.6"), ("1.0.0", "1.0")]
)
def test_a_release_is_named_with_or_without_v_and_patch(text: str, version: str) -> None:
    assert release(text, "standard") == Release(version, "standard")


@pytest.mark.parametrize("text", ["", "1", "v", "0.8", "1.7", "1.10", "2.0", "1.4.1.1", "1.4-rc1", "latest", "1.4\n"])
def test_other_text_names_no_release(text: str) -> None:
    with pytest.raises(UnknownReleaseError):
        release(text, "standard")


@pytest.mark.parametrize("version", ALL)
@pytest.mark.parametrize("kind", ["GatewayClass", "Gateway", "HTTPRoute"])
def test_the_core_kinds_are_v1_everywhere(kind: str, version: str) -> None:
    assert release(version, "standard").form(kind) == KindForm(kind, V1)


@pytest.mark.parametrize("version", ALL)
def test_a_reference_grant_is_v1beta1_which_every_release_serves(version: str) -> None:
    assert release(version, "standard").form("ReferenceGrant") == KindForm("ReferenceGrant", BETA)
    assert release(version, "experimental").form("ReferenceGrant") == KindForm("ReferenceGrant", BETA)


@pytest.mark.parametrize(
    ("version", "standard", "experimental"),
    [
        ("1.0", None, None),
        ("1.1", None, None),
        ("1.2", None, None),
        ("1.3", None, EXPERIMENTAL),
        ("1.4", None, EXPERIMENTAL),
        ("1.5", KindForm("ListenerSet", V1), KindForm("ListenerSet", V1)),
        ("1.6", KindForm("ListenerSet", V1), KindForm("ListenerSet", V1)),
    ],
)
def test_listener_sets_began_as_an_experiment_of_another_name(
    version: str, standard: KindForm | None, experimental: KindForm | None
) -> None:
    assert release(version, "standard").form("ListenerSet") == standard
    assert release(version, "experimental").form("ListenerSet") == experimental


@pytest.mark.parametrize(
    ("feature", "channel", "since"),
    [
        ("rule-name", "standard", "1.4"),
        ("rule-name", "experimental", "1.2"),
        ("redirect-307-308", "standard", "1.5"),
        ("redirect-307-308", "experimental", "1.5"),
    ],
)
def test_a_feature_is_there_from_its_first_release_on(feature: str, channel, since: str) -> None:
    having = [version for version in ALL if release(version, channel).has(feature)]

    assert having == ALL[ALL.index(since) :]


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("route-hostnames", [16] * 7),
        ("route-rules", [16] * 7),
        ("rule-matches", [8, 8, 64, 64, 64, 64, 64]),
        ("route-matches", [128] * 7),
        ("listeners", [64] * 7),
        ("grant-entries", [16] * 7),
    ],
)
def test_limits(name: str, bounds: list[int]) -> None:
    assert [release(version, "standard").limit(name) for version in ALL] == bounds
    assert [release(version, "experimental").limit(name) for version in ALL] == bounds
