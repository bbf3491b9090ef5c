"""Where the parts of one run are: ports of the loopback interface, and files of its folder.

Files are named as seen from there: the path of a socket may not be long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from converter.verify.messages import Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Backend


class Ports(Protocol):
    """Those who are behind the proxy, by name: ``Echo`` is one."""

    def backend(self, name: str, *, tls: bool = False) -> int: ...

    def authority(self, name: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Site:
    http: int
    https: int
    behind: Ports
    tcp: Mapping[int, int] = field(default_factory=dict)
    """Ports of the loopback interface, by the ports that they stand for."""
    passes_on: bool = False
    """Whether https is first looked at by its server name, and passed on as it is for some."""
    stream_module: str = ""
    """To load; empty when it is part of nginx, or not needed."""

    def address(self, backend: Backend, *, tls: bool = False) -> str:
        endpoint = Endpoint(backend.namespace, backend.service, backend.port)
        return f"127.0.0.1:{self.behind.backend(str(endpoint), tls=tls)}"


DEFAULT_BACKEND = "default-backend.sock"
"""Answers 404, as the controller's own default backend does."""
TO_DEFAULT_BACKEND = f"proxy_pass http://unix:{DEFAULT_BACKEND}:;"
INNER_HTTPS = "https.sock"
"""Where https arrives that is not passed on as it is."""
CONFIGURATION = "nginx.conf"
CERTIFICATE = "server.pem"
AUTHORITIES = "clients.pem"
"""Who may sign certificates of clients."""
USERS = "users"
USER, WORD = "probe", "of the probe"
"""A user whom every password file has."""

CLIENT = "X-Probe-Client"
"""Of the request: the address that it comes from."""
ESCAPED = "X-Probe-Escaped"
"""Of the request: its target, percent-encoded, because nginx needs a foreign module to do it (``set_escape_uri``)."""
