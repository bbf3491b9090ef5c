"""The listeners of Gateways and ListenerSets, and which of them takes a request.

Gateway API: ``Gateway.spec.listeners``, the section on distinct listeners and on listener isolation.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.hostnames import fits, specificity
from converter.verify.gateway.namespaces import Allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.verify.gateway.namespaces import Namespaces
    from converter.verify.messages import Request

Owner = tuple[str, str, str]
"""Kind, namespace and name; a ListenerSet has one kind, whatever its group calls it."""
_USUAL = {"http": 80, "https": 443}
_PROTOCOLS = {"http": ("HTTP",), "https": ("HTTPS", "TLS")}
LISTENER_SETS = ("ListenerSet", "XListenerSet")
"""The name in the standard channel, and that of the experiment before it."""


@dataclass(frozen=True, slots=True)
class Listener:
    gateway: tuple[str, str]
    owner: Owner
    name: str
    port: int
    protocol: str
    hostname: str
    """Empty: any host."""
    passthrough: bool
    certificates: bool
    """Clients have to show one: ``Gateway.spec.tls.frontend``."""
    allowed: Allowed

    @property
    def identity(self) -> tuple[Owner, str]:
        return self.owner, self.name


def listeners_of(objects: Sequence[Mapping[str, Any]], namespaces: Namespaces) -> tuple[Listener, ...]:
    """All that are accepted: those of a Gateway come before those of its ListenerSets, older sets before younger."""
    found: list[Listener] = []
    gateways = {_identity(entry): entry for entry in objects if entry["kind"] == "Gateway"}
    sets = [entry for entry in objects if entry["kind"] in LISTENER_SETS]
    for key, gateway in gateways.items():
        merged = _accepted([], _read(gateway, gateway, "Gateway"))
        for entry in sorted((s for s in sets if _parent(s) == key), key=_age):
            if _lets_in(gateway, entry, namespaces):
                merged = _accepted(merged, _read(entry, gateway, "ListenerSet"))
        found.extend(merged)
    return tuple(found)


def _read(entry: Mapping[str, Any], gateway: Mapping[str, Any], kind: str) -> list[Listener]:
    namespace, name = _identity(entry)
    frontend = gateway["spec"].get("tls", {}).get("frontend", {})
    return [
        Listener(
            _identity(gateway),
            (kind, namespace, name),
            spec["name"],
            spec.get("port", 0),
            spec["protocol"],
            spec.get("hostname", ""),
            passthrough=spec.get("tls", {}).get("mode") == "Passthrough",
            certificates=_demands(frontend, spec),
            allowed=Allowed.read(spec.get("allowedRoutes", {}), namespace),
        )
        for spec in entry["spec"].get("listeners", [])
    ]


def _demands(frontend: Mapping[str, Any], spec: Mapping[str, Any]) -> bool:
    """A port may have rules of its own, which take the place of those for all."""
    own = next((entry["tls"] for entry in frontend.get("perPort", []) if entry["port"] == spec.get("port")), None)
    found = own if own is not None else frontend.get("default", {})
    validation = found.get("validation")
    return spec["protocol"] == "HTTPS" and bool(validation) and validation.get("mode") != "AllowInsecureFallback"


def _accepted(before: list[Listener], more: list[Listener]) -> list[Listener]:
    """What conflicts with an earlier object gives way to it; within one object all that conflict are refused."""
    left = [entry for entry in more if not any(_conflict(entry, other) for other in before)]
    counts = Counter((entry.port, _family(entry), entry.hostname) for entry in left)
    families: dict[int, set[str]] = {}
    for entry in left:
        families.setdefault(entry.port, set()).add(_family(entry))
    kept = (e for e in left if counts[e.port, _family(e), e.hostname] == 1 and len(families[e.port]) == 1)
    return [*before, *kept]


def _family(entry: Listener) -> str:
    """Listeners of one port that are told apart by their hosts: TLS with HTTPS by server name."""
    return "tls" if entry.protocol in ("HTTPS", "TLS") else entry.protocol


def _conflict(entry: Listener, other: Listener) -> bool:
    if entry.port != other.port:
        return False
    return _family(entry) != _family(other) or entry.hostname == other.hostname


def _identity(entry: Mapping[str, Any]) -> tuple[str, str]:
    metadata = entry["metadata"]
    return metadata.get("namespace", ""), metadata["name"]


def _parent(entry: Mapping[str, Any]) -> tuple[str, str]:
    parent = entry["spec"]["parentRef"]
    return parent.get("namespace", _identity(entry)[0]), parent["name"]


def _age(entry: Mapping[str, Any]) -> tuple[str, str]:
    return str(entry["metadata"].get("creationTimestamp", "")), "/".join(_identity(entry))


def _lets_in(gateway: Mapping[str, Any], entry: Mapping[str, Any], namespaces: Namespaces) -> bool:
    """``spec.allowedListeners`` of the Gateway; nobody else's listeners unless it says so."""
    home = _identity(gateway)[0]
    allowed = Allowed.read(gateway["spec"].get("allowedListeners", {}), home, default="None")
    return allowed.lets_in(_identity(entry)[0], namespaces)


def choose(listeners: Iterable[Listener], request: Request, hostname: str) -> Listener | None:
    """The most specific listener of the request's port for a host; it alone, for listeners are isolated."""
    of_scheme = [entry for entry in listeners if entry.protocol in _PROTOCOLS[request.scheme]]
    usual = request.port or _USUAL[request.scheme]
    on_port = [entry for entry in of_scheme if entry.port == usual]
    if not on_port and not request.port:
        on_port = of_scheme
    fitting = [entry for entry in on_port if fits(entry.hostname, hostname)]
    return max(fitting, key=lambda entry: specificity(entry.hostname), default=None)
