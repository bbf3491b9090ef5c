"""What an API server objects to, as the beginning of a sentence; empty when it takes the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.ingress.names import is_host, is_label, is_subdomain

if TYPE_CHECKING:
    from converter.ingress.model import Backend

_LARGEST_PORT = 65535


def object_to_namespace(value: Any) -> str:
    if value is None or value == "" or (isinstance(value, str) and is_label(value)):
        return ""
    return f"{value} cannot be the name of a namespace"


def object_to_host(host: str) -> str:
    return "" if not host or is_host(host) else f"The host {host} is not a DNS name"


def object_to_secret(name: str) -> str:
    return "" if not name or is_subdomain(name) else f"{name} cannot be the name of a Secret"


def object_to_backend(backend: Backend) -> str:
    """A port by name may be one that nobody knows; that is found out later."""
    name, port = backend.service, backend.port
    if name is not None and not is_label(name):
        return f"{name} cannot be the name of a Service"
    if isinstance(port, int) and not 1 <= port <= _LARGEST_PORT:
        return f"{port} is not a port number"
    return ""
