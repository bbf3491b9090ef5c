"""Requests over real sockets: what goes out, what comes back, and every way in which nothing does."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import UTC, datetime

import pytest
import trustme
from verify.live.servers import OK, Server, closed_port, reset, response, saying, serving

from converter.verify.live.reply import Reply
from converter.verify.live.sender import Address, AsyncSender, Sender
from converter.verify.messages import Request

HOST = "shop.example.com"
SLEEP = threading.Event().wait


@pytest.fixture
def ask(trust):
    """Send a request to a server, and wait a second for the answer."""

    def call(server: Server | int, request: Request | None = None, *, timeout: float = 1.0) -> Reply:
        asked = request or Request(HOST)
        port = server if isinstance(server, int) else server.port
        with Sender(Address("127.0.0.1", {asked.scheme: port}), trust, timeout=timeout) as sender:
            return sender.send(asked)

    return call


def dripping(*first: bytes, each: bytes, pause: float = 0.05):
    def speak(connection: socket.socket, _: bytes) -> None:
        for part in first:
            connection.sendall(part)
        for _index in range(100):
            connection.sendall(each)
            SLEEP(pause)

    return speak


def test_host_and_target_go_out_byte_for_byte(ask) -> None:
    request = Request("Shop.example.com:80", "/a//b/../%2f?x=1&y=%zz", "HEAD", headers=(("X-Canary", "always"),))
    with serving(saying(OK)) as server:
        assert ask(server, request).status == 200

    head, *fields = server.asked[0].decode().rstrip().split("\r\n")
    assert head == "HEAD /a//b/../%2f?x=1&y=%zz HTTP/1.1"
    assert fields == ["Host: Shop.example.com:80", "X-Canary: always"]


def test_the_reply_has_its_headers_as_they_were_sent(ask) -> None:
    with serving(saying(response("302 Found", "Location: /a", "Set-Cookie: a=1", "Set-Cookie: b=2"))) as server:
        reply = ask(server)

    assert (reply.status, reply.fault, reply.body) == (302, "", b"")
    assert reply.headers[:3] == (("Location", "/a"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert reply.values("set-cookie") == ("a=1", "b=2")


def test_redirects_are_not_followed_and_cookies_are_forgotten(ask, trust) -> None:
    with serving(saying(response("302 Found", "Location: /next", "Set-Cookie: a=1"))) as server:
        sender = Sender(Address("127.0.0.1", {"http": server.port}), trust)
        with sender:
            sender.send(Request(HOST))
            sender.send(Request(HOST))

    assert [b"GET / " in each and b"Cookie" not in each for each in server.asked] == [True, True]


def test_the_environment_sends_no_request_elsewhere(ask, monkeypatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
        monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{closed_port()}")
    with serving(saying(OK)) as server:
        assert ask(server).status == 200


def test_what_comes_before_the_answer_is_skipped(ask) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    with serving(saying(early, OK, pause=0.05)) as server:
        assert ask(server).status == 200


def test_each_name_gets_its_own_handshake(ask, trust, certified) -> None:
    names: list[str | None] = []
    tls = certified(HOST, "blog.example.com")
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    with serving(saying(response("200 OK").replace(b"Connection: close\r\n", b"")), tls) as server:
        sender = Sender(Address("127.0.0.1", {"https": server.port}), trust)
        with sender:
            asked = [Request(HOST, scheme="https"), Request("blog.example.com", scheme="https")]
            asked.append(Request("blog.example.com", scheme="https", server_name=HOST))
            replies = [sender.send(request) for request in asked]

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert names == [HOST, "blog.example.com", HOST]


SPEECHES = {
    "connection reset": reset,
    "connection closed without an answer": saying(),
    "the answer is not HTTP": saying(b"\x00\x01\x02" * 100),
    "the headers of the answer are too large": saying(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 200_000),
}


@pytest.mark.parametrize("fault", SPEECHES)
def test_a_fault_is_told_in_words(ask, fault) -> None:
    with serving(SPEECHES[fault]) as server:
        reply = ask(server)

    assert (reply.status, reply.fault) == (0, fault)


def test_nobody_listens(ask) -> None:
    assert ask(closed_port()).fault == "connection refused"


def test_a_name_that_does_not_resolve(trust) -> None:
    with Sender(Address("no-such-name.invalid", {"http": 80}), trust) as sender:
        assert sender.send(Request(HOST)).fault == "the name does not resolve"


def test_an_answer_that_breaks_off_in_its_headers(ask) -> None:
    with serving(saying(b"HTTP/1.1 200 OK\r\nX-A: ")) as server:
        assert ask(server).fault == "connection closed without an answer"


SLOW = {
    "silence": lambda _connection, _asked: SLEEP(3),
    "the first line": dripping(each=b"H"),
    "headers": dripping(b"HTTP/1.1 200 OK\r\n", each=b"X-A: b\r\n"),
    "early hints": dripping(each=b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"),
}


@pytest.mark.parametrize("what", SLOW)
def test_the_time_is_that_of_the_whole_exchange(ask, what) -> None:
    with serving(SLOW[what]) as server:
        start = time.monotonic()
        reply = ask(server, timeout=0.3)

    assert reply.fault == "no answer in time"
    assert time.monotonic() - start < 1.5


def test_a_handshake_that_never_ends(ask) -> None:
    with serving(lambda _connection, _asked: SLEEP(2), listens=False) as server:
        assert ask(server, Request(HOST, scheme="https"), timeout=0.3).fault == "TLS handshake not finished in time"


def test_a_connection_that_nobody_accepts(ask) -> None:
    """A backlog that is full, so that the kernel answers no SYN, as a firewall does."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        try:
            for each in waiting:
                each.setblocking(False)
                each.connect_ex(listener.getsockname())
            assert ask(listener.getsockname()[1], timeout=0.3).fault == "no connection in time"
        finally:
            for each in waiting:
                each.close()


