"""What targets that run Envoy have in common: its patterns, its expressions, and what its filters cannot do."""

from __future__ import annotations

import json
from ipaddress import ip_network
from typing import TYPE_CHECKING

from converter.gateway.regex import is_re2, prefix_pattern
from converter.routing import BackendProtocol
from converter.targets.carry import Part
from converter.targets.fields import setting
from converter.targets.rewrites import CAPTURE, Captures, Prefix, read_rewrite, with_known_captures
from converter.targets.standard import traffic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.routing import BackendTls, BlockList, Location, Rewrite, Setting
    from converter.targets.carry import Target

TLS = ("https", "grpcs")
"""Protocols of backends."""
_MOST_CEL = 4096
_VERSIONS = {"TLSv1": "1.0", "TLSv1.1": "1.1", "TLSv1.2": "1.2", "TLSv1.3": "1.3"}


def pattern_rewrite(behaviour: Rewrite) -> tuple[str, str] | None:
    """Pattern and substitution; Envoy replaces only what matched, so that is the whole path. ``None``: no pattern.

    Envoy leaves the path alone when a capture does not exist, and takes a backslash for one.
    """
    reading = read_rewrite(behaviour.pattern, behaviour.target)
    if not isinstance(reading, Captures | Prefix) or not is_re2(behaviour.pattern):
        return None
    target = with_known_captures(behaviour.pattern, behaviour.target)
    pattern = prefix_pattern("(?i)^", behaviour.pattern, ".*$")
    return pattern, CAPTURE.sub(r"\\\1", target.replace("\\", "\\\\"))


def networks(written: Iterable[str]) -> list[str] | None:
    """As networks with a length, each once; ``None`` where one is none."""
    try:
        return list(dict.fromkeys(str(ip_network(each.strip(), strict=False)) for each in written))
    except ValueError:
        return None


def blocked(behaviour: BlockList) -> str | None:
    """The expression (CEL) that holds for the clients; ``None`` where a pattern or its length forbids it."""
    name = behaviour.header.lower()
    tests = [_test(f"request.headers['{name}']", pattern) for pattern in behaviour.patterns]
    cel = f"'{name}' in request.headers && ({' || '.join(filter(None, tests))})"
    return None if None in tests or not tests or len(cel) > _MOST_CEL else cel


def _test(value: str, pattern: str) -> str | None:
    if not pattern.startswith("~"):
        return f"{value} == {json.dumps(pattern)}"
    ignores_case = pattern.startswith("~*")
    written = pattern.removeprefix("~").removeprefix("*")
    return f"{value}.matches({json.dumps(f'(?i){written}' if ignores_case else written)})" if is_re2(written) else None


def tls_versions(written: str) -> tuple[str, str] | None:
    """The lowest and the highest of the versions; ``None`` where none is known."""
    found = [_VERSIONS[word] for word in written.split() if word in _VERSIONS]
    return (min(found), max(found)) if found else None


def ciphers(behaviour: Setting, location: Location, target: Target) -> Part:
    """TLS 1.3 has ciphers of its own, and a listener for it alone names none."""
    newest = any(option.name == "ssl-protocols" and option.value.split() == ["TLSv1.3"] for option in target.everywhere)
    if newest:
        return Part(notes=target.table.settings["ssl-ciphers.unused"].notes(behaviour.origins))
    return setting(behaviour, location, target)


def backend_tls(behaviour: BackendTls, location: Location, target: Target) -> Part:
    """One that verifies nothing is said by the object for the protocol."""
    spoken = any(isinstance(b, BackendProtocol) and b.protocol in TLS for b in location.behaviours)
    if behaviour.verified or not spoken or location.backend is None:
        return traffic.backend_tls(behaviour, location, target)
    return Part()


def streams(location: Location) -> bool:
    """Whether gRPC is spoken to the backend: nothing may collect a whole body there."""
    protocols = {each.protocol for each in location.behaviours if isinstance(each, BackendProtocol)}
    return bool(protocols & {"grpc", "grpcs"})
