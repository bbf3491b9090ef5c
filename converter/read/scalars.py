"""Plain YAML scalars as Kubernetes reads them.

kubectl and the API server use go-yaml v2: ``y`` and ``on`` are booleans, ``010`` is 8, and neither dates nor base-60
numbers exist. No YAML library for Python agrees with all of that.
"""

from __future__ import annotations

import math
import re

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_MAY_BE_NUMBER = frozenset("0123456789+-.")
_MAY_BE_WORD = frozenset("~yYnNtTfFoO.+-")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INTS = (
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+\Z"), 16),
    (re.compile(r"[-+]?0[bB][01]+\Z"), 2),
    (re.compile(r"[-+]?0[oO]?[0-7]+\Z"), 8),
    (re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"), 10),
)


def resolve(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar."""
    if not text:
        return None
    first = text[0]
    if (first in _MAY_BE_WORD) and text in _WORDS:
        return _WORDS[text]
    if first in _MAY_BE_NUMBER:
        return _number(text)
    return text


def _number(text: str) -> str | int | float:
    plain = text.replace("_", "")
    for pattern, base in _INTS:
        if pattern.match(plain):
            return int(plain.replace("o", "").replace("O", ""), base) if base == 8 else int(plain, base)
    return float(plain) if _FLOAT.match(plain) else text
