"""A document becomes an Ingress; what an API server would refuse becomes a problem and is read as it was meant."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from converter.ingress.fields import line_of, line_of_item, mapping, text_line_of
from converter.ingress.legality import object_to_backend, object_to_host, object_to_namespace, object_to_secret
from converter.ingress.model import Backend, DefaultBackend, Ingress, Path, Rule, Tls
from converter.ingress.names import lowered
from converter.ledger import Origin, Source
from converter.problems import Problem

if TYPE_CHECKING:
    from converter.problems import Severity
    from converter.read import Document

GROUPS = frozenset({"networking.k8s.io", "extensions"})
_PATH_TYPES = {"exact": "Exact", "prefix": "Prefix", "implementationspecific": "ImplementationSpecific"}
_SPEC_FIELDS = frozenset({"ingressClassName", "defaultBackend", "backend", "tls", "rules"})
_CORRECT = "Correct it, or build the overlay that fills it in and convert what comes out."


def parse(document: Document, home: str = "") -> tuple[Ingress | None, tuple[Problem, ...]]:
    """The Ingress of a document whose kind is Ingress; ``None`` when it is no whole one, with the reason.

    ``home`` is the namespace of an Ingress that names none.
    """
    reader = _Reader(document, home)
    return reader.ingress(), tuple(reader.problems)


@dataclass
class _Reader:
    document: Document
    home: str
    problems: list[Problem] = field(default_factory=list)
    refused: list[Origin] = field(default_factory=list)

    def problem(self, line: int, code: str, message: str, advice: str, severity: Severity = "error") -> None:
        self.problems.append(Problem(self.document.file, line, code, message, advice, severity))

    def ingress(self) -> Ingress | None:
        value = self.document.value
        metadata = mapping(value.get("metadata"))
        spec = value.get("spec")
        if not isinstance(spec, dict) or "$patch" in value or not _is_whole(spec):
            self._refuse_patch()
            return None
        source = self._source(metadata)
        if source is None:
            return None
        created = metadata.get("creationTimestamp")
        return Ingress(
            source=source,
            created=created if isinstance(created, str) else "",
            class_name=self._class_name(source, spec),
            annotations=self._annotations(source, metadata),
            default_backend=self._default_backend(source, spec),
            tls=self._tls(source, spec),
            rules=self._rules(source, spec),
            ignored=self._unknown_fields(source, spec),
            refused=tuple(self.refused),
        )

    def _source(self, metadata: dict[str, Any]) -> Source | None:
        """The identity, unless an API server would not take it."""
        name, namespace, at = metadata.get("name"), metadata.get("namespace"), self.document.line
        if not isinstance(name, str) or not name:
            advice = "Give it a name, or convert what the cluster has."
            self.problem(at, "no-name", "This Ingress has no metadata.name.", advice)
            return None
        if objection := object_to_namespace(namespace):
            self.problem(at, "namespace-invalid", f"{objection}; this Ingress was left out.", _CORRECT)
            return None
        return Source("Ingress", namespace or self.home, name, self.document.file, at, self.document.environment)

    def _accepts(self, origin: Origin, code: str, objection: str, loss: str) -> bool:
        """Whether a part can be used; else it is refused, with a problem."""
        if objection:
            message = f"{objection}, and an API server refuses that; {loss} was left out."
            self.problem(origin.source.line, code, message, _CORRECT)
            self.refused.append(origin)
        return not objection

    def _refuse_patch(self) -> None:
        self.problem(
            self.document.line,
            "not-whole",
            "This Ingress has neither rules nor a default backend, so it is a patch or a fragment.",
            "Build the overlay first (kustomize build DIR) and convert what comes out.",
        )

    def _origin(self, source: Source, line: int, key: str, value: str) -> Origin:
        at = replace(source, line=line)
        return Origin(at, "field", key, value)

    def _class_name(self, source: Source, spec: dict[str, Any]) -> Origin | None:
        name = spec.get("ingressClassName")
        if not isinstance(name, str) or not name:
            return None
        line = line_of(spec, "ingressClassName", source.line)
        return self._origin(source, line, "spec.ingressClassName", name)

    def _annotations(self, source: Source, metadata: dict[str, Any]) -> dict[str, Origin]:
        found = metadata.get("annotations")
        if found is None:
            return {}
        if not isinstance(found, dict):
            self.problem(
                line_of(metadata, "annotations", source.line),
                "wrong-type",
                "metadata.annotations is not a mapping.",
                "Write it as key: value lines.",
            )
            return {}
        annotations = {}
        for key, value in found.items():
            line = line_of(found, key, source.line)
            at = replace(source, line=line)
            text = self._annotation_text(found, key, value, line)
            annotations[str(key)] = Origin(at, "annotation", str(key), text, text_line=text_line_of(found, key))
        return annotations

    def _annotation_text(self, found: dict[str, Any], key: str, value: Any, line: int) -> str:
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        text: str = getattr(found, "raw", {}).get(key) or json.dumps(value)
        self.problem(
            line,
            "annotation-type",
            f"The value of {key} is not a string, and kubectl refuses that.",
            f'Put it in quotes: "{text}". It was converted as that text.',
        )
        return text

    def _default_backend(self, source: Source, spec: dict[str, Any]) -> DefaultBackend | None:
        key = "defaultBackend" if spec.get("defaultBackend") is not None else "backend"
        if spec.get(key) is None:
            return None
        line = line_of(spec, key, source.line)
        backend = self._backend(mapping(spec[key]), line)
        origin = self._origin(source, line, "spec.defaultBackend", _describe(backend))
        return DefaultBackend(backend, origin) if self._accepts_backend(backend, origin) else None

    def _tls(self, source: Source, spec: dict[str, Any]) -> tuple[Tls, ...]:
        entries = []
        for entry, line in self._items(spec, "tls", source.line):
            hosts = entry.get("hosts") or []
            names = tuple(lowered(host) for host in hosts if isinstance(host, str)) if isinstance(hosts, list) else ()
            secret = entry.get("secretName")
            secret = secret if isinstance(secret, str) else ""
            text = f"{secret or '(default certificate)'}: {', '.join(names) or '(no hosts)'}"
            origin = self._origin(source, line, "spec.tls", text)
            if self._accepts(origin, "secret-invalid", object_to_secret(secret), "the entry"):
                entries.append(Tls(names, secret, origin))
        return tuple(entries)

    def _rules(self, source: Source, spec: dict[str, Any]) -> tuple[Rule, ...]:
        rules = []
        for entry, line in self._items(spec, "rules", source.line):
            host = entry.get("host")
            at = line_of(entry, "host", line)
            name = self._host(host, at)
            origin = self._origin(source, at, "spec.rules.host", name or "(any host)")
            http = mapping(entry.get("http"))
            paths = tuple(self._path(source, path, where, name) for path, where in self._items(http, "paths", line))
            if self._accepts(origin, "host-invalid", object_to_host(name), "its rule"):
                legal = tuple(path for path in paths if self._accepts_backend(path.backend, path.origin))
                rules.append(Rule(name, legal, origin))
            else:
                self.refused.extend(path.origin for path in paths)
        return tuple(rules)

    def _host(self, host: Any, line: int) -> str:
        if not isinstance(host, str):
            return ""
        if host != lowered(host):
            self.problem(
                line,
                "host-case",
                f"The host {host} has capital letters, and an API server refuses that.",
                "Write it in lower case. It was converted in lower case.",
            )
        return lowered(host)

    def _path(self, source: Source, entry: dict[str, Any], line: int, host: str) -> Path:
        path = entry.get("path")
        text = path if isinstance(path, str) and path else "/"
        path_type = self._path_type(entry.get("pathType"), line_of(entry, "pathType", line))
        backend = self._backend(mapping(entry.get("backend")), line_of(entry, "backend", line))
        value = f"{host or '(any host)'}{text} ({path_type}) → {_describe(backend)}"
        at = line_of(entry, "path", line)
        return Path(text, path_type, backend, self._origin(source, at, "spec.rules.http.paths", value))

    def _path_type(self, value: Any, line: int) -> str:
        if value in _PATH_TYPES.values():
            return str(value)
        version = str(self.document.value.get("apiVersion", ""))
        if value in (None, ""):
            if version.endswith("/v1"):
                self.problem(
                    line,
                    "path-type-missing",
                    "A path has no pathType, and an API server refuses that.",
                    "Add pathType: ImplementationSpecific, which is how it was read.",
                )
            return "ImplementationSpecific"
        meant = _PATH_TYPES.get(str(value).lower())
        self.problem(
            line,
            "path-type-unknown",
            f"pathType {value} does not exist, and an API server refuses it.",
            f"Write {meant or 'Prefix, Exact or ImplementationSpecific'}."
            f" It was converted as {meant or 'ImplementationSpecific'}.",
        )
        return meant or "ImplementationSpecific"

    def _backend(self, entry: dict[str, Any], line: int) -> Backend:
        service = entry.get("service")
        if isinstance(service, dict):
            return self._v1_backend(service, line)
        name = entry.get("serviceName")
        if isinstance(name, str) and name:
            return Backend(name, _port(entry.get("servicePort")))
        return Backend(None, None)

    def _v1_backend(self, service: dict[str, Any], line: int) -> Backend:
        name, port = service.get("name"), mapping(service.get("port"))
        number = port.get("number")
        if isinstance(number, str):
            self.problem(
                line_of(port, "number", line),
                "port-type",
                "A port number is written as a string, and kubectl refuses that.",
                "Remove the quotes. It was converted as the number.",
            )
        port_value = _port(number) if number is not None else _name(port.get("name"))
        return Backend(name if isinstance(name, str) and name else None, port_value)

    def _accepts_backend(self, backend: Backend, origin: Origin) -> bool:
        return self._accepts(origin, "backend-invalid", object_to_backend(backend), "the backend with its path")

    def _unknown_fields(self, source: Source, spec: dict[str, Any]) -> tuple[Origin, ...]:
        return tuple(
            self._origin(source, line_of(spec, key, source.line), f"spec.{key}", _short(value))
            for key, value in spec.items()
            if key not in _SPEC_FIELDS
        )

    def _items(self, parent: dict[str, Any], key: str, line: int) -> list[tuple[dict[str, Any], int]]:
        """The mappings in a list, each with its line; anything else in it is a problem."""
        value = parent.get(key)
        if value is None:
            return []
        where = line_of(parent, key, line)
        if not isinstance(value, list):
            self.problem(where, "wrong-type", f"{key} is not a list.", "Start each of its items with a dash.")
            return []
        found = []
        for index, item in enumerate(value):
            at = line_of_item(value, index, where)
            if isinstance(item, dict):
                found.append((item, at))
            else:
                self.problem(at, "wrong-type", f"An item of {key} is not a mapping.", "Check its indentation.")
        return found


def _is_whole(spec: dict[str, Any]) -> bool:
    return any(spec.get(key) for key in ("rules", "defaultBackend", "backend"))


def _port(value: Any) -> int | str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else _name(value)


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _describe(backend: Backend) -> str:
    if backend.service is None:
        return "(no Service)"
    return f"{backend.service}:{backend.port if backend.port is not None else '(no port)'}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 80 else text[:77] + "…"
