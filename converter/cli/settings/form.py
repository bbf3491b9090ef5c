"""How the value of an option is written in the file; the reader and the schema both go by it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import click

from converter.cli import options
from converter.gateway.releases import known_releases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Type = Literal["boolean", "integer", "number", "string"]

_LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_OPEN = r"(?=.*\$)(?:[-.a-z0-9]|\$\{[^{}]+\}|\$[A-Za-z_][A-Za-z0-9_]*)+"
"""With placeholders, which stand for any legal text; see ``converter.ingress.names``."""


@cache
def _patterns() -> Mapping[Callable[..., Any], str]:
    """What the checks of the command line accept, for editors."""
    space, name = f"(?:{_LABEL}|{_OPEN})", f"(?:{_SUBDOMAIN}|{_OPEN})"
    part = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
    releases = "|".join(map(re.escape, known_releases()))
    return {
        options.namespace: f"^{space}?$",
        options.object_name: f"^{name}?$",
        options.release_name: rf"^(?:(?=.{{1,53}}$){part}(?:\.{part})*)?$",
        options.object_reference: f"^(?:{space}/{name})?$",
        options.controller_name: rf"^(?:{_SUBDOMAIN}/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+)?$",
        options.controller_version: r"^(?:v?[0-9]+\.[0-9]+(?:\.[0-9]+)?(?![0-9.]).*)?$",
        options.gateway_api_version: rf"^v?(?:{releases})(?:\.[0-9]+)?$",
    }


@dataclass(frozen=True, slots=True)
class Form:
    type: Type
    choices: tuple[str, ...] = ()
    pattern: str = ""
    many: bool = False
    """A list, or one value for a list of one."""

    def fault(self, value: Any) -> str:
        """Why the value is of the wrong type, as a sentence; empty when it is not."""
        if value is None:
            return "it has no value; leave the key out to keep the default."
        if isinstance(value, list):
            if not self.many:
                return "it takes one value, not a list."
            return next((found for each in value if (found := self._fault_of_one(each))), "")
        return self._fault_of_one(value)

    def _fault_of_one(self, value: Any) -> str:
        if _TYPES[self.type](value):
            return ""
        if self.type == "string" and not isinstance(value, dict | list) and value is not None:
            return "it is a text; write it in quotes."
        return _WANTED[self.type]


def form_of(option: click.Option) -> Form:
    """The form that the option's own declaration asks for."""
    if option.is_bool_flag:
        return Form("boolean")
    if option.count or isinstance(option.type, click.types.IntParamType):
        return Form("integer", many=option.multiple)
    if isinstance(option.type, click.types.FloatParamType):
        return Form("number", many=option.multiple)
    choices = tuple(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else ()
    return Form("string", choices, _patterns().get(option.callback, "") if option.callback else "", option.multiple)


_TYPES: Mapping[Type, Callable[[Any], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
}
_WANTED: Mapping[Type, str] = {
    "boolean": "write true or false, without quotes.",
    "integer": "write a whole number, without quotes.",
    "number": "write a number, without quotes.",
    "string": "write one text.",
}
