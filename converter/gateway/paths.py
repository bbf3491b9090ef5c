"""Which path values a match may hold.

Gateway API: the CEL rules of ``spec.rules[].matches[].path`` for Exact and PathPrefix.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_SAFE = "-._~!$&'()*+,;=:@/%"
_ALLOWED = re.compile(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+\Z")
_REFUSED = ("//", "/./", "/../", "%2f", "%2F", "#")
ASKED_WITHIN = "/_auth/"
"""How paths begin that rules of a conversion have for the proxy alone."""
MAX_LENGTH = 1024


def legal_path(path: str) -> str | None:
    """The path as an Exact or PathPrefix value, with odd characters percent-encoded; ``None`` if it cannot be one."""
    encoded = path if _ALLOWED.match(path) else quote(path, safe=_SAFE.replace("%", ""))
    refused = any(part in encoded for part in _REFUSED) or encoded.endswith(("/.", "/.."))
    if refused or not encoded.startswith("/") or len(encoded) > MAX_LENGTH:
        return None
    return encoded
