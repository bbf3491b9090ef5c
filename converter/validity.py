"""Whether ingress-nginx accepts the text of an annotation.

Go parses these values, so the rules here are Go's: no blank around a number, no ``yes`` for a boolean, and ``$`` in
a regular expression is the very end of the text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from converter.tables import AnnotationRow

_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})
_INT = re.compile(r"[+-]?0*[0-9]{1,19}")
_LABEL = re.compile(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")
_PREFIX_LENGTH = re.compile(r"(?:/[0-9]+)?")

_GO_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?i\)|\$")
_IN_PYTHON = {"$": r"\Z", r"\s": r"[\t\n\f\r ]", "(?i)": ""}
_NOT_GO = re.compile(r"\\[1-9]|\(\?(?:[=!>(]|<[=!]|P=)")


def valid(row: AnnotationRow, value: str, *, strictly: bool = True) -> bool:
    """An empty value is valid: it counts as absent and no validator sees it.

    Without ``strictly`` it is enough that the parser understands the value: ``--enable-annotation-validation=false``.
    """
    if not value:
        return True
    if row.pattern is not None and not strictly:
        return row.type != "enum" or _is_word(row, value)
    if row.pattern is not None:
        return all(_matches(row, part) for part in _parts(row, value))
    check = _CHECKS.get(row.type)
    return check is None or check(row, value)


def parse_bool(text: str) -> bool | None:
    """As Go's ``strconv.ParseBool``; None is what it refuses, ``yes`` and ``on`` among it."""
    return True if text in _TRUE else False if text in _FALSE else None


def parse_int(text: str) -> int | None:
    """As Go's ``strconv.Atoi``: ASCII digits within 64 bits, without blanks, underscores or a unit."""
    if not _INT.fullmatch(text):
        return None
    sign = -1 if text[0] == "-" else 1
    number = sign * int(text.lstrip("+-").lstrip("0") or "0")
    return number if -(2**63) <= number < 2**63 else None


@cache
def go_regex(pattern: str) -> re.Pattern[str]:
    """Compile a regular expression in Go's notation; raises :class:`re.error`.

    Only what differs in the patterns of the tables is translated: ``$``, ``\\s`` and a ``(?i)`` after the ``^``.
    """
    flags = re.ASCII | (re.IGNORECASE if "(?i)" in pattern else 0)
    return re.compile(_GO_TOKEN.sub(lambda token: _IN_PYTHON.get(token[0], token[0]), pattern), flags)


def _parts(row: AnnotationRow, value: str) -> list[str]:
    return value.split(",") if row.type == "host-list" else [value]


def _matches(row: AnnotationRow, value: str) -> bool:
    if row.spaces == "removed":
        value = value.replace(" ", "")
    elif row.spaces == "trimmed":
        value = value.strip()
    pattern = row.linear or row.pattern or ""
    return go_regex(pattern).search(value) is not None and "\n" not in value and "\r" not in value


def _is_word(row: AnnotationRow, value: str) -> bool:
    word = value.strip()
    if row.ignores_case:
        return word.lower() in {known.lower() for known in row.values}
    return word in row.values


def _are_networks(_: AnnotationRow, value: str) -> bool:
    return all(_is_network(part.strip()) for part in value.split(","))


def _is_network(text: str) -> bool:
    """An address or a network, host bits allowed; Python alone would take a netmask or a zone as well."""
    import ipaddress

    address, slash, length = text.partition("/")
    if "%" in address or not _PREFIX_LENGTH.fullmatch(slash + length):
        return False
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_common_name(_: AnnotationRow, value: str) -> bool:
    """CN= and an expression that Go compiles; nearly, for Python has to stand in for Go here."""
    import warnings

    expression = value.removeprefix("CN=")
    if expression == value or _NOT_GO.search(expression):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(expression)
        except (re.error, OverflowError, RecursionError):
            return False
    return True


def _is_int(_: AnnotationRow, value: str) -> bool:
    return parse_int(value) is not None


_CHECKS: Mapping[str, Callable[[AnnotationRow, str], bool]] = {
    "bool": lambda _, value: parse_bool(value) is not None,
    "int": _is_int,
    "kilobytes": _is_int,
    "seconds": _is_int,
    "enum": _is_word,
    "cidr-list": _are_networks,
    "service": lambda _, value: _LABEL.fullmatch(value) is not None,
    "common-name": _is_common_name,
}
