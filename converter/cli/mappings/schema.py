"""The JSON Schema of a file of mappings, for editors; it comes from the tables of this version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.cli.mappings.annotations import KINDS, NAME, PLACES
from converter.cli.mappings.judgements import COLUMNS, codes
from converter.ledger import Verdict
from converter.tables import controller_table
from converter.targets import NAMES, OTHERS
from converter.targets.table import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.objects import Json

_LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_KEY = rf"^(?:(?:{_DOMAIN}/)?{NAME}|{_DOMAIN}/\*)$"
_SENTENCE: Json = {"type": "string", "pattern": r"\S"}
_VALUE: Json = {"type": ["string", "number", "boolean"]}
"""As it is written: quotes make no difference."""
_KINDS: Mapping[str, str] = {
    "means": "The annotation of ingress-nginx that takes the same values.",
    "sets": "What it sets in ingress-nginx's words; {value} stands for its value.",
    "values": "What each of its values sets; {value} in a value stands for a part that may be anything.",
    "inert": "Why it changes nothing for traffic.",
    "builtin": "What takes care of it on the new Gateway.",
    "untranslated": "What is lost.",
    "goes-to": "The object on which its program reads it from now on.",
    "advice": "What a person can do, in one sentence.",
    "as": "The key that it has there.",
}


def schema() -> Json:
    """Draft 7, which the editors' YAML servers know best."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Mappings of ingress-migrate",
        "description": "What a file for --mappings may say.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {"prefixes": _prefixes(), "annotations": _annotations(), "targets": _targets()},
        "definitions": {
            "row": _row(),
            "settings": _settings(),
            "value": _VALUE,
            "judgement": _judgement(),
            **{name: _target(name) for name in NAMES},
        },
    }


def _prefixes() -> Json:
    one = {"type": "string", "pattern": rf"^\s*{_DOMAIN}/?\s*$"}
    told = "Annotations below them mean what those of ingress-nginx mean."
    return {"description": told, "anyOf": [one, {"type": "array", "items": one}]}


def _annotations() -> Json:
    return {
        "description": "What annotations of your own mean, by key or by a prefix that ends in /*.",
        "type": "object",
        "propertyNames": {"pattern": _KEY},
        "additionalProperties": {"$ref": "#/definitions/row"},
    }


def _row() -> Json:
    settings = {"$ref": "#/definitions/settings"}
    table = controller_table("ingress-nginx")
    name = {"type": "string", "examples": sorted([*table.annotations, *table.aliases])}
    forms: dict[str, Any] = {
        "means": name,
        "sets": settings,
        "values": {"type": "object", "additionalProperties": settings},
        "goes-to": {"enum": list(PLACES)},
        "as": {"type": "string", "pattern": r"\S"},
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {kind: {"description": told, **forms.get(kind, _SENTENCE)} for kind, told in _KINDS.items()},
        "oneOf": [
            {
                "required": [kind],
                "not": {"anyOf": [{"required": [other]} for other in ("advice", "as") if other not in beside]},
            }
            if len(beside) < 2
            else {"required": [kind]}
            for kind, beside in KINDS.items()
        ],
    }


def _settings() -> Json:
    table = controller_table("ingress-nginx")
    names = {name: row.effect for name, row in table.annotations.items()}
    names |= {name: f"Another name of {alias.of}." for name, alias in table.aliases.items()}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _described(told, "value") for name, told in sorted(names.items())},
        "patternProperties": {f"^{re.escape(table.prefix)}": {"$ref": "#/definitions/value"}},
    }


def _targets() -> Json:
    return {
        "description": "Other verdicts, messages or advice for what a target makes of something.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{name: {"$ref": f"#/definitions/{name}"} for name in NAMES},
            **{name: {"$ref": f"#/definitions/{BASE}"} for name in OTHERS},
        },
    }


def _target(name: str) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {code: _described(told, "judgement") for code, told in sorted(codes(name).items())},
    }


def _described(told: str, definition: str) -> Json:
    """Beside a reference nothing else counts, so it stands in a list of its own."""
    return {"description": told, "allOf": [{"$ref": f"#/definitions/{definition}"}]}


def _judgement() -> Json:
    forms: dict[str, Any] = {
        "verdict": {"enum": [str(verdict) for verdict in Verdict]},
        "message": _SENTENCE,
        "advice": {"type": "string"},
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {column: forms[column] for column in COLUMNS},
    }
