"""A real nginx that is started for one table, and is gone afterwards."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from manifests import ingress, path, rule, table, tls

from converter.routing import Hsts, RoutingTable
from converter.verify.messages import Answer, Endpoint, Forwarded, Request, Share
from converter.verify.proxies.echo import Echo
from converter.verify.proxies.nginx import HOW_TO_INSTALL, find_nginx, response_names, serving
from converter.verify.proxies.process import ProxyError

HOST = "shop.example.com"
AUTHORITY = trustme.CA()
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
AUTHORITY.issue_cert("backend.invalid").configure_cert(TLS)
TABLE = table(
    ingress("shop", rule(HOST, path("/"), path("/docs/", "docs")), namespace="team", tls=[tls(HOST, secret="s")])
)

pytestmark = pytest.mark.skipif(find_nginx() is None, reason=f"no nginx: {HOW_TO_INSTALL}")


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo(TLS, response_names(TABLE)) as backends:
        yield backends


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_an_answer_is_told_in_the_words_of_the_predicted_half(echo: Echo) -> None:
    with serving(TABLE, echo, AUTHORITY) as proxy:
        redirect = proxy.answer(Request(HOST, "/a/?b=/"))
        served = proxy.answer(Request(HOST, "//a/%41?b", scheme="https", headers=(("X-Own", "1"),)))

    assert redirect == Answer(308, location=f"https://{HOST}/a/?b=")
    about_the_client = (
        ("X-Real-IP", "203.0.113.7"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-Host", HOST),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Scheme", "https"),
        ("X-Scheme", "https"),
    )
    assert served == Answer(
        shares=(
            Share(
                Endpoint("team", "web", 80),
                1.0,
                Forwarded("GET", HOST, "//a/%41?b", (*about_the_client, ("X-Own", "1"))),
            ),
        ),
        set_headers=(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),),
    )


def test_the_missing_slash_is_what_nginx_itself_says(echo: Echo) -> None:
    """Without the location that stands for it in the table, too."""
    host = TABLE.hosts[0]
    bare = replace(host, locations=tuple(place for place in host.locations if place.match.value != "/docs"))

    with serving(replace(TABLE, hosts=(bare,)), echo, AUTHORITY) as proxy:
        assert proxy.answer(Request(HOST, "/docs")).location == f"http://{HOST}/docs/"


def broken() -> RoutingTable:
    host = replace(TABLE.hosts[0], aliases=("~(",))
    return replace(TABLE, hosts=(host,))


def test_a_configuration_that_nginx_refuses_is_an_error_with_its_words(echo: Echo, place: Path) -> None:
    with pytest.raises(ProxyError, match="missing closing parenthesis"), serving(broken(), echo, AUTHORITY):
        pass

    assert list(place.iterdir()) == []


def process_in(place: Path) -> int:
    """nginx writes its number down a moment after it listens."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if written := [text for each in place.glob("*/nginx.pid") if (text := each.read_text())]:
            return int(written[0])
        time.sleep(0.01)
    raise AssertionError


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_nothing_is_left_when_the_block_fails(echo: Echo, error: type[BaseException], place: Path) -> None:
    found: list[int] = []

    def fail() -> None:
        with serving(TABLE, echo, AUTHORITY):
            found.append(process_in(place))
            raise error

    with pytest.raises(error):
        fail()

    assert list(place.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(found[0], 0)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_can_start_it() -> None:
    """Once as root before, since nobody else may read the modules that are imported late."""
    program = """
import os
from verify.proxies.nginx.test_serving import AUTHORITY, HOST, TABLE, TLS
from converter.verify.messages import Request
from converter.verify.proxies.echo import Echo
from converter.verify.proxies.nginx import serving
for user in (0, 65534):
    os.setuid(user)
    with Echo(TLS) as echo, serving(TABLE, echo, AUTHORITY) as proxy:
        print(proxy.answer(Request(HOST)).status)
"""
    tests = Path(__file__).resolve().parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{tests}:{tests.parent}", "TMPDIR": "/tmp"},
        check=False,
    )

    assert ran.stdout == "308\n308\n", ran.stderr


def test_headers_of_the_table_are_those_that_backends_have_to_send() -> None:
    assert response_names(TABLE) == ("Strict-Transport-Security",)
    assert any(isinstance(each, Hsts) for each in TABLE.hosts[0].locations[0].behaviours)
