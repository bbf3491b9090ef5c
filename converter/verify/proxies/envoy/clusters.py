"""Backends on this machine as Envoy is told them: ``envoy.config.cluster.v3.Cluster``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from converter.verify.messages import Endpoint
    from converter.verify.proxies.echo import Echo

Json = dict[str, Any]


class Clusters:
    """Those that something refers to; each is opened when it is first asked for."""

    def __init__(self, echo: Echo) -> None:
        self._echo = echo
        self._ports: dict[str, int] = {}

    def backend(self, endpoint: Endpoint) -> str:
        """Its name; requests go there in the clear, whatever a BackendTLSPolicy says."""
        return self._named(f"plain {endpoint}", self._echo.backend(str(endpoint)))

    def passthrough(self, endpoint: Endpoint) -> str:
        """A backend that takes TLS by itself."""
        return self._named(f"tls {endpoint}", self._echo.backend(str(endpoint), tls=True))

    def authority(self, name: str) -> str:
        return self._named(f"authority {name}", self._echo.authority(name))

    def _named(self, name: str, port: int) -> str:
        self._ports[name] = port
        return name

    def rendered(self) -> list[Json]:
        return [_cluster(name, port) for name, port in sorted(self._ports.items())]


def _cluster(name: str, port: int) -> Json:
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    return {
        "name": name,
        "connect_timeout": "5s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
        },
    }
