from __future__ import annotations

import asyncio
import socket
import time

import pytest
from verify.live.servers import OK, closed_port, saying, serving

from converter.verify.live.reach import Reached, reach
from converter.verify.live.sender import Address


def reached(address: Address, timeout: float = 2.0) -> Reached:
    return asyncio.run(reach(address, timeout))


def test_a_name_is_resolved_once_and_for_all() -> None:
    with serving(saying(OK)) as server:
        found = reached(Address("localhost", {"http": server.port}))

    assert found == Reached(Address("127.0.0.1", {"http": server.port}), ())
    assert not found.is_dead


def test_a_port_that_takes_no_connection_is_named() -> None:
    closed = closed_port()
    with serving(saying(OK)) as server:
        found = reached(Address("127.0.0.1", {"http": server.port, "https": closed}))

    assert found.dead == (("https", "connection refused"),)
    assert not found.is_dead


def test_an_address_at_which_nobody_is() -> None:
    found = reached(Address("127.0.0.1", {"http": closed_port(), "https": closed_port()}))

    assert [words for _, words in found.dead] == ["connection refused", "connection refused"]
    assert found.is_dead


@pytest.mark.parametrize("name", ["no-such-name.invalid", "a" * 64, ".."])
def test_a_name_that_does_not_resolve(name) -> None:
    found = reached(Address(name, {"http": 80}))

    assert found.dead == (("http", "the name does not resolve"),)
    assert found.is_dead


def test_a_silent_address_is_not_waited_for_long() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        start = time.monotonic()
        found = reached(Address("127.0.0.1", {"http": listener.getsockname()[1]}), 0.3)
        for each in waiting:
            each.close()

    assert found.dead == (("http", "no connection in time"),)
    assert time.monotonic() - start < 1.5


def test_ipv6() -> None:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 here")
    with listener:
        port = listener.getsockname()[1]
        assert reached(Address("::1", {"http": port})) == Reached(Address("::1", {"http": port}), ())
