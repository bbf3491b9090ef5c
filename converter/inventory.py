"""The objects of one migration, and how to look them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from converter.ingress.fields import line_of, line_of_item, mapping, text_line_of, text_of
from converter.ingress.names import PLACEHOLDER
from converter.ingress.parse import GROUPS, parse
from converter.ledger import Origin, Source
from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.ingress.model import Ingress
    from converter.read import Document

KUBECTL_NAMESPACE = "default"
"""Where kubectl puts what names no namespace."""
_ARGUMENTS = "spec.template.spec.containers.args"
_PART_OF_IT = ("Ingress", "IngressClass", "Service")
"""Kinds whose content decides what comes out."""
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
    app_protocol: str = ""
    """What it says that it speaks."""


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
class Workload:
    """A container of a Deployment or DaemonSet."""

    namespace: str
    image: str
    arguments: tuple[Origin, ...]
    """Command and arguments, one after the other."""


@dataclass(frozen=True, slots=True)
class Inventory:
    ingresses: tuple[Ingress, ...]
    """In document order."""
    classes: Mapping[str, IngressClass]
    services: Mapping[tuple[str, str], Service]
    """By namespace and name, like those below."""
    config_map_entries: Mapping[tuple[str, str], Mapping[str, Origin]]
    secrets: Mapping[tuple[str, str], frozenset[str]]
    """The keys of each, never a value; none of one from a cluster, which gives only its name."""
    workloads: tuple[Workload, ...]


def take_stock(documents: Sequence[Document], home: str = "") -> tuple[Inventory, tuple[Problem, ...]]:
    """The inventory of the documents, and what was wrong with them.

    ``home`` is the namespace of objects that name none. Without it they stay without one, unless other Ingresses
    name theirs: a reference between the two needs a name on both sides.
    """
    if not home and _namespaces(documents) > {""}:
        home = KUBECTL_NAMESPACE
    stock = _Stock(home)
    for document in documents:
        stock.take(document)
    return stock.inventory(), tuple(stock.problems)


@dataclass
class _Stock:
    home: str
    ingresses: list[Ingress] = field(default_factory=list)
    classes: dict[str, IngressClass] = field(default_factory=dict)
    services: dict[tuple[str, str], Service] = field(default_factory=dict)
    config_maps: dict[tuple[str, str], Mapping[str, Origin]] = field(default_factory=dict)
    secrets: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    workloads: list[Workload] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str, str, str], Document] = field(default_factory=dict)

    def take(self, document: Document) -> None:
        group, kind = _group(document), str(document.value.get("kind", ""))
        if kind in ("Ingress", "IngressClass") and group not in GROUPS:
            self.problems.append(_foreign_group(document, kind, group))
        elif kind == "Ingress":
            self._take_ingress(document)
        elif self._is_new(document, group, kind):
            self._take_other(document, group, kind)

    def inventory(self) -> Inventory:
        return Inventory(
            tuple(self.ingresses),
            self.classes,
            self.services,
            self.config_maps,
            self.secrets,
            tuple(self.workloads),
        )

    def _is_new(self, document: Document, group: str, kind: str) -> bool:
        identity = (group, kind, *_identity(document, self.home))
        if not identity[3]:
            return True
        first = self.seen.setdefault(identity, document)
        if first is not document:
            self.problems.append(_repeated(document, first, identity))
        return first is document

    def _take_ingress(self, document: Document) -> None:
        ingress, found = parse(document, document.home or self.home)
        if ingress is None:
            self.problems.extend(found)
        # All groups and versions of an API server show the same Ingress.
        elif self._is_new(document, "networking.k8s.io", "Ingress"):
            self.ingresses.append(ingress)
            self.problems.extend((*found, *_placeholders(document), *_assumed(document, ingress)))

    def _take_other(self, document: Document, group: str, kind: str) -> None:
        identity = _identity(document, self.home)
        if kind == "IngressClass":
            self.classes[identity[1]] = _ingress_class(document.value)
        elif (group, kind) == ("", "Service"):
            self.services[identity] = _service(document.value, identity)
        elif (group, kind) == ("", "ConfigMap"):
            self.config_maps[identity] = _entries(document, identity)
        elif (group, kind) == ("", "Secret"):
            self.secrets[identity] = frozenset(map(str, mapping(document.value.get("data"))))
        elif kind in ("Deployment", "DaemonSet"):
            self.workloads.extend(_workloads(document, kind, identity))


def _group(document: Document) -> str:
    version = document.value.get("apiVersion")
    return version.rpartition("/")[0] if isinstance(version, str) else ""


def _namespaces(documents: Iterable[Document]) -> set[str]:
    """Those that the Ingresses name; empty for one that names none."""
    return {_identity(document, "")[0] for document in documents if document.value.get("kind") == "Ingress"}


def _identity(document: Document, home: str) -> tuple[str, str]:
    metadata = document.value.get("metadata")
    if not isinstance(metadata, dict):
        return "", ""
    home = document.home or home
    namespace, name = metadata.get("namespace"), metadata.get("name")
    return namespace if isinstance(namespace, str) and namespace else home, name if isinstance(name, str) else ""


def _assumed(document: Document, ingress: Ingress) -> Iterable[Problem]:
    if ingress.namespace != _identity(document, "")[0]:
        yield Problem(
            document.file,
            document.line,
            "namespace-assumed",
            f"This Ingress names no namespace and was taken as one of {ingress.namespace}.",
            "Say where it belongs with --namespace if that is wrong.",
            "note",
        )


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
    harmless = same or kind not in _PART_OF_IT
    label = f"{kind} {namespace + '/' if namespace else ''}{name}"
    return Problem(
        document.file,
        document.line,
        "repeated-object",
        f"{label} is already defined in {first.file}:{first.line}, with {'the same' if same else 'other'} content.",
        "Nothing to do."
        if harmless
        else "Convert one environment at a time, or give this object its own name; only the first counts.",
        "note" if harmless else "error",
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


def _entries(document: Document, identity: tuple[str, str]) -> dict[str, Origin]:
    data = mapping(document.value.get("data"))
    found = {}
    for key, value in data.items():
        source = Source("ConfigMap", *identity, document.file, line_of(data, key, document.line), document.environment)
        text = "" if value is None else text_of(data, key)
        found[str(key)] = Origin(source, "field", f"data.{key}", text, text_line=text_line_of(data, key))
    return found


def _workloads(document: Document, kind: str, identity: tuple[str, str]) -> Iterable[Workload]:
    template = mapping(mapping(document.value.get("spec")).get("template"))
    containers = mapping(template.get("spec")).get("containers")
    for container in containers if isinstance(containers, list) else []:
        if isinstance(container, dict):
            arguments = [
                Origin(Source(kind, *identity, document.file, line, document.environment), "field", _ARGUMENTS, text)
                for field_name in ("command", "args")
                for line, text in _texts(container.get(field_name), document.line)
            ]
            yield Workload(identity[0], str(container.get("image") or ""), tuple(arguments))


def _texts(found: Any, line: int) -> Iterable[tuple[int, str]]:
    for index, item in enumerate(found if isinstance(found, list) else []):
        if isinstance(item, str):
            yield line_of_item(found, index, line), item


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


def _service(value: Mapping[str, Any], identity: tuple[str, str]) -> Service:
    spec = mapping(value.get("spec"))
    external = spec.get("externalName") if spec.get("type") == "ExternalName" else ""
    found = spec.get("ports")
    ports = tuple(
        ServicePort(
            str(port.get("name") or ""),
            port["port"],
            port.get("targetPort") or port["port"],
            str(port.get("appProtocol") or ""),
        )
        for port in (found if isinstance(found, list) else [])
        if isinstance(port, dict) and isinstance(port.get("port"), int)
    )
    return Service(*identity, str(external or ""), ports)
