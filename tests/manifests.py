"""Ingresses of which a test names only what it is about, and the road up to the routing table."""

from __future__ import annotations

import io
from typing import Any

import yaml

from converter.controllers.ingress_nginx import Options, Outcome, routing_tables
from converter.inventory import Inventory, take_stock
from converter.problems import Problem
from converter.read import Reading, read
from converter.routing import Location, RoutingTable, VirtualHost

PREFIX = "nginx.ingress.kubernetes.io/"


def path(value: str, service: str = "web", kind: str = "Prefix", port: Any = 80) -> dict[str, Any]:
    key = "number" if isinstance(port, int) else "name"
    return {"path": value, "pathType": kind, "backend": {"service": {"name": service, "port": {key: port}}}}


def rule(host: str, *paths: dict[str, Any]) -> dict[str, Any]:
    return {**({"host": host} if host else {}), "http": {"paths": list(paths)}}


def tls(*hosts: str, secret: str = "") -> dict[str, Any]:
    return {"hosts": list(hosts), **({"secretName": secret} if secret else {})}


def ingress(name: str, *rules: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """``annotations`` are those of ingress-nginx without their prefix; what is no part of metadata goes to spec."""
    metadata: dict[str, Any] = {"name": name}
    for key in ("namespace", "creationTimestamp"):
        if key in parts:
            metadata[key] = parts.pop(key)
    own = {PREFIX + key: value for key, value in parts.pop("annotations", {}).items()}
    if annotations := {**own, **parts.pop("foreign", {})}:
        metadata["annotations"] = annotations
    spec = {"ingressClassName": "nginx", **parts, **({"rules": list(rules)} if rules else {})}
    spec = {key: value for key, value in spec.items() if value is not None}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec}


def service(name: str, *ports: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"ports": list(ports), **spec}}


def reading(*manifests: dict[str, Any]) -> Reading:
    text = "---\n".join(yaml.safe_dump(manifest, sort_keys=False) for manifest in manifests)
    return read(["-"], io.BytesIO(text.encode()))


def stock(*manifests: dict[str, Any], home: str = "") -> tuple[Inventory, tuple[Problem, ...]]:
    return take_stock(reading(*manifests).documents, home)


def outcome(*manifests: dict[str, Any], **options: Any) -> Outcome:
    return routing_tables(stock(*manifests)[0], Options(**options))


def table(*manifests: dict[str, Any], **options: Any) -> RoutingTable:
    (found,) = outcome(*manifests, **options).tables
    return found


def host(name: str, *manifests: dict[str, Any], **options: Any) -> VirtualHost:
    return next(each for each in table(*manifests, **options).hosts if each.name == name)


def served(location: Location) -> str:
    """A location in short: ``prefix /cart → cart:80``."""
    backend = location.backend
    return f"{location.match.kind} {location.match.value} → {f'{backend.service}:{backend.port}' if backend else '-'}"


def locations(name: str, *manifests: dict[str, Any]) -> list[str]:
    return [served(location) for location in host(name, *manifests).locations]


def verdicts(*manifests: dict[str, Any], **options: Any) -> dict[str, tuple[str, str]]:
    """Verdict and code of everything that the controller settled by itself, by key without prefix."""
    found = outcome(*manifests, **options).settlements
    return {s.origin.key.removeprefix(PREFIX): (str(s.verdict), s.code) for s in found}
