"""The controllers in the input, and what they were told: workloads with flags, ConfigMaps, values of the chart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.controllers.ingress_nginx.configuration import (
    Configuration,
    UnknownVersionError,
    Version,
    parse_version,
)
from converter.ledger import Origin, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.inventory import Inventory, Workload

_BINARY = "nginx-ingress-controller"
_IMAGE = re.compile(r"(?:ingress-nginx/controller|nginx-ingress-controller)(?:-chroot)?:(?P<tag>[^@]+)")
_USUAL_CONFIG_MAPS = ("ingress-nginx-controller", "nginx-configuration", "nginx-ingress-controller")
USUAL_NAMESPACE = "ingress-nginx"
"""Where the instructions of the chart put the controller."""
_PORT = re.compile(r"[0-9]{1,5}\Z")
Entries = Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Given:
    """What a person said about the controller, which beats what is found."""

    version: Version | None = None
    config_map: tuple[str, str] = ("", "")
    """Namespace and name."""
    values: Configuration | None = None
    """From the values of the chart."""


def configurations(inventory: Inventory, given: Given) -> tuple[Configuration, ...]:
    """One for each controller in the input, or the one that was given; without any, one that knows nothing."""
    if given.values:
        found = [given.values]
    else:
        found = [_of_workload(workload, inventory) for workload in inventory.workloads if _is_controller(workload)]
        found = found or [_of_config_map(inventory)]
    return tuple(_with_given(each, inventory, given) for each in found)


def option_config_maps(workloads: Sequence[Workload] | None) -> tuple[tuple[str, str], ...]:
    """Namespace and name of each ConfigMap that may hold the options of a controller among these.

    Where nobody knows the workloads, those that the chart would make.
    """
    if workloads is None:
        return tuple((USUAL_NAMESPACE, name) for name in _USUAL_CONFIG_MAPS)
    found = []
    for workload in filter(_is_controller, workloads):
        flag = dict(_flags(workload)).get("--configmap")
        usual = [(workload.namespace, name) for name in _USUAL_CONFIG_MAPS]
        found += [_config_map_of(flag, workload.namespace)] if flag else usual
    return tuple(found)


def port_config_maps(workloads: Sequence[Workload]) -> tuple[tuple[str, str], ...]:
    """The same for TCP and UDP services; there are none without a flag."""
    found = []
    for workload in filter(_is_controller, workloads):
        flags = dict(_flags(workload))
        found += [_config_map_of(flags[name], workload.namespace) for name in _CONFIG_MAPS[1:] if name in flags]
    return tuple(found)


def _with_given(found: Configuration, inventory: Inventory, given: Given) -> Configuration:
    if given.config_map[1]:
        options = inventory.config_map_entries.get(given.config_map, {})
        found = replace(found, options={**found.options, **options}, known=True)
    return replace(found, version=given.version) if given.version else found


def _is_controller(workload: Workload) -> bool:
    started = any(argument.value.rstrip("/").endswith(_BINARY) for argument in workload.arguments)
    return started or _IMAGE.search(workload.image) is not None


def _of_workload(workload: Workload, inventory: Inventory) -> Configuration:
    flags = dict(_flags(workload))
    entries = inventory.config_map_entries
    named = {name: _config_map_of(flags.get(name), workload.namespace) for name in _CONFIG_MAPS}
    options = entries.get(named["--configmap"], {}) if "--configmap" in flags else _usual(inventory, workload.namespace)
    return Configuration(
        version=_image_version(workload.image) or Configuration().version,
        options=options,
        flags=flags,
        tcp=ports(entries.get(named["--tcp-services-configmap"], {})),
        udp=ports(entries.get(named["--udp-services-configmap"], {})),
        known=True,
    )


_CONFIG_MAPS = ("--configmap", "--tcp-services-configmap", "--udp-services-configmap")


def _flags(workload: Workload) -> Iterator[tuple[str, Origin]]:
    """``--name=value``, ``--name value``, and ``--name`` alone, which is true."""
    arguments = [argument for argument in workload.arguments if not argument.value.endswith(_BINARY)]
    for index, argument in enumerate(arguments):
        name, mark, value = argument.value.partition("=")
        if not name.startswith("-"):
            continue
        following = arguments[index + 1].value if index + 1 < len(arguments) else "-"
        text = value if mark else "true" if following.startswith("-") else following
        yield f"--{name.lstrip('-')}", replace(argument, value=text)


def _config_map_of(flag: Origin | None, namespace: str) -> tuple[str, str]:
    """``$(POD_NAMESPACE)/name``: the variable stands for the controller's own namespace."""
    space, _, name = (flag.value if flag else "").rpartition("/")
    return (namespace if space.startswith("$") or not space else space), name


