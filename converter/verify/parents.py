"""Gateways that routes attach to and that do not stand beside them, as where another team keeps them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from converter.verify.gateway.listeners import LISTENER_SETS
from converter.verify.gateway.routes import KINDS
from converter.verify.written import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.verify.written import Identity

    Json = Mapping[str, Any]

_HTTPS = re.compile(r"https|tls|ssl|secure|443")
_HTTP = re.compile(r"http|plain|web|80")
_ROUTES = ("HTTPRoute", "GRPCRoute")
"""Kinds for which listeners are thought up."""


class Lent(NamedTuple):
    """Objects that stand in for those that were not found."""

    objects: tuple[Json, ...]
    taken: tuple[Identity, ...]
    """As a conversion makes them."""
    supposed: tuple[Identity, ...]
    """Nowhere to be found, so they are taken to have a listener for each host of their routes."""


def lend(objects: Sequence[Json], own: Sequence[Json]) -> Lent:
    """What the routes among the objects attach to and the objects lack; ``own`` are those of a conversion."""
    present = {_known(identity_of(entry)) for entry in objects}
    by_identity = {_known(identity_of(entry)): entry for entry in own}
    taken: dict[Identity, Json] = {}
    supposed: dict[Identity, None] = {}
    wanted = list(_wanted(objects))
    while wanted:
        identity = wanted.pop(0)
        if identity in present or identity in taken or identity in supposed:
            continue
        if identity in by_identity:
            taken[identity] = by_identity[identity]
            wanted.extend(_wanted([taken[identity]]))
        else:
            supposed[identity] = None
    made = (made for identity in supposed for made in _supposed(identity, objects))
    # What lets them use their certificates stands where they do.
    grants = [entry for entry in own if taken and entry["kind"] == "ReferenceGrant" and _is_for_holders(entry)]
    return Lent((*taken.values(), *grants, *made), tuple(taken), tuple(supposed))


def _is_for_holders(grant: Json) -> bool:
    return any(each["kind"] == "Gateway" or each["kind"] in LISTENER_SETS for each in grant["spec"]["from"])


def users(identity: Identity, objects: Iterable[Json]) -> list[Json]:
    """The objects that attach to one."""
    return [entry for entry in objects if identity in _wanted([entry])]


def _known(identity: Identity) -> Identity:
    """A ListenerSet has one kind, whatever its group calls it."""
    kind, namespace, name = identity
    return "ListenerSet" if kind in LISTENER_SETS else kind, namespace, name


def _wanted(objects: Iterable[Json]) -> Iterator[Identity]:
    for entry in objects:
        for reference in _references(entry):
            kind = reference.get("kind", "Gateway")
            if kind == "Gateway" or kind in LISTENER_SETS:
                yield _known((kind, reference.get("namespace", identity_of(entry)[1]), reference["name"]))


def _references(entry: Json) -> Sequence[Json]:
    spec = entry.get("spec") or {}
    if entry["kind"] in LISTENER_SETS:
        return [spec["parentRef"]]
    return spec.get("parentRefs") or () if entry["kind"] in KINDS else ()


def _supposed(identity: Identity, objects: Iterable[Json]) -> Iterator[Json]:
    """A Gateway that lets everybody in; for a ListenerSet, one with the listeners and the set as well."""
    kind, namespace, name = identity
    allowed = {"namespaces": {"from": "All"}}
    listeners = [{**each, "allowedRoutes": allowed} for each in _listeners(identity, objects)]
    metadata = {"name": name, "namespace": namespace} if namespace else {"name": name}
    if kind == "Gateway":
        yield {"kind": "Gateway", "metadata": metadata, "spec": {"listeners": listeners, "allowedListeners": allowed}}
        return
    # No Gateway of anybody has such a name.
    above = {"name": f"{name}?"}
    yield {"kind": "Gateway", "metadata": {**metadata, **above}, "spec": {"allowedListeners": allowed}}
    yield {"kind": kind, "metadata": metadata, "spec": {"parentRef": above, "listeners": listeners}}


def _listeners(identity: Identity, objects: Iterable[Json]) -> Iterator[Json]:
    """One for each host over http and https, unless the name of the section says which of the two it is."""
    sections: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in objects:
        home = identity_of(entry)[1]
        for reference in _references(entry) if entry["kind"] in _ROUTES else ():
            named = _known((reference.get("kind", "Gateway"), reference.get("namespace", home), reference["name"]))
            if named == identity:
                for protocol in _protocols(reference):
                    for host in (entry.get("spec") or {}).get("hostnames") or [""]:
                        sections[protocol, host].append(reference.get("sectionName", ""))
    for number, ((protocol, host), names) in enumerate(sections.items()):
        name = next(filter(None, names), f"{protocol.lower()}-{number}")
        found = {"name": name, "port": 443 if protocol == "HTTPS" else 80, "protocol": protocol}
        yield {**found, "hostname": host} if host else found


def _protocols(reference: Json) -> tuple[str, ...]:
    told = f"{reference.get('sectionName', '')} {reference.get('port', '')}".lower()
    if _HTTPS.search(told):
        return ("HTTPS",)
    return ("HTTP",) if _HTTP.search(told) else ("HTTP", "HTTPS")
