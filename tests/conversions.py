"""Short words for whole conversions: what a few Ingresses become."""

from __future__ import annotations

from typing import Any

from manifests import reading

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import Channel, release
from converter.gateway.topology import Topology
from converter.pipeline import Conversion, convert
from converter.targets import NAMES, target
from converter.targets.carry import Target

Json = dict[str, Any]
_SNIPPETS = "+snippets"
EVERY_TARGET = (*NAMES, f"nginx-gateway-fabric{_SNIPPETS}")
"""Also the one that may be allowed to speak the language of its proxy."""


def chosen(name: str, version: str = "1.6", channel: Channel = "standard") -> Target:
    """A target out of ``EVERY_TARGET``."""
    return target(name.removesuffix(_SNIPPETS), release(version, channel), snippets=name.endswith(_SNIPPETS))


def converted(
    *manifests: Json,
    to: str = "standard",
    version: str = "1.6",
    channel: Channel = "standard",
    classes: tuple[str, ...] = (),
    **topology: Any,
) -> Conversion:
    chosen = target(to, release(version, channel))
    return convert(reading(*manifests), chosen, Options(classes=classes), Topology(**topology))


def of_kind(conversion: Conversion, kind: str) -> dict[str, Json]:
    """The objects of a kind by ``namespace/name``, or by name where they have no namespace."""
    found = [entry for entry in conversion.objects if entry["kind"] == kind]
    return {identity(entry): entry for entry in found}


def only(conversion: Conversion, kind: str) -> Json:
    """The one object of a kind."""
    (found,) = of_kind(conversion, kind).values()
    return found


def identity(entry: Json) -> str:
    metadata = entry["metadata"]
    return "/".join(part for part in (metadata.get("namespace", ""), metadata["name"]) if part)


def served(route: Json) -> list[str]:
    """The rules of a route in short: ``PathPrefix /a, PathPrefix /b → web``."""
    lines = []
    for rule in route["spec"]["rules"]:
        paths = ", ".join(f"{match['path']['type']} {match['path']['value']}" for match in rule["matches"])
        backend = rule["backendRefs"][0]["name"] if rule.get("backendRefs") else "-"
        lines.append(f"{paths} → {backend}")
    return lines


def verdicts(conversion: Conversion) -> dict[str, tuple[str, str]]:
    """Verdict and code of what a person wrote, by key."""
    entries = [entry for entry in conversion.entries if entry.origin.type != "default"]
    return {entry.origin.key.rpartition("/")[2]: (str(entry.verdict), entry.code) for entry in entries}
