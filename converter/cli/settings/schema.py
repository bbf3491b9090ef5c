"""The JSON Schema of the file, for editors; it comes from the commands, so it fits the version that prints it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from converter.cli.settings.form import form_of
from converter.cli.settings.keys import OVERRIDES, PATHS, overridable_options, sections, shared_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.objects import Json


def schema() -> Json:
    """Draft 7, which the editors' YAML servers know best."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Options of ingress-migrate",
        "description": "What .ingress-migrate.yaml may say.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            **_properties(shared_options()),
            **{name: _section(name, options) for name, options in sections().items()},
            OVERRIDES: _overrides(),
        },
    }


def _section(name: str, options: Mapping[str, click.Option]) -> Json:
    return {
        "description": f"Options of ingress-migrate {name} alone.",
        "type": "object",
        "additionalProperties": False,
        "properties": _properties(options),
    }


def _overrides() -> Json:
    patterns = _one_or_many({"type": "string", "minLength": 1}, least=1)
    told = "Patterns as in .gitignore, relative to the folder of this file."
    return {
        "description": "Options for some of the files; of two entries that set the same, the later one counts.",
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": [PATHS],
            "minProperties": 2,
            "properties": {PATHS: {"description": told, **patterns}, **_properties(overridable_options())},
        },
    }


def _properties(options: Mapping[str, click.Option]) -> Json:
    return {name: _property(option) for name, option in options.items()}


def _property(option: click.Option) -> Json:
    form = form_of(option)
    one: dict[str, Any] = {"type": form.type}
    if form.choices:
        one["enum"] = list(form.choices)
    if form.pattern:
        one["pattern"] = form.pattern
    default = option.get_default(click.Context(click.Command("")))
    # Nothing and the empty text stand for a default that depends on the input, which the help says.
    known = {"default": default} if isinstance(default, bool | int | str) and default != "" else {}
    return {"description": help_of(option), **(_one_or_many(one) if form.many else one), **known}


def _one_or_many(one: Json, least: int = 0) -> Json:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": least}]}


def help_of(option: click.Option) -> str:
    """What ``--help`` says, in one line."""
    return re.sub(r"\s+", " ", option.help or "")
