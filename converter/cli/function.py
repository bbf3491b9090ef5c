"""``ingress-migrate function``: a KRM function, which reads a ``ResourceList`` and writes it with what was made."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from converter.cli.conversion import convert_environments
from converter.cli.function_config import FunctionConfigError, settings
from converter.krm.ownership import annotations_of, path_of, plan, sources_of
from converter.krm.resource_list import NotAResourceListError, ResourceList, parse, rewrite
from converter.krm.results import fault, refusal, results
from converter.problems import Problem
from converter.read import STDIN, Environment, Reading, read
from converter.read.documents import documents
from converter.write import write_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.cli.function_config import Settings
    from converter.gateway.objects import Json
    from converter.read import Document

FAILED = 1
_LOCAL = "config.kubernetes.io/local-config"
"""Marks what never reaches a cluster."""


@click.command("function", epilog="Exit status: 0 done; 1 a result is an error, or the input is no ResourceList.")
def command() -> None:
    """Convert the Ingresses of a ResourceList, as kustomize and kpt hand it to a KRM function.

    It comes on standard input and goes to standard output with the objects that were made, next to the files they
    were made from. A functionConfig of kind IngressMigrate (spec) or ConfigMap (data) has the options of convert, such
    as target or gatewayApi.
    """
    if sys.stdin.isatty():
        raise click.UsageError("kustomize or kpt start this command; it waits for a ResourceList on standard input.")
    try:
        source = parse(sys.stdin.buffer.read().decode())
    except UnicodeDecodeError:
        raise click.ClickException("The input is not UTF-8 text.") from None
    except NotAResourceListError as error:
        raise click.ClickException(str(error)) from None
    text, found = _answer(source)
    write_stream(sys.stdout.buffer, text)
    errors = [_spoken(each) for each in found if each["severity"] == "error"]
    for told in errors:
        click.echo(f"Error: {told}", err=True)
    if errors:
        sys.exit(FAILED)


def _answer(source: ResourceList) -> tuple[str, Sequence[Json]]:
    """The list that goes out, and its results."""
    try:
        asked = settings(source.config)
        converted = convert_environments([_input(source, asked)], asked.options)
    except FunctionConfigError as error:
        return _unchanged(source, str(error))
    except click.ClickException as error:
        return _unchanged(source, error.format_message())
    found = results(converted.entries, converted.report.problems, source.items, asked.failing)
    if converted.refused:
        found = [fault("No object was made, because an access rule cannot be carried."), *found]
    files = [path_of(item) for item in source.items if isinstance(item, dict) and item.get("kind") == "Ingress"]
    objects = () if converted.refused else converted.objects
    planned = plan(source.items, objects, asked.owner, sources_of(objects, converted.entries, files))
    found += [refusal(name, source.items) for name in planned.refused]
    return rewrite(source, planned.replaced, planned.added, found), found


def _unchanged(source: ResourceList, message: str) -> tuple[str, Sequence[Json]]:
    found = [fault(message)]
    return rewrite(source, {}, (), found), found


def _input(source: ResourceList, asked: Settings) -> Environment:
    """The items, named by the files they come from, with the files that ``paths`` names.

    Nothing is built from those: the function may be a part of the build.
    """
    own, problems = _read(source)
    files = read(asked.paths)
    reading = Reading((*own, *files.documents), (*problems, *files.problems), files.files)
    return Environment("", reading)


def _read(source: ResourceList) -> tuple[list[Document], list[Problem]]:
    own: list[Document] = []
    problems: list[Problem] = []
    for found in documents(STDIN, source.text.encode(), named=True):
        if isinstance(found, Problem):
            problems.append(found)
        elif annotations_of(found.value).get(_LOCAL) != "true":
            own.append(replace(found, file=path_of(found.value) or STDIN))
    return own, problems


def _spoken(result: Mapping[str, Any]) -> str:
    """A result in a line, for people who see only standard error."""
    return ": ".join((*_where(result), result["message"]))


def _where(result: Mapping[str, Any]) -> Iterator[str]:
    if "file" in result:
        yield result["file"]["path"]
    if "resourceRef" in result:
        ref = result["resourceRef"]
        yield f"{ref['kind']} {ref['namespace'] + '/' if 'namespace' in ref else ''}{ref['name']}"
