"""Gateway API objects as an API server takes them: plain data, keys in the order that people expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import BackendRef, PathMatch
    from converter.gateway.listeners import Holder, Listener
    from converter.gateway.releases import KindForm

GROUP = "gateway.networking.k8s.io"
PORTS = {"HTTP": 80, "HTTPS": 443}
Json = dict[str, Any]


def metadata(namespace: str, name: str, annotations: Iterable[tuple[str, str]] = ()) -> Json:
    found: Json = {"name": name}
    if namespace:
        found["namespace"] = namespace
    if values := dict(annotations):
        found["annotations"] = values
    return found


def gateway_class(form: KindForm, name: str, controller: str) -> Json:
    return {
        "apiVersion": form.api_version,
        "kind": form.kind,
        "metadata": metadata("", name),
        "spec": {"controllerName": controller},
    }


def gateway(form: KindForm, holder: Holder, class_name: str, routes_from: str, sets_from: str) -> Json:
    """``routes_from`` and ``sets_from`` are ``Same``, ``All`` or, for ListenerSets, empty for none."""
    spec: Json = {"gatewayClassName": class_name}
    spec["listeners"] = [listener(entry, holder.namespace, routes_from) for entry in holder.listeners]
    if sets_from:
        spec["allowedListeners"] = {"namespaces": {"from": sets_from}}
    return {
        "apiVersion": form.api_version,
        "kind": form.kind,
        "metadata": metadata(holder.namespace, holder.name, holder.annotations),
        "spec": spec,
    }


def listener_set(form: KindForm, holder: Holder, routes_from: str) -> Json:
    parent: Json = {"group": GROUP, "kind": "Gateway", "name": holder.gateway.name}
    if holder.gateway.namespace != holder.namespace:
        parent["namespace"] = holder.gateway.namespace
    return {
        "apiVersion": form.api_version,
        "kind": form.kind,
        "metadata": metadata(holder.namespace, holder.name, holder.annotations),
        "spec": {
            "parentRef": parent,
            "listeners": [listener(entry, holder.namespace, routes_from) for entry in holder.listeners],
        },
    }


def listener(entry: Listener, namespace: str, routes_from: str) -> Json:
    found: Json = {"name": entry.name}
    if entry.host:
        found["hostname"] = entry.host
    found |= {"port": PORTS[entry.protocol], "protocol": entry.protocol}
    if entry.protocol == "HTTPS":
        reference: Json = {"kind": "Secret", "name": entry.secret[1]}
        if entry.secret[0] != namespace:
            reference["namespace"] = entry.secret[0]
        found["tls"] = {"mode": "Terminate", "certificateRefs": [reference]}
    found["allowedRoutes"] = {"namespaces": {"from": routes_from}}
    return found


def parent_ref(holder: Holder, section: str, form: KindForm, namespace: str) -> Json:
    found: Json = {"name": holder.name}
    if holder.kind != "Gateway":
        found = {"group": form.api_version.rpartition("/")[0], "kind": form.kind, "name": holder.name}
    if holder.namespace != namespace:
        found["namespace"] = holder.namespace
    found["sectionName"] = section
    return found


def http_route(
    form: KindForm, meta: Json, parents: Sequence[Json], hostnames: Sequence[str], rules: Sequence[Json]
) -> Json:
    spec: Json = {"parentRefs": list(parents)}
    if hostnames:
        spec["hostnames"] = list(hostnames)
    spec["rules"] = list(rules)
    return {"apiVersion": form.api_version, "kind": form.kind, "metadata": meta, "spec": spec}


def rule(
    name: str,
    matches: Iterable[PathMatch],
    filters: Sequence[Mapping[str, Any]],
    backend: BackendRef | None,
    namespace: str,
) -> Json:
    found: Json = {"name": name} if name else {}
    found["matches"] = [{"path": {"type": match.type, "value": match.value}} for match in matches]
    if filters:
        found["filters"] = [dict(entry) for entry in filters]
    if backend:
        reference: Json = {"name": backend.name}
        if backend.namespace != namespace:
            reference["namespace"] = backend.namespace
        found["backendRefs"] = [{**reference, "port": backend.port}]
    return found


def extension_filter(kind: str, api_version: str, name: str) -> Json:
    reference = {"group": api_version.rpartition("/")[0], "kind": kind, "name": name}
    return {"type": "ExtensionRef", "extensionRef": reference}


def policy_target(route: str, section: str) -> Json:
    found: Json = {"group": GROUP, "kind": "HTTPRoute", "name": route}
    return {**found, "sectionName": section} if section else found


def reference_grant(
    form: KindForm, namespace: str, name: str, sources: Sequence[Json], targets: Sequence[Json]
) -> Json:
    return {
        "apiVersion": form.api_version,
        "kind": form.kind,
        "metadata": metadata(namespace, name),
        "spec": {"from": list(sources), "to": list(targets)},
    }
