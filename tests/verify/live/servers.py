"""Servers on loopback that do what a test tells them, byte for byte."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

Speak = Callable[[socket.socket, bytes], None]
"""Gets the connection, and what the client asked."""

PATIENCE = 5.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Server:
    def __init__(self, speak: Speak, tls: ssl.SSLContext | None = None, *, listens: bool = True) -> None:
        self._speak, self._tls, self._listens = speak, tls, listens
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.asked: list[bytes] = []
        """What each connection asked, in order of arrival; connections that asked nothing are left out."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        with suppress(OSError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                asked = self._head(connection) if self._listens else b""
                if asked or not self._listens:
                    self.asked.append(asked)
                    self._speak(connection, asked)

    @staticmethod
    def _head(connection: socket.socket) -> bytes:
        found = b""
        while b"\r\n\r\n" not in found:
            data = connection.recv(65536)
            if not data:
                return b""
            found += data
        return found

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def serving(speak: Speak, tls: ssl.SSLContext | None = None, *, listens: bool = True) -> Iterator[Server]:
    """A server that speaks once the client has asked, or at once if it does not listen."""
    server = Server(speak, tls, listens=listens)
    try:
        yield server
    finally:
        server.close()


def saying(*parts: bytes, pause: float = 0.0) -> Speak:
    """Sends the parts, with a pause before each but the first, and closes."""

    def speak(connection: socket.socket, _: bytes) -> None:
        for index, part in enumerate(parts):
            if index and pause:
                threading.Event().wait(pause)
            connection.sendall(part)

    return speak


def reset(connection: socket.socket, _: bytes) -> None:
    """Closes so that the client gets RST instead of FIN."""
    raw = connection
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def response(status: str, *headers: str, body: bytes = b"") -> bytes:
    """A whole response."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


def asked_of(requests: Sequence[bytes]) -> list[str]:
    """Request lines with the Host, as ``GET / shop.example.com``."""
    found = []
    for request in requests:
        first, *rest = request.decode("latin-1").split("\r\n")
        host = next(line.partition(":")[2].strip() for line in rest if line.lower().startswith("host:"))
        found.append(f"{first.removesuffix(' HTTP/1.1')} {host}")
    return found