PAST = {"not_before": datetime(2019, 1, 1, tzinfo=UTC), "not_after": datetime(2020, 1, 1, tzinfo=UTC)}
FUTURE = {"not_before": datetime(2090, 1, 1, tzinfo=UTC), "not_after": datetime(2091, 1, 1, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("names", "made", "fault"),
    [
        ((HOST,), {}, ""),
        (("*.example.com",), {}, ""),
        (("other.example.com",), {}, "certificate is for other names"),
        ((HOST,), PAST, "certificate expired"),
        ((HOST,), FUTURE, "certificate is not valid yet"),
        ((HOST,), {"by": trustme.CA()}, "certificate is from an unknown authority"),
    ],
)
def test_certificates_are_checked_against_the_host(ask, certified, names, made, fault) -> None:
    with serving(saying(OK), certified(*names, **made)) as server:
        reply = ask(server, Request(HOST, scheme="https"))

    assert (reply.fault, reply.status) == (fault, 0 if fault else 200)


def test_a_server_without_a_certificate_for_the_name(ask, certified) -> None:
    tls = certified(HOST)
    tls.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    with serving(saying(OK), tls) as server:
        assert ask(server, Request(HOST, scheme="https")).fault == "no certificate for this name (TLS alert)"


def test_a_port_without_tls(ask) -> None:
    with serving(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), listens=False) as server:
        assert ask(server, Request(HOST, scheme="https")).fault == "the port does not speak TLS"


@pytest.mark.parametrize("request_", [Request(HOST, "/a b"), Request(".shop", scheme="https")], ids=["target", "name"])
def test_a_request_that_cannot_be_sent(ask, certified, request_) -> None:
    with serving(saying(OK), certified(HOST) if request_.scheme == "https" else None) as server:
        assert ask(server, request_).fault.startswith("the request cannot be sent (")


async def body_of(port: int, most: int, trust: ssl.SSLContext) -> Reply:
    async with AsyncSender(Address("127.0.0.1", {"http": port}), trust, timeout=0.5, body=most) as sender:
        return await sender.send(Request(HOST))


@pytest.mark.parametrize(
    ("speak", "body"),
    [
        (saying(response("200 OK", body=b"0123456789")), b"01234567"),
        (saying(response("200 OK", body=b"0123")), b"0123"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n012"), b"012"),
        (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n012\r\nzz"), b"012"),
        (dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", each=b"0", pause=0.3), b"00"),
    ],
    ids=["long", "short", "cut off", "broken", "dripping"],
)
def test_a_body_is_read_as_far_as_is_wanted_and_in_time(trust, speak, body) -> None:
    import asyncio

    with serving(speak) as server:
        reply = asyncio.run(body_of(server.port, 8, trust))

    assert (reply.status, reply.body, reply.fault) == (200, body, "")
