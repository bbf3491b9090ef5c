"""Backends on this machine: each has a port of its own, and says in its response who it is and what it was asked."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ssl import SSLContext

    import h11

    from converter.verify.messages import Headers

HEADER = "X-Echo"
"""Of the response: JSON in base64, since a response to HEAD has no body to hold it."""
OF_THE_BACKEND = "of the backend"
"""The value of further headers that backends put on responses."""
SERVED_BY = "X-Served-By"
"""Of the response: the backend alone, for those who compare headers."""
IDENTIFIED = "X-Probe-Identified"
"""Of the request: an authority lets those pass who show it, and answers 401 to others."""
PROBE = "X-Probe"
"""Of the request: what tells its copies from those of other requests."""


class Echo:
    """All backends of one run, served by one thread; ``with`` starts and ends it."""

    def __init__(self, tls: SSLContext, headers: Sequence[str] = ()) -> None:
        """``headers`` are the names of what every backend puts on its responses, besides ``X-Echo``."""
        self._tls, self.headers = tls, headers
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="echo", daemon=True)
        self._ports: dict[tuple[str, str], int] = {}
        self._servers: list[asyncio.Server] = []
        self.seen: list[tuple[str, str]] = []
        """Backends and the ``X-Probe`` of each request that they got, in order of arrival."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def backend(self, name: str, *, tls: bool = False) -> int:
        """The port of a backend, which is opened when it is first asked for."""
        return self._port("tls" if tls else "plain", name)

    def authority(self, name: str) -> int:
        """The port of one who is asked whether a request may pass."""
        return self._port("authority", name)

    def _port(self, role: str, name: str) -> int:
        if (role, name) not in self._ports:
            opened = asyncio.run_coroutine_threadsafe(self._open(role, name), self._loop)
            self._ports[role, name] = opened.result()
        return self._ports[role, name]

    async def _open(self, role: str, name: str) -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await self._serve(role, name, reader, writer)
            except (OSError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        secured = self._tls if role == "tls" else None
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=secured, backlog=64)
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _serve(self, role: str, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import h11

        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
        asked: h11.Request | None = None
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(1 << 16))
            elif isinstance(event, h11.Request):
                asked = event
            elif isinstance(event, h11.EndOfMessage) and asked:
                status, headers = self._answer(role, name, asked)
                for part in (h11.Response(status_code=status, headers=headers), h11.EndOfMessage()):
                    writer.write(connection.send(part) or b"")
                await writer.drain()
                return
            elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                return

    def _answer(self, role: str, name: str, asked: h11.Request) -> tuple[int, list[tuple[str, str]]]:
        headers: Headers = tuple(
            (key.decode("latin-1"), value.decode("latin-1")) for key, value in asked.headers.raw_items()
        )
        named = {key.lower(): value for key, value in headers}
        if role == "authority":
            status = 200 if IDENTIFIED.lower() in named else 401
            return status, [("Content-Length", "0"), ("Connection", "close")]
        self.seen.append((name, named.get(PROBE.lower(), "")))
        told = {
            "backend": name,
            "method": asked.method.decode(),
            "target": asked.target.decode("latin-1"),
            "headers": headers,
        }
        return 200, [
            (HEADER, base64.b64encode(json.dumps(told).encode()).decode()),
            (SERVED_BY, name),
            *((each, OF_THE_BACKEND) for each in self.headers),
            ("Content-Length", "0"),
            ("Connection", "close"),
        ]

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
