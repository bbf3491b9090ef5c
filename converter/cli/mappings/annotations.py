"""The sections ``prefixes`` and ``annotations``: which keys on an Ingress mean what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.cli.mappings.fields import hint, listed
from converter.controllers.ingress_nginx.house import VALUE, Carried, Meaning, Means, Settled
from converter.controllers.ingress_nginx.selection import CLASS_ANNOTATION
from converter.ingress.names import is_subdomain
from converter.ledger import Verdict
from converter.tables import controller_table
from converter.validity import valid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from converter.cli.mappings.fields import Field
    from converter.controllers.ingress_nginx.house import Row

NAME = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
KINDS: Mapping[str, tuple[str, ...]] = {
    "means": (),
    "sets": (),
    "values": (),
    "inert": ("advice",),
    "builtin": ("advice",),
    "untranslated": ("advice",),
    "goes-to": ("as", "advice"),
}
"""What a row can say, and what may stand beside it."""
PLACES: tuple[Literal["gateway", "route"], ...] = ("gateway", "route")
_NAME = re.compile(rf"(?:{NAME}|\*)\Z")
_WHOLE = "write annotations of ingress-nginx and their values, for example {proxy-body-size: 50m}."


def prefixes(field: Field, file: str) -> dict[str, str]:
    """The prefixes of the house with a slash behind them, and the file that names them."""
    found = {}
    for item in field.items():
        text = item.text("write a prefix, for example ingress.corp.example.").removesuffix("/")
        if text and (not is_subdomain(text) or "$" in text):
            item.tell(f"{text} is no prefix of annotations, which is a DNS name such as ingress.corp.example.")
        elif text:
            found[f"{text}/"] = file
    return found


def rows(field: Field, file: str, prefixes: Mapping[str, str]) -> dict[str, Row]:
    """The rows by key."""
    found = {}
    for key, each in field.fields("write annotations with what they mean below them.").items():
        if wrong := _wrong_key(key, prefixes):
            each.tell(wrong)
        if row := _row(each, file):
            found[key] = row
    return found


def _wrong_key(key: str, prefixes: Mapping[str, str]) -> str:
    prefix, slash, name = key.rpartition("/")
    if not _NAME.match(name) or (slash and not is_subdomain(prefix)) or (name == "*" and not slash):
        return "it is no key of an annotation, such as platform.example.com/team, nor a prefix that ends in /*."
    if key == CLASS_ANNOTATION:
        return "it chooses the controller; say with --class which classes ingress-nginx serves."
    if name == "*" and prefix + slash == controller_table("ingress-nginx").prefix:
        return "it would take away all annotations of ingress-nginx; name single ones."
    if name == "*" and prefix + slash in prefixes:
        return f"{prefix} is one of the prefixes, so its annotations mean something; name single ones."
    return ""


def _row(field: Field, file: str) -> Row | None:
    """What the one key of the row that says its kind asks for."""
    every = tuple(dict.fromkeys((*KINDS, *(beside for known in KINDS.values() for beside in known))))
    found = field.only(every)
    kinds = [name for name in found if name in KINDS]
    if len(kinds) != 1:
        told = f"{' and '.join(kinds)} exclude each other" if kinds else "nothing says what it means"
        if isinstance(field.value, dict):
            field.tell(f"{told}; write one of {listed(tuple(KINDS))}.")
        return None
    kind = kinds[0]
    for name, each in found.items():
        if name != kind and name not in KINDS[kind]:
            owners = tuple(one for one, known in KINDS.items() if name in known)
            each.tell(f"it goes with {listed(owners)}, not with {kind}.")
    return _of_kind(kind, found, field, file)


def _of_kind(kind: str, found: Mapping[str, Field], field: Field, file: str) -> Row | None:
    field_of_kind, advice = found[kind], found["advice"].text() if "advice" in found else ""
    if kind == "goes-to":
        place = field_of_kind.word(PLACES)
        return Carried("gateway" if place == "gateway" else "route", _as_key(found), advice) if place else None
    if kind not in ("means", "sets", "values"):
        return Settled(Verdict(kind), field_of_kind.text("write the reason, in one sentence."), advice)
    if field.name.endswith("/*"):
        field_of_kind.tell("it is for one annotation; for all below a prefix there is the section prefixes.")
    if kind == "means":
        name = _real(field_of_kind, field_of_kind.text("write the name of an annotation of ingress-nginx."))
        return Means((Meaning(VALUE, {name: VALUE}),), file)
    if kind == "sets":
        sets = _sets(field_of_kind)
        if sets and not any(VALUE in value for value in sets.values()):
            field_of_kind.tell(f"it would be set whatever the value is, even false; write values, or {VALUE} in it.")
        return Means((Meaning(VALUE, sets),), file)
    return Means(tuple(_meanings(field_of_kind)), file)


def _as_key(found: Mapping[str, Field]) -> str | None:
    if "as" not in found:
        return None
    key = found["as"].text("write the key that it has there.")
    if key and _wrong_key(key, {}):
        found["as"].tell(f"{key} is no key of an annotation.")
    return key


def _meanings(field: Field) -> list[Meaning]:
    found = field.fields("write values with what they set below them, for example 'true': {ssl-redirect: true}.")
    for form, each in found.items():
        if form.count(VALUE) > 1:
            each.tell(f"{VALUE} stands there more than once.")
    return [Meaning(form.strip(), _sets(each, open_part=VALUE in form)) for form, each in found.items()]


def _sets(field: Field, *, open_part: bool = True) -> dict[str, str]:
    """What is set, by the real names of the annotations."""
    if field.value is None:
        field.tell("write {} if it sets nothing.")
        return {}
    found: dict[str, str] = {}
    for name, each in field.fields(_WHOLE).items():
        real, value = _real(each, name), each.scalar("write its value.")
        if real in found:
            each.tell(f"{real} is set twice, once by another name.")
        found[real] = value
        if VALUE in value and not open_part:
            each.tell(f"{VALUE} stands for a part of the value that is open, and this value has none.")
        elif real and value:
            _check_value(each, real, value)
    return found


def _check_value(field: Field, name: str, value: str) -> None:
    row = controller_table("ingress-nginx").annotations[name]
    if VALUE not in value and not valid(row, value):
        wanted = f"one of {listed(row.values)}" if row.values else f"of type {row.type}"
        field.tell(f"{value} is refused by ingress-nginx; {name} is {wanted}.")


def _real(field: Field, written: str) -> str:
    """The name of the annotation without prefix, for an alias the one that it is of; empty where it is told wrong."""
    table = controller_table("ingress-nginx")
    name = written.removeprefix(table.prefix)
    if name in table.annotations or not name:
        return name
    if alias := table.aliases.get(name):
        return alias.of
    other = table.invented.get(name)
    meant = other.intent.replace("/", " or ") if other and other.intent else ""
    told = f"did you mean {meant}?" if meant else hint(name, table.annotations)
    field.tell(f"ingress-nginx reads no annotation {name}; {told}")
    return ""
