"""Gateway API objects as an API server takes them: plain data, keys in the order that people expect."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import BackendRef, RequestMatch
    from converter.gateway.listeners import Holder, Listener
    from converter.gateway.releases import KindForm
    from converter.gateway.routes import MergedRule

GROUP = "gateway.networking.k8s.io"
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


def gateway(
    form: KindForm,
    holder: Holder,
    class_name: str,
    routes_from: str,
    sets_from: str,
    further: Iterable[tuple[str, Json]],
) -> Json:
    """``routes_from`` and ``sets_from`` are ``Same``, ``All`` or, for ListenerSets, empty for none; ``further`` are
    fields of the spec."""
    spec: Json = {"gatewayClassName": class_name}
    spec["listeners"] = [listener(entry, holder.namespace, routes_from) for entry in holder.listeners]
    if sets_from:
        spec["allowedListeners"] = {"namespaces": {"from": sets_from}}
    spec |= dict(further)
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
    found |= {"port": entry.port, "protocol": entry.protocol}
    if entry.protocol == "TLS":
        found["tls"] = {"mode": "Passthrough"}
    if entry.secret[1]:
        reference: Json = {"kind": "Secret", "name": entry.secret[1]}
        if entry.secret[0] != namespace:
            reference["namespace"] = entry.secret[0]
        found["tls"] = {"mode": "Terminate", "certificateRefs": [reference]}
    if entry.options:
        found["tls"] = {**found.get("tls", {"mode": "Terminate"}), "options": entry.tls_options}
    found["allowedRoutes"] = {"namespaces": {"from": routes_from}}
    return found


def client_validation(namespace: str, authority: tuple[str, str]) -> Json:
    """``spec.tls`` of a Gateway that takes only clients with a certificate of this authority."""
    reference: Json = {"group": "", "kind": "Secret", "name": authority[1]}
    if authority[0] != namespace:
        reference["namespace"] = authority[0]
    return {"frontend": {"default": {"validation": {"caCertificateRefs": [reference]}}}}


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


def rule(name: str, rule: MergedRule, filters: Sequence[Mapping[str, Any]], backends: Sequence[Json]) -> Json:
    """A rule of an HTTPRoute; ``filters`` are all of them, those of the implementation too."""
    draft = rule.draft
    found: Json = {"name": name} if name else {}
    found["matches"] = [{"path": asdict(path), **_conditions(condition)} for path, condition in rule.matches]
    if filters:
        found["filters"] = [dict(entry) for entry in filters]
    if backends:
        found["backendRefs"] = list(backends)
    return {**found, **dict(draft.fields)}


def _conditions(condition: RequestMatch) -> Json:
    lists = {"headers": condition.headers, "queryParams": condition.queries}
    found: Json = {key: [asdict(match) for match in matches] for key, matches in lists.items() if matches}
    return {**found, "method": condition.method} if condition.method else found


def backend_ref(backend: BackendRef, namespace: str) -> Json:
    """As a route of ``namespace`` refers to it."""
    found: Json = {"name": backend.name}
    if backend.namespace != namespace:
        found["namespace"] = backend.namespace
    found["port"] = backend.port
    if backend.weight is not None:
        found["weight"] = backend.weight
    return found


def backend_object_ref(form: KindForm, name: str, backend: BackendRef, namespace: str) -> Json:
    """The same for an object that stands before the Service."""
    found: Json = {"group": form.group, "kind": form.kind, "name": name}
    if backend.namespace != namespace:
        found["namespace"] = backend.namespace
    if backend.weight is not None:
        found["weight"] = backend.weight
    return found


def layer_4_route(form: KindForm, meta: Json, parents: Sequence[Json], hosts: Sequence[str], backend: Json) -> Json:
    """A TLSRoute, TCPRoute or UDPRoute: one rule with one backend."""
    spec: Json = {"parentRefs": list(parents)}
    if hosts:
        spec["hostnames"] = list(hosts)
    spec["rules"] = [{"backendRefs": [backend]}]
    return {"apiVersion": form.api_version, "kind": form.kind, "metadata": meta, "spec": spec}


def extension_filter(kind: str, api_version: str, name: str) -> Json:
    reference = {"group": api_version.rpartition("/")[0], "kind": kind, "name": name}
    return {"type": "ExtensionRef", "extensionRef": reference}


def targeted(field: str, reference: Json) -> Json:
    """What a policy targets, in the field that its kind has for it."""
    return {field: [reference] if field.endswith("s") else reference}


def policy_target(route: str, section: str) -> Json:
    found: Json = {"group": GROUP, "kind": "HTTPRoute", "name": route}
    return {**found, "sectionName": section} if section else found


def listener_target(holder: Holder, form: KindForm, section: str) -> Json:
    """One listener, or without ``section`` all that the object holds."""
    found: Json = {"group": form.group, "kind": form.kind, "name": holder.name}
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
