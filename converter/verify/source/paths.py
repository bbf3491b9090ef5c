"""Paths as nginx compares them: ``ngx_http_parse_complex_uri``, with ``merge_slashes`` on."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_SAFE = "/-._~!$&'()*+,;=:@"
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")


def normalised(path: str) -> str:
    """Decoded, without dots, and with one slash where several stand together."""
    decoded = unquote(path, encoding="utf-8", errors="surrogateescape")
    parts: list[str] = []
    for part in decoded.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    ends = decoded.endswith(("/", "/.", "/.."))
    return "/" + "/".join(parts) + ("/" if ends and parts else "")


def is_refused(path: str) -> bool:
    """Whether nginx answers 400 whatever the host: an escape that is none, a zero, or a way above the root."""
    if _NO_ESCAPE.search(path):
        return True
    depth = 0
    for part in unquote(path, encoding="utf-8", errors="surrogateescape").split("/"):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    return False


def encoded(path: str) -> str:
    """A path that nginx has changed, as it is sent on."""
    return quote(path, safe=_SAFE, errors="surrogateescape")
