"""The objects of one migration, and how to look them up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.ingress.parse import GROUPS, PLACEHOLDER, parse
from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.ingress.model import Ingress
    from converter.read import Document

DEFAULT_CLASS_MARK = "ingressclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, slots=True)
class IngressClass:
    name: str
    controller: str
    default: bool


@dataclass(frozen=True, slots=True)
class ServicePort:
    name: str
    port: int
    target: int | str


@dataclass(frozen=True, slots=True)
class Service:
    namespace: str
    name: str
    external_name: str
    """Empty unless the Service is of type ExternalName."""
    ports: tuple[ServicePort, ...]

    def find(self, port: int | str) -> ServicePort | None:
        """The port an Ingress means: by number, target port or name; the first that fits.

        ingress-nginx: ``serviceEndpoints``.
        """
        wanted = str(port)
        return next((p for p in self.ports if wanted in (str(p.port), str(p.target), p.name)), None)


@dataclass(frozen=True, slots=True)
class Inventory:
    ingresses: tuple[Ingress, ...]
    """In document order."""
    classes: Mapping[str, IngressClass]
    services: Mapping[tuple[str, str], Service]
    others: Mapping[str, int]
    """Kinds that play no part in the conversion, with their number."""


def take_stock(documents: Iterable[Document]) -> tuple[Inventory, tuple[Problem, ...]]:
    """The inventory of the documents, and what was wrong with them."""
    ingresses: list[Ingress] = []
    classes: dict[str, IngressClass] = {}
    services: dict[tuple[str, str], Service] = {}
    others: Counter[str] = Counter()
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str, str], Document] = {}
    for document in documents:
        group, kind = _group(document), str(document.value.get("kind", ""))
        if kind in ("Ingress", "IngressClass") and group not in GROUPS:
            problems.append(_foreign_group(document, kind, group))
            continue
        identity = (group, kind, *_identity(document))
        if identity[3] and identity in seen:
            problems.append(_repeated(document, seen[identity], identity))
            continue
        seen[identity] = document
        if kind == "Ingress":
            ingress, found = parse(document)
            problems.extend(found)
            if ingress:
                ingresses.append(ingress)
                problems.extend(_placeholders(document))
        elif kind == "IngressClass":
            classes[identity[3]] = _ingress_class(document.value)
        elif kind == "Service" and not group:
            services[identity[2:]] = _service(document.value)
        else:
            others[kind] += 1
    return Inventory(tuple(ingresses), classes, services, dict(sorted(others.items()))), tuple(problems)


def _group(document: Document) -> str:
    version = document.value.get("apiVersion")
    return version.rpartition("/")[0] if isinstance(version, str) else ""


def _identity(document: Document) -> tuple[str, str]:
    metadata = document.value.get("metadata")
    if not isinstance(metadata, dict):
        return "", ""
    namespace, name = metadata.get("namespace"), metadata.get("name")
    return namespace if isinstance(namespace, str) else "", name if isinstance(name, str) else ""


def _foreign_group(document: Document, kind: str, group: str) -> Problem:
    return Problem(
        document.file,
        document.line,
        "other-api-group",
        f"This {kind} belongs to the API group {group or '(core)'}, not to networking.k8s.io.",
        "Nothing to do unless the apiVersion is a slip; it was left alone.",
        "note",
    )


def _repeated(document: Document, first: Document, identity: tuple[str, str, str, str]) -> Problem:
    _, kind, namespace, name = identity
    same = document.value == first.value
    label = f"{kind} {namespace + '/' if namespace else ''}{name}"
    return Problem(
        document.file,
        document.line,
        "repeated-object",
        f"{label} is already defined in {first.file}:{first.line}, with {'the same' if same else 'other'} content.",
        "Nothing to do."
        if same
        else "Convert one environment at a time, or give this object its own name; only the first was converted.",
        "note" if same else "error",
    )


def _placeholders(document: Document) -> Iterable[Problem]:
    names = sorted(set(_find_placeholders(document.value)))
    if names:
        yield Problem(
            document.file,
            document.line,
            "placeholder",
            f"This Ingress holds placeholders ({', '.join(names)}), which were carried over as they are.",
            "Substitute them in the result the way you do today.",
            "note",
        )


def _find_placeholders(value: Any) -> Iterable[str]:
    """In names, hosts and the like; annotation values may hold nginx variables, which look the same."""
    spec = value.get("spec")
    metadata = value.get("metadata")
    texts = [metadata.get("name"), metadata.get("namespace")] if isinstance(metadata, dict) else []
    stack = [spec, *texts]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, str):
            yield from PLACEHOLDER.findall(item) if "$" in item else ()


def _ingress_class(value: Mapping[str, Any]) -> IngressClass:
    metadata, spec = value.get("metadata") or {}, value.get("spec")
    annotations = metadata.get("annotations") or {}
    mark = annotations.get(DEFAULT_CLASS_MARK) if isinstance(annotations, dict) else None
    controller = spec.get("controller") if isinstance(spec, dict) else None
    return IngressClass(
        str(metadata.get("name")),
        controller if isinstance(controller, str) else "",
        str(mark).lower() == "true",
    )


def _service(value: Mapping[str, Any]) -> Service:
    metadata, spec = value.get("metadata") or {}, value.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    external = spec.get("externalName") if spec.get("type") == "ExternalName" else ""
    found = spec.get("ports")
    ports = tuple(
        ServicePort(str(port.get("name") or ""), port["port"], port.get("targetPort") or port["port"])
        for port in (found if isinstance(found, list) else [])
        if isinstance(port, dict) and isinstance(port.get("port"), int)
    )
    namespace = metadata.get("namespace")
    return Service(
        namespace if isinstance(namespace, str) else "", str(metadata.get("name")), str(external or ""), ports
    )
