"""A real nginx with the configuration of a routing table, asked one request after the other."""

from __future__ import annotations

import os
import shutil
import ssl
import time
from base64 import b64encode
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from converter.routing import ClientCertificate, Mirror
from converter.verify.live.sender import Address, Sender
from converter.verify.proxies.echo import IDENTIFIED, PROBE
from converter.verify.proxies.nginx.config import configuration
from converter.verify.proxies.nginx.headers import NAMES_OF_THE_PROBE
from converter.verify.proxies.nginx.layer4 import passed_on
from converter.verify.proxies.nginx.site import (
    AUTHORITIES,
    CERTIFICATE,
    CLIENT,
    CONFIGURATION,
    ESCAPED,
    USER,
    USERS,
    WORD,
    Site,
)
from converter.verify.proxies.observed import observed
from converter.verify.proxies.process import running
from converter.verify.samples import texts
from converter.verify.source.access import client_certificate
from converter.verify.source.hosts import Hosts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import trustme

    from converter.routing import RoutingTable, VirtualHost
    from converter.verify.messages import Answer, Headers, Request
    from converter.verify.proxies.echo import Echo

HOW_TO_INSTALL = "apt-get install nginx libnginx-mod-stream"
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")
_STREAM_MODULES = ("/usr/lib/nginx/modules/ngx_stream_module.so", "/usr/lib64/nginx/modules/ngx_stream_module.so")
_PATIENCE = 0.5
"""Seconds that a copy of a request may take longer than its answer."""


def find_nginx() -> str | None:
    """The program; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), *_PLACES)))


@contextmanager
def serving(table: RoutingTable, echo: Echo, authority: trustme.CA) -> Iterator[Proxy]:
    """An nginx that serves the table in front of the backends of ``echo``; :func:`find_nginx` has found one.

    Raises :class:`~converter.verify.proxies.process.ProxyError` with what nginx says when it refuses the configuration.
    """
    program = find_nginx()
    assert program  # noqa: S101  the caller has looked
    numbers = tuple(dict.fromkeys(port.number for port in table.ports if port.protocol == "tcp"))

    def prepare(folder: Path, ports: Sequence[int]) -> Sequence[str]:
        tcp = dict(zip(numbers, ports[2:], strict=True))
        module = next((each for each in _STREAM_MODULES if Path(each).exists()), "")
        site = Site(ports[0], ports[1], echo, tcp, bool(passed_on(table)), module)
        _write(folder, configuration(table, site), authority)
        return [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / CONFIGURATION)]

    with running(prepare, 2 + len(numbers)) as ports, ExitStack() as stack:
        address = Address("127.0.0.1", {"http": ports[0], "https": ports[1]})
        senders = {
            name: stack.enter_context(Sender(address, _context(authority, name)))
            for name in ("", *dict.fromkeys(_common_names(table).values()))
        }
        yield Proxy(table, echo, address, senders, dict(zip(numbers, ports[2:], strict=True)))


def _write(folder: Path, config: str, authority: trustme.CA) -> None:
    authority.issue_cert("ingress.local").private_key_and_cert_chain_pem.write_to_path(folder / CERTIFICATE)
    authority.cert_pem.write_to_path(folder / AUTHORITIES)
    (folder / USERS).write_text(f"{USER}:{{PLAIN}}{WORD}\n")
    (folder / CONFIGURATION).write_text(config, errors="surrogateescape")


def _context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Of a client with a certificate of this name, where there is one; it takes whatever the proxy shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if name:
        authority.issue_cert("client.invalid", common_name=name).configure_cert(context)
    return context


def _common_names(table: RoutingTable) -> Mapping[str, str]:
    """By host, the name in the certificate of a client who may pass."""
    guards = ((host.name, client_certificate(host)) for host in table.hosts)
    return {name: _common_name(guard) for name, guard in guards if guard}


def _common_name(guard: ClientCertificate) -> str:
    return next(iter(texts(guard.name)), "probe") if guard.name else "probe"


def _copied_to(host: VirtualHost) -> frozenset[str]:
    behaviours = (each for location in host.locations for each in location.behaviours)
    return frozenset(each.url for each in behaviours if isinstance(each, Mirror))


class Proxy:
    def __init__(
        self,
        table: RoutingTable,
        echo: Echo,
        address: Address,
        senders: Mapping[str, Sender],
        tcp: Mapping[int, int],
    ) -> None:
        self.address = address
        self._table, self._echo, self._senders, self._tcp = table, echo, senders, tcp
        self._hosts, self._common_names = Hosts(table.hosts), _common_names(table)
        self._copied_to = {host.name: _copied_to(host) for host in table.hosts}
        self._sent = 0

    def answer(self, request: Request) -> Answer:
        """What nginx answers, in the words of :mod:`converter.verify.source`."""
        self._sent += 1
        mark = str(self._sent)
        reached = replace(request, port=self._tcp.get(request.port, 0))
        extra = (*self._introduction(request), (PROBE, mark))
        reply = self._sender(request).send(reached, extra)
        noise = {*(name.lower() for name, _ in extra), *_NOISE} - {name.lower() for name, _ in request.headers}
        found = observed(reply, self._echo.headers, {*noise, *NAMES_OF_THE_PROBE})
        # nginx makes copies when it has let a request in, so of no others; waiting for one would take its time.
        return replace(found, mirrors=self._copies(request, mark)) if found.shares or found.status == 404 else found

    def _introduction(self, request: Request) -> Headers:
        """Who the client is, and what it shows."""
        listed = request.header("X-Forwarded-For") if self._table.trusts_forwarded else None
        told = [(CLIENT, listed or request.client), (ESCAPED, quote(request.target, safe=""))]
        if request.identified:
            told.append((IDENTIFIED, "yes"))
            if request.header("Authorization") is None:
                told.append(("Authorization", f"Basic {b64encode(f'{USER}:{WORD}'.encode()).decode()}"))
        return tuple(told)

    def _sender(self, request: Request) -> Sender:
        host = self._hosts.find(request.hostname) if request.identified else None
        return self._senders[self._common_names.get(host.name, "") if host else ""]

    def _copies(self, request: Request, mark: str) -> tuple[str, ...]:
        """A copy may arrive after the answer."""
        host = self._hosts.find(request.hostname)
        expected = self._copied_to[host.name] if host else ()
        deadline = time.monotonic() + (_PATIENCE if expected else 0)
        while True:
            found = tuple(name for name, seen in self._echo.seen if seen == mark and name in expected)
            if found or time.monotonic() >= deadline:
                return found
            time.sleep(0.01)


_NOISE = ("x-request-id",)
"""Of every request, unless the client sends it; and of answers that ask for a password, which has its status."""
