"""Host names of listeners and routes. Gateway API: ``Hostname``, ``HTTPRouteSpec.hostnames``."""

from __future__ import annotations


def fits(pattern: str, host: str) -> bool:
    """A wildcard stands for one label or more; an empty pattern is any host."""
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return pattern in ("", host)


def specificity(pattern: str) -> tuple[bool, int]:
    """An exact name before any wildcard, then the longer one."""
    return (bool(pattern) and not pattern.startswith("*."), len(pattern))


def intersects(one: str, other: str) -> bool:
    """Whether some host fits both."""
    if not one or not other:
        return True
    if one.startswith("*.") and other.startswith("*."):
        return one.endswith(other[1:]) or other.endswith(one[1:])
    return fits(one, other) or fits(other, one)


def patterns_for(host: str) -> list[str]:
    """Every pattern that fits a host: its name, the wildcards above it, and the empty one."""
    parts = host.split(".")
    wildcards = [f"*.{'.'.join(parts[index:])}" for index in range(1, len(parts))]
    # The host of a request is a name; one that looks like a wildcard is taken by it all the same.
    return list(dict.fromkeys([host, *wildcards, ""]))
