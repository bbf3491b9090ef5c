"""Sends requests to an address, whatever host they are for: the path byte for byte, each on a connection of its own."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Self

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


class Sender:
    """Connections are not used twice: the next request may need another name in the handshake."""

    def __init__(self, address: Address, tls: SSLContext, *, timeout: float = 10.0) -> None:
        import httpx

        self._address = address
        limits = httpx.Limits(max_keepalive_connections=0)
        # The environment may name a proxy, which would answer in place of the address.
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(verify=tls, limits=limits), timeout=timeout, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, request: Request, extra: Headers = ()) -> Reply:
        """Send one request, with further headers; whatever goes wrong on the way is a reply, too."""
        import httpx

        started = perf_counter()
        try:
            response = self._client.send(self._built(request, extra), stream=True)
            response.close()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return Reply(0, fault=str(error) or type(error).__name__, seconds=perf_counter() - started)
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
        return Reply(response.status_code, headers, seconds=perf_counter() - started)

    def _built(self, request: Request, extra: Headers) -> httpx.Request:
        import httpx

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
                "timeout": self._client.timeout.as_dict(),
            },
        )
