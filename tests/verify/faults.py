"""Faults that people make by hand in routes: each takes the objects of a conversion and gives them with one change."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]
OTHER_TYPE = {"Exact": "PathPrefix", "PathPrefix": "Exact"}


class Fault(NamedTuple):
    objects: list[Json]
    name: str
    """Of the object that was changed."""
    place: str
    """What was changed in it."""


Mutation = Callable[[Json], Iterator[str]]
"""Changes an object in one place after the other, and tells each; the caller takes a copy for each."""


def faults(objects: list[Json], kind: str, change: Callable[[Json, int], str | None]) -> Iterator[Fault]:
    """``change`` alters the place of this number in an object, and says which it was; ``None`` when there is none."""
    for index, entry in enumerate(objects):
        if entry["kind"] != kind:
            continue
        for number in range(100):
            changed = copy.deepcopy(entry)
            told = change(changed, number)
            if told is None:
                break
            if told:
                yield Fault([*objects[:index], changed, *objects[index + 1 :]], entry["metadata"]["name"], told)


def rules(route: Json) -> list[Json]:
    return route["spec"]["rules"]


def matches(route: Json) -> list[tuple[Json, Json]]:
    return [(rule, match) for rule in rules(route) for match in rule["matches"]]


def pick(items: list[Any], number: int) -> Any:
    return items[number] if number < len(items) else None


def path_type(route: Json, number: int) -> str | None:
    """Exact for PathPrefix, and the other way round."""
    found = pick(matches(route), number)
    if found is None:
        return None
    path = found[1]["path"]
    if path["type"] not in OTHER_TYPE:
        return ""
    path["type"] = OTHER_TYPE[path["type"]]
    return f"{path['type']} {path['value']}"


def path_case(route: Json, number: int) -> str | None:
    found = pick(matches(route), number)
    if found is None:
        return None
    path = found[1]["path"]
    if path["type"] == "RegularExpression" or path["value"].swapcase() == path["value"]:
        return ""
    path["value"] = path["value"].swapcase()
    return f"{path['type']} {path['value']}"


def rule_removed(route: Json, number: int) -> str | None:
    if number >= len(rules(route)):
        return None
    rule = rules(route).pop(number)
    return str(rule["matches"])


def lost_filter(kind: str) -> Callable[[Json, int], str | None]:
    def change(route: Json, number: int) -> str | None:
        found = [(rule, entry) for rule in rules(route) for entry in rule.get("filters", []) if entry["type"] == kind]
        pair = pick(found, number)
        if pair is None:
            return None
        pair[0]["filters"].remove(pair[1])
        return f"{kind} at {pair[0]['matches'][0]['path']}"

    return change


def of_backend(key: str, value: Callable[[Any], Any]) -> Callable[[Json, int], str | None]:
    def change(route: Json, number: int) -> str | None:
        references = [reference for rule in rules(route) for reference in rule.get("backendRefs", [])]
        reference = pick(references, number)
        if reference is None:
            return None
        if key not in reference:
            return ""
        reference[key] = value(reference[key])
        return f"{key} {reference[key]}"

    return change


def hostname_dropped(route: Json, number: int) -> str | None:
    names = route["spec"].get("hostnames", [])
    if number >= len(names):
        return None
    name = names.pop(number)
    if not names:
        names.append(f"not-{name.removeprefix('*.')}")
    return name


def other_rewrite(route: Json, number: int) -> str | None:
    found = [entry["urlRewrite"] for rule in rules(route) for entry in rule.get("filters", []) if "urlRewrite" in entry]
    rewrite = pick(found, number)
    if rewrite is None:
        return None
    path = rewrite.get("path")
    if path is None:
        return ""
    key = "replaceFullPath" if path["type"] == "ReplaceFullPath" else "replacePrefixMatch"
    path[key] = f"{path[key].rstrip('/')}/wrong"
    return path[key]


def lost_field(field: str) -> Callable[[Json, int], str | None]:
    def change(route: Json, number: int) -> str | None:
        rule = pick([rule for rule in rules(route) if field in rule], number)
        if rule is None:
            return None
        return f"{field} {rule.pop(field)}"

    return change


def lost_header_match(route: Json, number: int) -> str | None:
    found = pick([match for _, match in matches(route) if "headers" in match], number)
    if found is None:
        return None
    return str(found.pop("headers"))


def listener_without_host(gateway: Json, number: int) -> str | None:
    """The listener takes every host, so it may take requests of listeners beside it."""
    listener = pick(gateway["spec"]["listeners"], number)
    if listener is None:
        return None
    return f"{listener['name']} {listener.pop('hostname')}" if "hostname" in listener else ""


def https_listener_gone(gateway: Json, number: int) -> str | None:
    found = [each for each in gateway["spec"]["listeners"] if each["protocol"] == "HTTPS"]
    listener = pick(found, number)
    if listener is None:
        return None
    gateway["spec"]["listeners"].remove(listener)
    return str(listener["name"])


def grant_gone(grant: Json, number: int) -> str | None:
    if number:
        return None
    grant["spec"]["from"] = []
    return str(grant["spec"]["to"])


FAULTS: dict[str, tuple[str, Callable[[Json, int], str | None]]] = {
    "path-type": ("HTTPRoute", path_type),
    "path-case": ("HTTPRoute", path_case),
    "missing-redirect": ("HTTPRoute", lost_filter("RequestRedirect")),
    "rule-removed": ("HTTPRoute", rule_removed),
    "lost-request-header": ("HTTPRoute", lost_filter("RequestHeaderModifier")),
    "lost-response-header": ("HTTPRoute", lost_filter("ResponseHeaderModifier")),
    "lost-cors": ("HTTPRoute", lost_filter("CORS")),
    "lost-rewrite": ("HTTPRoute", lost_filter("URLRewrite")),
    "lost-mirror": ("HTTPRoute", lost_filter("RequestMirror")),
    "lost-external-auth": ("HTTPRoute", lost_filter("ExternalAuth")),
    "wrong-rewrite": ("HTTPRoute", other_rewrite),
    "wrong-backend": ("HTTPRoute", of_backend("name", lambda name: f"{name}-wrong")),
    "wrong-port": ("HTTPRoute", of_backend("port", lambda port: port + 1)),
    "wrong-weight": ("HTTPRoute", of_backend("weight", lambda weight: weight + 7)),
    "lost-timeouts": ("HTTPRoute", lost_field("timeouts")),
    "lost-retry": ("HTTPRoute", lost_field("retry")),
    "lost-session-persistence": ("HTTPRoute", lost_field("sessionPersistence")),
    "lost-header-match": ("HTTPRoute", lost_header_match),
    "hostname-dropped": ("HTTPRoute", hostname_dropped),
    "listener-without-host": ("Gateway", listener_without_host),
    "https-listener-gone": ("Gateway", https_listener_gone),
    "grant-gone": ("ReferenceGrant", grant_gone),
}
