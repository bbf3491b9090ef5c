"""Texts in objects that mean something, read as far as they can be: nobody checks them before their implementation."""

from __future__ import annotations

import json
import re
from ipaddress import ip_address, ip_network


def found_by(pattern: str, text: str) -> re.Match[str] | None:
    """The first match; a pattern that Python does not know has none."""
    try:
        return re.search(pattern, text)
    except re.error:
        return None


def is_within(client: str, network: str) -> bool:
    """Nobody is in a network that is none."""
    try:
        return ip_address(client) in ip_network(network, strict=False)
    except ValueError:
        return False


def literal(expression: str) -> str:
    """The text that a literal stands for; any other expression as it is."""
    try:
        found = json.loads(expression)
    except ValueError:
        return expression
    return found if isinstance(found, str) else expression
