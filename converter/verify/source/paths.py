"""Paths as nginx compares them: ``ngx_http_parse_complex_uri``, with ``merge_slashes`` on."""

from __future__ import annotations

from urllib.parse import quote, unquote

_SAFE = "/-._~!$&'()*+,;=:@"


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


def encoded(path: str) -> str:
    """A path that nginx has changed, as it is sent on."""
    return quote(path, safe=_SAFE, errors="surrogateescape")
