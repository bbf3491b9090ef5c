"""The listeners of Gateways and ListenerSets, and which of them takes a request.

Gateway API: ``Gateway.spec.listeners``, the section on distinct listeners and on listener isolation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.hostnames import patterns_for, specificity
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
    options: tuple[tuple[str, str], ...] = ()
    """What only the implementation understands: ``tls.options``."""

    @property
    def identity(self) -> tuple[Owner, str]:
        return self.owner, self.name


def listeners_of(objects: Sequence[Mapping[str, Any]], namespaces: Namespaces) -> tuple[Listener, ...]:
    """All that are accepted: those of a Gateway come before those of its ListenerSets, older sets before younger."""
    found: list[Listener] = []
    gateways = {_identity(entry): entry for entry in objects if entry["kind"] == "Gateway"}
    demanding = frozenset(_demanding(objects))
    by_parent: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for entry in sorted((entry for entry in objects if entry["kind"] in LISTENER_SETS), key=_age):
        by_parent[_parent(entry)].append(entry)
    for key, gateway in gateways.items():
        merged = _Merged()
        merged.add(_read(gateway, gateway, "Gateway", demanding))
        for entry in by_parent[key]:
            if _lets_in(gateway, entry, namespaces):
                merged.add(_read(entry, gateway, "ListenerSet", demanding))
        found.extend(merged.listeners)
    return tuple(found)


def _demanding(objects: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str, str, str]]:
    """Kind, namespace, name and section of what clients reach by a certificate alone.

    Envoy Gateway: ``ClientTrafficPolicy.spec.tls.clientValidation``.
    """
    for entry in objects:
        spec = entry.get("spec") or {}
        validation = spec.get("tls", {}).get("clientValidation") if entry["kind"] == "ClientTrafficPolicy" else None
        if validation and validation.get("mode", "RequireAndVerify") == "RequireAndVerify":
            for target in spec.get("targetRefs", []):
                yield target["kind"], _identity(entry)[0], target["name"], target.get("sectionName", "")


def _read(
    entry: Mapping[str, Any], gateway: Mapping[str, Any], kind: str, demanding: frozenset[tuple[str, str, str, str]]
) -> list[Listener]:
    namespace, name = _identity(entry)
    frontend = gateway["spec"].get("tls", {}).get("frontend", {})
    return [
        Listener(
            _identity(gateway),
            (kind, namespace, name),
            spec["name"],
            spec.get("port", 0),
            spec["protocol"],
            # Small letters are the rule; a placeholder that something fills in later need not keep it.
            spec.get("hostname", "").lower(),
            passthrough=spec.get("tls", {}).get("mode") == "Passthrough",
            certificates=_demands(frontend, spec)
            or (spec["protocol"] == "HTTPS" and not demanding.isdisjoint(_as_targets(kind, namespace, name, spec))),
            allowed=Allowed.read(spec.get("allowedRoutes", {}), namespace),
            options=tuple(sorted(spec.get("tls", {}).get("options", {}).items())),
        )
        for spec in entry["spec"].get("listeners", [])
    ]


def _as_targets(kind: str, namespace: str, name: str, spec: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(kind, namespace, name, section) for section in ("", spec["name"])]


def _demands(frontend: Mapping[str, Any], spec: Mapping[str, Any]) -> bool:
    """A port may have rules of its own, which take the place of those for all."""
    own = next((entry["tls"] for entry in frontend.get("perPort", []) if entry["port"] == spec.get("port")), None)
    found = own if own is not None else frontend.get("default", {})
    validation = found.get("validation")
    return spec["protocol"] == "HTTPS" and bool(validation) and validation.get("mode") != "AllowInsecureFallback"


class _Merged:
    """The listeners of a Gateway and its sets, object by object."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self._families: dict[int, str] = {}
        self._taken: set[tuple[int, str]] = set()

    def add(self, more: Sequence[Listener]) -> None:
        """What conflicts with an earlier object gives way to it; within one object all that conflict are refused."""
        left = [entry for entry in more if not self._conflicts(entry)]
        counts = Counter((entry.port, _family(entry), entry.hostname) for entry in left)
        families: dict[int, set[str]] = {}
        for entry in left:
            families.setdefault(entry.port, set()).add(_family(entry))
        for entry in left:
            if counts[entry.port, _family(entry), entry.hostname] == 1 and len(families[entry.port]) == 1:
                self.listeners.append(entry)
                self._families[entry.port] = _family(entry)
                self._taken.add((entry.port, entry.hostname))

    def _conflicts(self, entry: Listener) -> bool:
        family = self._families.get(entry.port)
        return family is not None and (family != _family(entry) or (entry.port, entry.hostname) in self._taken)


def _family(entry: Listener) -> str:
    """Listeners of one port that are told apart by their hosts: TLS with HTTPS by server name."""
    return "tls" if entry.protocol in ("HTTPS", "TLS") else entry.protocol


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


class Listeners:
    """Listeners by host name, so that a request is not held against all of them."""

    def __init__(self, entries: Iterable[Listener]) -> None:
        self._by_hostname: dict[str, list[Listener]] = defaultdict(list)
        self._tcp: dict[int, Listener] = {}
        self._served: set[tuple[str, int]] = set()
        for entry in entries:
            self._by_hostname[entry.hostname].append(entry)
            self._served.add((entry.protocol, entry.port))
            if entry.protocol == "TCP":
                self._tcp.setdefault(entry.port, entry)

    def on_port(self, port: int) -> Listener | None:
        """The one that takes connections as they are."""
        return self._tcp.get(port)

    def is_open(self, request: Request) -> bool:
        """Whether anybody listens where the request arrives; without any Gateway that is for others to say."""
        return not self._by_hostname or any(
            self._serves(entry, request) for entries in self._by_hostname.values() for entry in entries
        )

    def choose(self, request: Request, hostname: str) -> Listener | None:
        """The most specific listener of the request's port for a host; it alone, for listeners are isolated."""
        fitting = [
            entry
            for pattern in patterns_for(hostname)
            for entry in self._by_hostname.get(pattern, ())
            if self._serves(entry, request)
        ]
        return max(fitting, key=lambda entry: specificity(entry.hostname), default=None)

    def _serves(self, entry: Listener, request: Request) -> bool:
        protocols = _PROTOCOLS[request.scheme]
        port = request.port or _USUAL[request.scheme]
        any_port = not request.port and not any((protocol, port) in self._served for protocol in protocols)
        return entry.protocol in protocols and (any_port or entry.port == port)
