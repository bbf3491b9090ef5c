"""Reads the cases beside this file: Ingresses in short, requests, and what ingress-nginx answers to them.

``evidence`` says what an expectation rests on: ``e2e`` a test of ingress-nginx itself, ``lab`` a real nginx with the
configuration that the controller writes, ``read`` its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from manifests import PREFIX

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.ledger import Origin, Source
from converter.verify.messages import Request

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "cases"
CONTROLLER = Source("ConfigMap", "ingress-nginx", "ingress-nginx-controller", "controller.yaml", 1)


@dataclass(frozen=True)
class Case:
    name: str
    category: str
    evidence: str
    manifests: tuple[Json, ...]
    options: Options
    requests: tuple[tuple[Request, Json], ...]


def cases() -> list[Case]:
    return [
        read(entry, path.stem) for path in sorted(FOLDER.glob("*.yaml")) for entry in yaml.safe_load(path.read_text())
    ]


def read(entry: Json, category: str) -> Case:
    controller = entry.get("controller", {})
    return Case(
        entry["case"],
        category,
        entry["evidence"],
        (*(as_ingress(each) for each in entry["given"]), *surroundings(controller)),
        Options(configuration=configuration(controller), serve_classless=False),
        tuple((as_request(each), each["expect"]) for each in entry["requests"] if "beyond" not in each),
    )


def as_ingress(given: Json) -> Json:
    annotations = {PREFIX + name: value for name, value in given.get("annotations", {}).items()}
    if "class-annotation" in given:
        annotations["kubernetes.io/ingress.class"] = given["class-annotation"]
    metadata = {"name": given["ingress"], "namespace": given.get("namespace", "team"), "annotations": annotations}
    if "created" in given:
        metadata["creationTimestamp"] = given["created"]
    spec: Json = {"ingressClassName": given["class"]} if given.get("class") else {}
    spec |= {} if "class" in given else {"ingressClassName": "nginx"}
    if "rules" in given:
        spec["rules"] = [as_rule(rule) for rule in given["rules"]]
    if "tls" in given:
        spec["tls"] = given["tls"]
    if "default" in given:
        spec["defaultBackend"] = as_backend(given["default"])
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec}


def as_rule(rule: Json) -> Json:
    paths = []
    for written, backend in rule["paths"].items():
        path, _, kind = written.rpartition(" ")
        paths.append({"path": path, "pathType": kind, "backend": as_backend(backend)})
    found: Json = {"http": {"paths": paths}} if paths else {}
    return {"host": rule["host"], **found} if rule["host"] else found


def as_backend(text: str) -> Json:
    if text == "resource":
        return {"resource": {"apiGroup": "example.com", "kind": "Bucket", "name": "files"}}
    name, _, port = text.partition(":")
    return {"service": {"name": name, "port": {"number": int(port)} if port.isdigit() else {"name": port}}}


def surroundings(controller: Json) -> list[Json]:
    """The objects beside the Ingresses: classes, ConfigMaps and Services."""
    found = []
    for name, owner in controller.get("ingressclasses", {}).items():
        spec = {"controller": owner}
        found.append(
            {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": name}, "spec": spec}
        )
    for name, data in controller.get("configmaps", {}).items():
        space, _, short = name.partition("/")
        metadata = {"namespace": space, "name": short}
        found.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
    for name, spec in controller.get("services", {}).items():
        metadata = {"namespace": "team", "name": name}
        found.append({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})
    return found


def configuration(controller: Json) -> Configuration:
    """Every case knows its controller: what is not said has its default."""

    def origins(pairs: Json) -> dict[Any, Origin]:
        return {name: Origin(CONTROLLER, "field", f"data.{name}", str(value)) for name, value in pairs.items()}

    flags = {flag.partition("=")[0]: flag.partition("=")[2] or "true" for flag in controller.get("flags", [])}
    tcp = {int(port): target for port, target in controller.get("tcp-services-configmap", {}).items()}
    return Configuration(
        options=origins(controller.get("configmap", {})), flags=origins(flags), tcp=origins(tcp), known=True
    )


def as_request(ask: Json) -> Request:
    method, _, address = ask["ask"].partition(" ")
    scheme, _, rest = address.partition("://")
    parts = urlsplit(f"//{rest}")
    headers = dict(ask.get("headers", {}))
    return Request(
        host=parts.netloc,
        target=rest.removeprefix(parts.netloc) or "/",
        method=method,
        scheme="https" if scheme == "https" else "http",
        headers=tuple(headers.items()),
        client=ask.get("client", "203.0.113.7"),
        body=ask.get("body", 0),
        port=ask.get("port", 0),
        identified=ask.get("password") in ("foo:bar", "user:password", "uname:pwd") or bool(ask.get("certificate")),
    )
