"""Sends requests to an address, whatever host they are for: the path byte for byte, each on a connection of its own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Self

from converter.verify.live.faults import in_words, late
from converter.verify.live.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ssl import SSLContext

    import httpx

    from converter.verify.messages import Headers, Request, Scheme


@dataclass(frozen=True, slots=True)
class Address:
    """Where a proxy listens."""

    host: str
    """A name or an IP address."""
    ports: Mapping[Scheme, int]
    """A scheme that is missing is not served there."""


class AsyncSender:
    """Follows no redirect, keeps no cookie, and asks neither the environment nor a resolver about the host.

    Connections are not used twice: the next request may need another name in the handshake.
    """

    def __init__(self, address: Address, tls: SSLContext, *, timeout: float = 10.0, body: int = 0) -> None:
        """``timeout`` is that of a whole exchange, in seconds; so many bytes of a ``body`` are read and kept."""
        import httpx

        self._address, self._timeout, self._body = address, timeout, body
        limits = httpx.Limits(max_keepalive_connections=0)
        # Not a client: that one has cookies. The environment may name a proxy, which would answer in its place.
        self._transport = httpx.AsyncHTTPTransport(verify=tls, trust_env=False, limits=limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def send(self, request: Request, extra: Headers = ()) -> Reply:
        """Send one request, with further headers; whatever goes wrong on the way is a reply, too."""
        import asyncio

        import httpx

        started = perf_counter()
        steps: list[str] = []
        head, body = Reply(0), bytearray()
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._transport.handle_async_request(self._built(request, extra, steps))
                try:
                    head = Reply(response.status_code, _headers(response))
                    await self._read(response, body)
                finally:
                    await response.aclose()
        except TimeoutError:
            head = head if head.status else Reply(0, fault=late(steps))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            head = head if head.status else Reply(0, fault=in_words(error))
        return Reply(head.status, head.headers, head.fault, perf_counter() - started, bytes(body[: self._body]))

    async def _read(self, response: httpx.Response, body: bytearray) -> None:
        """As much as is wanted; a body that breaks off is as long as it is."""
        import httpx

        if not self._body:
            return
        with suppress(httpx.HTTPError):
            async for chunk in response.stream:  # type: ignore[union-attr]  # a response may be one of either kind
                body += chunk
                if len(body) >= self._body:
                    return

    def _built(self, request: Request, extra: Headers, steps: list[str]) -> httpx.Request:
        import httpx

        async def trace(step: str, _: object) -> None:
            steps.append(step)

        host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
        port = request.port or self._address.ports[request.scheme]
        headers = (("Host", request.host), *request.headers, *extra)
        return httpx.Request(
            request.method,
            f"{request.scheme}://{host}:{port}/",
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content=b"x" * request.body or None,
            extensions={
                "target": request.target.encode("latin-1"),
                "sni_hostname": request.server_name or request.hostname,
                "trace": trace,
            },
        )


def _headers(response: httpx.Response) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)


class Sender:
    """The same for a caller who waits for each reply; ``with`` opens and ends it, in one thread."""

    def __init__(self, address: Address, tls: SSLContext, *, timeout: float = 10.0) -> None:
        import asyncio

        self._runner = asyncio.Runner()
        self._sender = AsyncSender(address, tls, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._sender.__aexit__())
        self._runner.close()

    def send(self, request: Request, extra: Headers = ()) -> Reply:
        """Send one request, with further headers; whatever goes wrong on the way is a reply, too."""
        return self._runner.run(self._sender.send(request, extra))
