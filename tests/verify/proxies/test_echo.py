"""Backends that say who they are and what they were asked."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
import trustme

from converter.verify.live.reply import Reply
from converter.verify.live.sender import Address, Sender
from converter.verify.messages import Answer, Endpoint, Forwarded, Headers, Request, Share
from converter.verify.proxies.echo import IDENTIFIED, PROBE, Echo
from converter.verify.proxies.observed import observed

HOST = "shop.example.com"
AUTHORITY = trustme.CA()
WEB = Endpoint("team", "web", 80)


@pytest.fixture(scope="module")
def echo() -> Iterator[Echo]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(HOST).configure_cert(tls)
    with Echo(tls, ["X-Own"]) as backends:
        yield backends


def sent(request: Request, port: int, extra: Headers = ()) -> Reply:
    tls = ssl.create_default_context()
    AUTHORITY.configure_trust(tls)
    with Sender(Address("127.0.0.1", {"http": port, "https": port}), tls) as sender:
        return sender.send(request, extra)


@pytest.mark.parametrize("target", ["/", "//a/../%41?x=1&y=%2F", "/a b%zz", "/%e2%82%ac?"])
def test_a_backend_gets_the_path_byte_for_byte(echo: Echo, target: str) -> None:
    target = target.replace(" ", "%20")
    reply = sent(Request(HOST, target, headers=(("X-One", "1"),)), echo.backend(str(WEB)))

    assert observed(reply, ["X-Own"]) == Answer(
        shares=(Share(WEB, 1.0, Forwarded("GET", HOST, target, (("X-One", "1"),))),)
    )


@pytest.mark.parametrize(("method", "body"), [("HEAD", 0), ("POST", 3_000_000), ("OPTIONS", 0)])
def test_a_backend_tells_the_method_whatever_it_is(echo: Echo, method: str, body: int) -> None:
    reply = sent(Request(HOST, method=method, body=body), echo.backend(str(WEB)))

    share = observed(reply, ["X-Own"]).shares[0]
    assert share.forwarded
    assert share.forwarded.method == method


def test_a_backend_speaks_tls_on_demand_and_the_name_of_the_host_is_verified(echo: Echo) -> None:
    port = echo.backend(str(WEB), tls=True)

    assert sent(Request(HOST, scheme="https"), port).status == 200
    refused = sent(Request("other.example.com", scheme="https"), port)
    assert refused.status == 0
    assert "certificate" in refused.fault


def test_each_backend_has_a_port_of_its_own_and_keeps_it(echo: Echo) -> None:
    ports = [echo.backend("team/a:80"), echo.backend("team/b:80"), echo.authority("team/a:80")]

    assert len({*ports}) == 3
    assert ports[0] == echo.backend("team/a:80")


def test_an_authority_lets_those_pass_who_show_something(echo: Echo) -> None:
    port = echo.authority("auth")

    assert sent(Request(HOST), port).status == 401
    assert sent(Request(HOST), port, ((IDENTIFIED, "yes"),)).status == 200


def test_what_a_backend_got_is_remembered_with_its_mark(echo: Echo) -> None:
    sent(Request(HOST), echo.backend("team/copy:80"), ((PROBE, "7"),))

    assert ("team/copy:80", "7") in echo.seen


def test_nothing_listens_after_the_end() -> None:
    with Echo(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as backends:
        port = backends.backend("team/a:80")
        assert sent(Request(HOST), port).status == 200

    assert "refused" in sent(Request(HOST), port).fault