def _image_version(image: str) -> Version | None:
    found = _IMAGE.search(image)
    try:
        return parse_version(found["tag"].removeprefix("nginx-")) if found else None
    except UnknownVersionError:
        return None


def _of_config_map(inventory: Inventory) -> Configuration:
    """Without a workload, the one ConfigMap that is plainly the controller's; of several none is."""
    names = [key for key in inventory.config_map_entries if key[1] in _USUAL_CONFIG_MAPS]
    ports_of = {
        protocol: [entries for key, entries in inventory.config_map_entries.items() if key[1] == f"{protocol}-services"]
        for protocol in ("tcp", "udp")
    }
    options = inventory.config_map_entries[names[0]] if len(names) == 1 else {}
    tcp, udp = (ports(found[0]) if len(found) == 1 else {} for found in (ports_of["tcp"], ports_of["udp"]))
    return Configuration(options=options, tcp=tcp, udp=udp, known=len(names) == 1)


def _usual(inventory: Inventory, namespace: str) -> Entries:
    found = (inventory.config_map_entries.get((namespace, name)) for name in _USUAL_CONFIG_MAPS)
    return next((entries for entries in found if entries is not None), {})


def ports(entries: Entries) -> dict[int, Origin]:
    """The entries whose key is a port."""
    return {int(port): origin for port, origin in entries.items() if _PORT.match(port)}


def from_values(values: Mapping[str, Any], file: str) -> Configuration:
    """What the values of the ingress-nginx chart make of a controller.

    Chart: ``controller.config``, ``controller.extraArgs``, ``controller.image.tag``, ``tcp``, ``udp``.
    """
    reader = _Values(file)
    controller = _mapping(values.get("controller"))
    options = reader.entries(_mapping(controller.get("config")), "controller.config")
    if "allowSnippetAnnotations" in controller:
        origin = reader.origin(controller, "allowSnippetAnnotations", "controller")
        options.setdefault("allow-snippet-annotations", origin)
    flags = {
        f"--{name}": replace(origin, value=origin.value or "true")
        for name, origin in reader.entries(_mapping(controller.get("extraArgs")), "controller.extraArgs").items()
    }
    flags |= reader.class_flags(controller)
    tag = str(_mapping(controller.get("image")).get("tag", ""))
    return Configuration(
        version=_tag_version(tag) or Configuration().version,
        options=options,
        flags=flags,
        tcp=ports(reader.entries(_mapping(values.get("tcp")), "tcp")),
        udp=ports(reader.entries(_mapping(values.get("udp")), "udp")),
        known=True,
    )


def _tag_version(tag: str) -> Version | None:
    try:
        return parse_version(tag)
    except UnknownVersionError:
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True)
class _Values:
    file: str

    def origin(self, holder: Mapping[str, Any], key: str, path: str) -> Origin:
        line = getattr(holder, "at", {}).get(key, (1, 1))[0]
        written = getattr(holder, "raw", {}).get(key)
        value = holder[key]
        text = written if written is not None else "" if value is None else str(value)
        return Origin(Source("Values", "", "ingress-nginx", self.file, line), "field", f"{path}.{key}", text)

    def entries(self, holder: Mapping[str, Any], path: str) -> dict[str, Origin]:
        return {str(key): self.origin(holder, key, path) for key in holder}

    def class_flags(self, controller: Mapping[str, Any]) -> dict[str, Origin]:
        """The chart turns these values into flags."""
        resource = _mapping(controller.get("ingressClassResource"))
        pairs = (
            ("--ingress-class", controller, "ingressClass", "controller"),
            ("--controller-class", resource, "controllerValue", "controller.ingressClassResource"),
            ("--ingress-class-by-name", controller, "ingressClassByName", "controller"),
            ("--watch-ingress-without-class", controller, "watchIngressWithoutClass", "controller"),
        )
        return {flag: self.origin(holder, key, path) for flag, holder, key, path in pairs if holder.get(key)}
