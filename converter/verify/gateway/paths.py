"""Paths as a Gateway takes them, before it looks for a route.

The Gateway API leaves it open; this is what Envoy makes of them the way Envoy Gateway sets it up: ``normalize_path``,
``merge_slashes``, and ``path_with_escaped_slashes_action`` of ``UNESCAPE_AND_REDIRECT``.
"""

from __future__ import annotations

import re

_SLASHES = re.compile(r"%2f|%5c", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_ESCAPED_ANYWAY = re.compile(r'["<>^`{|}]')
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_STAY, _UP = (re.compile(rf"{dots}(;.*)?") for dots in (r"\.", r"\.\."))
"""What stands behind a semicolon does not make a segment of dots another one."""


def is_refused(path: str) -> bool:
    """Answered with 400: no path, one with a fragment, or one with a zero byte."""
    return not path.startswith("/") or "#" in path or "%00" in path


def has_escaped_slashes(path: str) -> bool:
    """Answered with a redirect to the path in which they are none."""
    return _SLASHES.search(path) is not None


def normalised(path: str) -> str:
    """The path that routes are held against, and that a backend gets."""
    slashes = _SLASHES.sub(lambda found: "/" if found[0].lower() == "%2f" else "\\", path).replace("\\", "/")
    # Dots are looked for before the escapes in front of a semicolon are decoded.
    segments = _without_dots([_decoded_dots(each) for each in slashes.split("/")[1:]])
    found = _ESCAPED_ANYWAY.sub(_escaped, _ESCAPE.sub(_decoded, "/" + "/".join(segments)))
    if "//" not in found:
        return found
    merged = "/".join(part for part in found.split("/") if part)
    # A path of nothing but slashes keeps two of them.
    return f"/{merged}{'/' if found.endswith('/') else ''}"


def _without_dots(segments: list[str]) -> list[str]:
    left: list[str] = []
    for segment in segments:
        if _UP.fullmatch(segment):
            left = left[:-1]
        elif not _STAY.fullmatch(segment):
            left.append(segment)
    last = segments[-1] if segments else ""
    return [*left, ""] if _UP.fullmatch(last) or _STAY.fullmatch(last) else left


def _decoded_dots(segment: str) -> str:
    return segment if ";" in segment else re.sub("%2e", ".", segment, flags=re.IGNORECASE)


def _decoded(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if _UNRESERVED.fullmatch(char) else found[0]


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"
