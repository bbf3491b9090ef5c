"""The ``functionConfig`` of a KRM function as the options of a conversion."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from converter.cli.conversion_options import conversion_options
from converter.cli.settings.keys import options_of, overridable_options
from converter.ingress.fields import mapping, text_of
from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "IngressMigrate"
_CONFIG_MAP = "ConfigMap"
_CAPITAL = re.compile(r"(?<=[a-z0-9])[A-Z]")
_FAIL_ON = {
    "untranslated": (Verdict.UNTRANSLATED,),
    "approximated": (Verdict.UNTRANSLATED, Verdict.APPROXIMATED),
}
_OWN = ("paths", "fail-on")
_OWNER = "ingress-migrate"


class FunctionConfigError(ValueError):
    """The configuration is wrong; the message names the key."""


class Settings(NamedTuple):
    """What a functionConfig asks for."""

    options: dict[str, Any]
    """As :func:`converter.cli.conversion.conversion_options` gives them to a command."""
    paths: tuple[str, ...]
    """Files to convert with the items; a generator has no other input."""
    failing: tuple[Verdict, ...]
    """Verdicts that are errors."""
    owner: str
    """The name of the configuration, by which the function knows what it made."""


@click.command("function")
@click.option("--paths", multiple=True)
@click.option("--fail-on", type=click.Choice(list(_FAIL_ON)))
@conversion_options
def _options(**_: Any) -> None:
    """Never called: it knows the keys and checks their values."""


def settings(config: dict[str, Any] | None) -> Settings:
    """The settings of a functionConfig, or the defaults if there is none.

    Raises:

        FunctionConfigError: Another kind, an unknown key or a wrong value.
    """
    config = config or {}
    where, values = _values(config)
    typed = dict(_typed(where, values))
    names = {option: key for key, (option, _) in typed.items()}
    try:
        # The file that configures a repository is for people at work in it; a function has its functionConfig.
        with _options.make_context("function", ["--no-config"], default_map=dict(typed.values())) as context:
            options = dict(context.params)
    except click.BadParameter as error:
        name = str(error.param.name) if error.param else ""
        raise FunctionConfigError(f"{where}.{names.get(name, name)}: {error.message.rstrip('.')}.") from None
    paths, fail_on = options.pop("paths"), options.pop("fail_on")
    owner = mapping(config.get("metadata")).get("name")
    return Settings(options, paths, _FAIL_ON[fail_on] if fail_on else (), owner if isinstance(owner, str) else _OWNER)


def _values(config: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The field that holds the options, and what it holds."""
    kind = config.get("kind", KIND)
    if kind not in (KIND, _CONFIG_MAP):
        raise FunctionConfigError(
            f"functionConfig is of kind {kind}; use {KIND} with spec, or {_CONFIG_MAP} with data."
        )
    field = "spec" if kind == KIND else "data"
    found = config.get(field)
    if found is not None and not isinstance(found, dict):
        raise FunctionConfigError(f"functionConfig.{field} is no mapping.")
    return f"functionConfig.{field}", found or {}


def _typed(where: str, values: dict[str, Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    """By key as it is written: the name of its parameter, and the value as if it had been typed."""
    known = {
        name: option for name, option in options_of(_options).items() if name in _OWN or name in overridable_options()
    }
    for key in values:
        option = known.get(_CAPITAL.sub(lambda found: f"-{found[0]}", key).lower())
        if option is None:
            close = difflib.get_close_matches(key, [_camel(name) for name in known], 1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(sorted(map(_camel, known)))}."
            raise FunctionConfigError(f"{where}.{key} is no option; {hint}")
        yield key, (str(option.name), _value(where, values, key, multiple=option.multiple))


def _value(where: str, values: dict[str, Any], key: str, *, multiple: bool) -> Any:
    """A ConfigMap has only texts, so commas part what is a list elsewhere."""
    value = values[key]
    if isinstance(value, list) and multiple:
        return [str(each) for each in value]
    if isinstance(value, (dict, list)) or value is None:
        raise FunctionConfigError(f"{where}.{key}: a single value is wanted.")
    text = text_of(values, key)
    return [each.strip() for each in text.split(",")] if multiple else text


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)
