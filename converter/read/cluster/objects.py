"""Objects of an API server become documents, as if somebody had written them to a file of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.read.documents import Document
from converter.read.located import load
from converter.write.yaml import dump

if TYPE_CHECKING:
    from collections.abc import Mapping

_METADATA = ("name", "namespace", "labels", "annotations", "creationTimestamp", "ownerReferences")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""The object once more, with everything that was in it."""
_CONTROLLER = "ingress-"
"""In the image or the command of every ingress-nginx controller, as in ``read.chunks``."""
_CONTAINER = ("name", "image", "command", "args")
"""The environment of a container is none of our business."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Names the places in one cluster."""

    context: str

    @property
    def place(self) -> str:
        """What stands where a report has the file of a problem that concerns no single object."""
        return f"cluster:{self.context}"

    def place_of(self, kind: str, namespace: str, name: str) -> str:
        return "/".join((self.place, *([namespace] if namespace else []), kind.lower(), name))

    def document(self, value: Mapping[str, Any]) -> Document:
        """The object without what the server adds to it, with the lines it has when it is printed."""
        kept = _kept(value)
        metadata, kind = kept["metadata"], kept["kind"]
        place = self.place_of(kind, metadata.get("namespace", ""), metadata.get("name", ""))
        text = dump([kept])
        located, _ = load(text, 1)
        return Document(place, 0, 1, 1, located, *((text, 1) if kind == "Ingress" else ()))

    def secret(self, namespace: str, name: str) -> Document:
        """A Secret of which only the name is known."""
        return self.document({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}})


def runs_controller(workload: Mapping[str, Any]) -> bool:
    return any(
        _CONTROLLER in str(text)
        for container in _containers(workload)
        for text in (container.get("image"), *(container.get("command") or ()), *(container.get("args") or ()))
    )


def _kept(value: Mapping[str, Any]) -> dict[str, Any]:
    kind = value["kind"]
    kept = {"apiVersion": value["apiVersion"], "kind": kind, "metadata": _metadata(value.get("metadata") or {})}
    if kind in ("Deployment", "DaemonSet"):
        containers = [_only(container, _CONTAINER) for container in _containers(value)]
        kept["spec"] = {"template": {"spec": {"containers": containers}}}
    elif kind == "ConfigMap":
        kept["data"] = value.get("data") or {}
    elif value.get("spec") is not None:
        kept["spec"] = value["spec"]
    return kept


def _metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept = _only(metadata, _METADATA)
    annotations = {key: text for key, text in (kept.pop("annotations", None) or {}).items() if key != _LAST_APPLIED}
    return {**kept, "annotations": annotations} if annotations else kept


def _only(value: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: value[field] for field in fields if value.get(field)}


def _containers(workload: Mapping[str, Any]) -> list[dict[str, Any]]:
    template = (workload.get("spec") or {}).get("template") or {}
    return list((template.get("spec") or {}).get("containers") or [])
