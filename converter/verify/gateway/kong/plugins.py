"""A plugin as the objects of other implementations are: its name is the field, and what it is told the value."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KIND = "KongPlugin"
UNITS = {"second": 1, "minute": 60, "hour": 3600}
"""Of a rate, in seconds."""


def plugin_as_policy(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Other kinds are as they were. What is told otherwise than we tell it has no name that anybody knows."""
    if entry["kind"] != KIND:
        return entry
    name, config = entry.get("plugin"), entry.get("config")
    known = isinstance(name, str) and isinstance(config, dict) and _is_told(config, _FORMS.get(name))
    field = name if known else f"plugin {name or ''}"
    return {**entry, "spec": {field: config if known else entry["metadata"]["name"]}}


def _is_told(config: Mapping[str, Any], form: Mapping[str, Callable[[Any], bool]] | None) -> bool:
    if form is None:
        return False
    complete = all(key.endswith("?") or key in config for key in form)
    known = {key.removesuffix("?"): check for key, check in form.items()}
    return complete and all(known[key](config[key]) for key in config if key in known)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _are_networks(value: Any) -> bool:
    try:
        return _are_texts(value) and all(ip_network(each, strict=False) for each in value)
    except ValueError:
        return False


def _are_headers(value: Any) -> bool:
    checks = {"headers": _are_texts, "uri": _is_text}
    return isinstance(value, dict) and all(checks[key](value[key]) for key in value if key in checks)


_FORMS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "cors": {
        "origins": _are_texts,
        "methods": _are_texts,
        "headers?": _are_texts,
        "exposed_headers?": _are_texts,
        "credentials": _is_flag,
        "max_age": _is_number,
    },
    "request-transformer": {"replace?": _are_headers, "remove?": _are_headers},
    "ip-restriction": {"allow?": _are_networks, "deny?": _are_networks},
    "basic-auth": {},
    "acl": {"allow": _are_texts},
    "rate-limiting": {f"{unit}?": _is_number for unit in UNITS},
    "request-size-limiting": {"allowed_payload_size": _is_number, "size_unit": lambda value: value == "bytes"},
    "request-termination": {"status_code": _is_number},
    "redirect": {"status_code": _is_number, "location": _is_text},
    "pre-function": {"access": _are_texts},
}
"""What each plugin is told by us; a question mark marks what may be missing."""
