"""Behaviours that one field of one object says: the row of the target's table is all that a target needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension, ServicePolicy
from converter.targets.carry import Part
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from converter.gateway.drafts import Note
    from converter.routing import Backend, Behaviour, Location
    from converter.targets.carry import Carrier, Target
    from converter.targets.table import Carry

_SIZES = ((1 << 30, "Gi", "g"), (1 << 20, "Mi", "m"), (1 << 10, "Ki", "k"))


def by_row(code: str, otherwise: Carrier) -> Carrier:
    """A carrier that does what the row says; what its field cannot say, and what nobody wrote, goes to another one."""

    def carrier(behaviour: Behaviour, location: Location, target: Target) -> Part:
        carry = target.table.rows[code].carry
        written = any(origin.type != "default" for origin in behaviour.origins)
        value = _FORMS[carry.form](behaviour) if carry and written else None
        if carry is None or value is None or location.backend is None:
            return otherwise(behaviour, location, target)
        return _part(carry, value, notes(target, code, behaviour.origins, carry.field), location.backend)

    return carrier


def _part(carry: Carry, value: Any, told: tuple[Note, ...], backend: Backend) -> Part:
    place, *path = carry.field.split(".")
    content = _nested(path, value)
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


_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "quantity": lambda limit: quantity(limit.size) if limit.size else None,
    "nginx-size": lambda limit: nginx_size(limit.size),
    "bytes": lambda limit: limit.size or None,
    "seconds": lambda timeout: timeout.seconds,
    "milliseconds": lambda timeout: timeout.seconds * 1000,
    "duration": lambda timeout: f"{timeout.seconds}s",
}
"""How a value is written, from the behaviour; ``None`` for one that the field cannot say."""
