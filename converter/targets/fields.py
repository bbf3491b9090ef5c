"""Behaviours that one field of one object says: the row of the target's table is all that a target needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ListenerOptions, ListenerPolicy, ServicePolicy
from converter.routing import Setting
from converter.targets.carry import Part
from converter.targets.standard import traffic
from converter.targets.standard.parts import duration, notes
from converter.validity import parse_int

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from converter.gateway.drafts import Note
    from converter.routing import Backend, Behaviour, Location
    from converter.targets.carry import Carrier, Target
    from converter.targets.table import Carry

_NGINX_SIZE = re.compile(r"\d{1,4}[kmg]?\Z")
_TIMES = ((1, "s"), (60, "m"), (3600, "h"))
_SIZES = ((1 << 30, "Gi", "g"), (1 << 20, "Mi", "m"), (1 << 10, "Ki", "k"))


def by_row(code: str, otherwise: Carrier) -> Carrier:
    """A carrier that does what the row says; what its field cannot say, and what nobody wrote, goes to another one."""

    def carrier(behaviour: Behaviour, location: Location, target: Target) -> Part:
        carry = target.table.rows[code].carry
        written = any(origin.type != "default" for origin in behaviour.origins)
        value = said(carry, behaviour) if carry and written else None
        if carry is None or value is None or location.backend is None:
            return otherwise(behaviour, location, target)
        return part_of(carry, value, notes(target, code, behaviour.origins, carry.place), location.backend)

    return carrier


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    """The same for a setting, by the row for its name; a row ``NAME.lost`` is for values that the field cannot say."""
    rows = target.table.settings
    carry = rows[behaviour.name].carry if behaviour.name in rows else None
    if carry is None:
        return traffic.setting(behaviour, location, target)
    value = said(carry, behaviour)
    if value is None or location.backend is None:
        lost = rows.get(f"{behaviour.name}.lost")
        return Part(notes=lost.notes(behaviour.origins)) if lost else traffic.lost_setting(behaviour)
    return part_of(carry, value, rows[behaviour.name].notes(behaviour.origins, carry.place), location.backend)


def said(carry: Carry, behaviour: Any) -> Any:
    """What the field says for the behaviour; ``None`` for what it cannot say."""
    if carry.form == WORD:
        return carry.words.get(behaviour.value.strip())
    if carry.form == WORDS:
        return [carry.words[word] for word in _SEPARATORS.split(behaviour.value) if word in carry.words] or None
    value = _FORMS[carry.form](behaviour)
    return value if not carry.fits or (value is not None and re.fullmatch(carry.fits, value)) else None


def part_of(carry: Carry, value: Any, told: tuple[Note, ...], backend: Backend) -> Part:
    """The object that the row names, with this value in its field; an annotation or an option needs none."""
    if carry.how == "annotation":
        return Part(annotations=((carry.field, value),), notes=told)
    if carry.how == "tls-option":
        words = ",".join(value) if isinstance(value, list) else str(value)
        return Part(listener_options=(ListenerOptions({carry.field: words}, told),))
    place, *path = carry.field.split(".")
    content = _nested(path, value)
    if carry.how == "listener":
        listener = ListenerPolicy(carry.kind, carry.api_version, carry.word, content, told, carry.targets)
        return Part(listener_policies=(listener,))
    if carry.how == "service":
        policy = ServicePolicy(
            carry.kind, backend.namespace, backend.service, carry.word, content, told, carry.api_version, carry.targets
        )
        return Part(service_policies=(policy,))
    extension = Extension(
        carry.kind, carry.api_version, carry.how, carry.word, content, told, at=place, targets=carry.targets
    )
    return Part(extensions=(extension,))


def _nested(path: Sequence[str], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def quantity(size: int) -> str:
    """Bytes as a Kubernetes quantity."""
    return next((f"{size // unit}{word}" for unit, word, _ in _SIZES if size % unit == 0), str(size))


def nginx_size(size: int) -> str:
    """Bytes as nginx writes them."""
    return next((f"{size // unit}{word}" for unit, _, word in _SIZES if size % unit == 0), str(size))


def _amount(behaviour: Any, name: str) -> int | None:
    """A number of the behaviour, or the value of a setting, where that is one above 0."""
    if not isinstance(behaviour, Setting):
        return int(getattr(behaviour, name))
    number = parse_int(behaviour.value.strip())
    return number if number and number > 0 else None


def nginx_time(seconds: int) -> str:
    """Seconds as the policies of nginx take them, in four digits; rounded up to what they hold."""
    found = next(((-(-seconds // unit), word) for unit, word in _TIMES if seconds <= 9999 * unit), (9999, "h"))
    return f"{found[0]}{found[1]}"


def size_text(written: str) -> str | None:
    """A size that a person wrote for nginx, as its policies take it; ``None`` for one that they refuse."""
    text = written.strip().lower().removesuffix("b")
    return text if _NGINX_SIZE.match(text) else None


def _nginx_size(behaviour: Any) -> str | None:
    return size_text(behaviour.value if isinstance(behaviour, Setting) else nginx_size(behaviour.size))


def _timed(write: Callable[[int], Any]) -> Callable[[Any], Any]:
    def form(behaviour: Any) -> Any:
        seconds = _amount(behaviour, "seconds")
        return None if seconds is None else write(seconds)

    return form


WORD = "word"
"""The form of a value that is one of the row's ``words``."""
WORDS = "words"
"""The form of a value that lists some of them; others are left out."""
_SEPARATORS = re.compile(r"[\s,:]+")
_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "quantity": lambda limit: quantity(limit.size) if limit.size else None,
    "nginx-size": _nginx_size,
    "nginx-time": _timed(nginx_time),
    "bytes": lambda limit: limit.size or None,
    "seconds": _timed(lambda seconds: seconds),
    "milliseconds": _timed(lambda seconds: seconds * 1000),
    "duration": _timed(duration),
    "number": lambda setting: _amount(setting, "number"),
    "kibibytes": lambda setting: quantity(kilobytes << 10) if (kilobytes := _amount(setting, "kilobytes")) else None,
    "text": lambda setting: setting.value.strip(),
    "list": lambda setting: setting.value.replace(",", " ").split(),
}
"""How a value is written, from the behaviour; ``None`` for one that the field cannot say."""
