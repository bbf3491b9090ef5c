"""Values of nginx: which of their variables are known before any request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_A_PLACE = ("namespace", "ingress_name", "service_name", "service_port", "location_path")
"""``set`` by ingress-nginx at the start of each location."""
_KNOWN = re.compile(rf"\$(?:{{({'|'.join(_OF_A_PLACE)})}}|({'|'.join(_OF_A_PLACE)})(?!\w))")


def is_known(value: str) -> bool:
    """Whether nothing in the value depends on the request."""
    return "$" not in _KNOWN.sub("", value)


def at_place(value: str, variables: Mapping[str, str]) -> str:
    """The value with the names of the location in place of their variables."""
    return _KNOWN.sub(lambda found: variables[found[1] or found[2]], value)
