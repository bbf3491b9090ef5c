"""Text onto an open stream."""

from __future__ import annotations

from typing import BinaryIO


def write_stream(stream: BinaryIO, text: str) -> None:
    """Write all of the text, as UTF-8 whatever the terminal's encoding is: that is what manifests are.

    An unbuffered stream (``PYTHONUNBUFFERED``) takes only what fits into the pipe at once, so it is asked again.
    """
    rest = memoryview(text.encode())
    while rest:
        rest = rest[stream.write(rest) or 0 :]
    stream.flush()
