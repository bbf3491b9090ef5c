"""What the schemas and CEL rules of the Gateway API refuse, as far as a converter can run into it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
PLAIN_PATH = re.compile(r"/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*\Z")
REFUSED_IN_PATH = ("//", "/./", "/../", "%2f", "%2F", "#")
ONCE = ("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "CORS")


def violations(objects: Iterable[Json], rule_matches: int = 64) -> list[str]:
    """One line for each rule that is broken; none for objects that an API server takes."""
    objects = list(objects)
    found = [line for entry in objects for line in _metadata(entry)]
    for entry in objects:
        if entry["kind"] == "HTTPRoute":
            found.extend(_route(entry, rule_matches))
        elif "listeners" in entry["spec"]:
            found.extend(_listeners(entry))
        elif entry["kind"] == "ReferenceGrant":
            sizes = len(entry["spec"]["from"]), len(entry["spec"]["to"])
            found.extend(_unless(all(1 <= size <= 16 for size in sizes), entry, "1 to 16 entries of a grant"))
    identities = Counter((e["kind"], e["metadata"].get("namespace", ""), e["metadata"]["name"]) for e in objects)
    return [*found, *(f"{identity} is there twice" for identity, count in identities.items() if count > 1)]


def _unless(holds: bool, entry: Json, words: str) -> list[str]:
    return [] if holds else [f"{entry['kind']} {entry['metadata']['name']}: {words}"]


def _metadata(entry: Json) -> list[str]:
    name, namespace = entry["metadata"]["name"], entry["metadata"].get("namespace", "a")
    return [
        *_unless(bool(SUBDOMAIN.match(name)) and len(name) <= 253, entry, "name is a DNS subdomain"),
        *_unless(bool(LABEL.match(namespace)) and len(namespace) <= 63, entry, "namespace is a DNS label"),
    ]


def _listeners(entry: Json) -> list[str]:
    listeners = entry["spec"]["listeners"]
    places = [(each["port"], each["protocol"], each.get("hostname", "")) for each in listeners]
    names = [each["name"] for each in listeners]
    return [
        *_unless(1 <= len(listeners) <= 64, entry, "1 to 64 listeners"),
        *_unless(len({*names}) == len(names), entry, "listener names are unique"),
        *_unless(len({*places}) == len(places), entry, "port, protocol and hostname are unique"),
        *_unless(all(SUBDOMAIN.match(name) and len(name) <= 253 for name in names), entry, "listener name"),
        *_unless(all(("tls" in each) == (each["protocol"] in ("HTTPS", "TLS")) for each in listeners), entry, "tls"),
    ]


def _route(entry: Json, rule_matches: int) -> list[str]:
    spec = entry["spec"]
    sizes = [len(rule["matches"]) for rule in spec["rules"]]
    names = [rule["name"] for rule in spec["rules"] if "name" in rule]
    parents = [(p.get("kind"), p.get("namespace"), p["name"], p["sectionName"]) for p in spec["parentRefs"]]
    return [
        *_unless(1 <= len(spec["rules"]) <= 16, entry, "1 to 16 rules"),
        *_unless(all(1 <= size <= rule_matches for size in sizes), entry, f"1 to {rule_matches} matches of a rule"),
        *_unless(sum(sizes) <= 128, entry, "128 matches of a route"),
        *_unless(len(spec.get("hostnames", [])) <= 16, entry, "16 hostnames"),
        *_unless(1 <= len(parents) <= 32, entry, "1 to 32 parents"),
        *_unless(len({*parents}) == len(parents), entry, "sectionName is unique for a parent"),
        *_unless(len({*names}) == len(names), entry, "rule names are unique"),
        *_unless(all(SUBDOMAIN.match(name) and len(name) <= 253 for name in names), entry, "rule name"),
        *(line for rule in spec["rules"] for line in _rule(entry, rule)),
    ]


def _rule(entry: Json, rule: Json) -> list[str]:
    filters = rule.get("filters", [])
    types = Counter(each["type"] for each in filters)
    paths = [match["path"] for match in rule["matches"]]
    prefix = any(each.get("urlRewrite", {}).get("path", {}).get("type") == "ReplacePrefixMatch" for each in filters)
    return [
        *_unless(len(filters) <= 16, entry, "16 filters"),
        *_unless(all(types[name] <= 1 for name in ONCE), entry, "a filter is there once"),
        *_unless(not (types["RequestRedirect"] and types["URLRewrite"]), entry, "RequestRedirect beside URLRewrite"),
        *_unless(not (types["RequestRedirect"] and rule.get("backendRefs")), entry, "RequestRedirect with a backend"),
        *_unless(not prefix or [path["type"] for path in paths] == ["PathPrefix"], entry, "ReplacePrefixMatch"),
        *_unless(all(_is_path(path) for path in paths), entry, "path"),
    ]


def _is_path(path: Json) -> bool:
    value = path["value"]
    if path["type"] == "RegularExpression":
        return len(value) <= 1024
    refused = any(part in value for part in REFUSED_IN_PATH) or value.endswith(("/.", "/.."))
    return bool(PLAIN_PATH.match(value)) and len(value) <= 1024 and not refused
