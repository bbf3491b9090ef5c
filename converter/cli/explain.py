"""``ingress-migrate explain``: what an annotation does, and what becomes of it; printed from the tables alone."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from converter.cli.conversion_options import mappings_option
from converter.cli.reference import INVALID, SCOPE, reference
from converter.controllers.ingress_nginx.selection import CLASS_ANNOTATION
from converter.tables import controller_table, neighbours
from converter.targets import NAMES
from converter.targets.table import target_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from click.shell_completion import CompletionItem

    from converter.cli.mappings.load import Mappings
    from converter.tables import AnnotationRow, ControllerTable
    from converter.targets.judgements import Judgement

WIDTH = 88


def names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For a shell: every name that has an explanation; with the prefix once that has been typed."""
    from click.shell_completion import CompletionItem

    table = controller_table("ingress-nginx")
    prefix = table.prefix if incomplete.startswith(table.prefix) else ""
    known = {prefix + name: row.effect for rows in (table.annotations, table.removed) for name, row in rows.items()}
    known |= {prefix + name: f"Another name of {alias.of}." for name, alias in table.aliases.items()}
    known |= {key: row.effect for key, row in neighbours().rows.items() if not key.endswith("*")}
    return [CompletionItem(name, help=known[name]) for name in sorted(known) if name.startswith(incomplete)]


@click.command("explain")
@click.argument("name", required=False, shell_complete=names)
@click.option("--all", "everything", is_flag=True, help="List every name with its effect.")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="With --all: a list, or the whole reference as a page.",
)
@mappings_option
def command(name: str | None, everything: bool, form: str, mappings: tuple[str, ...]) -> None:
    """Show what annotation NAME does in ingress-nginx, and what becomes of it on each target.

    NAME may be one of your own that --mappings knows.
    """
    from converter.cli.mappings.load import load_mappings
    from converter.cli.mappings.telling import overview

    table, own = controller_table("ingress-nginx"), load_mappings(mappings)
    if everything:
        house = overview(own.house, table.prefix)
        page = reference(table, house, own.judgements) if form == "markdown" else "\n".join(_list(table, house))
        click.echo(page, nl=form == "text")
        return
    if name is None:
        raise click.UsageError("Name an annotation, or use --all.")
    short = name.removeprefix(table.prefix)
    lines = of_house(table, own, name) or (
        outside(name, own.judgements) if "/" in short else explain(table, short, own.judgements)
    )
    if lines is None:
        near = table.suggestion(short)
        hint = f" Did you mean {near}?" if near else " See --all for every name."
        raise click.UsageError(f"No annotation {short} is known.{hint}")
    click.echo("\n".join(lines))


def of_house(table: ControllerTable, own: Mappings, key: str) -> list[str] | None:
    """The lines for an annotation of the user's own."""
    from converter.cli.mappings.telling import names, sentences

    prefix, slash, name = key.partition("/")
    if row := own.house.find(key):
        told = [line for each in sentences(row) for line in _wrap(each)]
        meant = names(row)
    elif file := own.house.prefixes.get(prefix + slash):
        told = _wrap(f"{file} says that {prefix} means {table.prefix[:-1]}.")
        meant = [name]
    else:
        return None
    if len(meant) == 1:
        unknown = [f"No version of ingress-nginx has an annotation {meant[0]}."]
        return [key, "", *told, "", *(explain(table, meant[0], own.judgements) or unknown)]
    listed = [f"  {each}  {table.annotations[each].effect}" for each in meant]
    return [key, "", *told, *(["", *listed] if listed else [])]


def explain(table: ControllerTable, name: str, judgements: tuple[Judgement, ...] = ()) -> list[str] | None:
    """The lines for one name; ``None`` when no version ever had it and nobody writes it either."""
    if row := table.annotations.get(name):
        return [*_annotation(table, row), *_targets(judgements, row.becomes, row.name, row.topic)]
    if alias := table.aliases.get(name):
        head = [f"{table.prefix}{name}", "", *_wrap(f"Another name of {alias.of}, since {alias.since}."), ""]
        return [*head, *(explain(table, alias.of, judgements) or [])]
    if removed := table.removed.get(name):
        lines = [f"{table.prefix}{name}", "", *_wrap(f"Removed in {removed.removed}; without effect since.")]
        lines += _wrap(removed.effect)
        return lines + (_wrap(f"Use instead: {removed.replacement}.") if removed.replacement else [])
    if invented := table.invented.get(name):
        lines = [f"{table.prefix}{name}", "", "No version of ingress-nginx has ever read it."]
        lines += _wrap(invented.note or "")
        lines += _wrap(f"Probably meant: {invented.intent.replace('/', ' or ')}.") if invented.intent else []
        return [*lines, *(_targets(judgements, invented.becomes) if invented.becomes else [])]
    return None


def outside(key: str, judgements: tuple[Judgement, ...] = ()) -> list[str] | None:
    """The lines for an annotation outside the controller's own prefix."""
    if key == CLASS_ANNOTATION:
        told = "Names the class of the Ingress, and so the controller that serves it; spec.ingressClassName beats it."
        return [key, "", *_wrap(told), *_targets(judgements, ("class",))]
    row = neighbours().find(key)
    if row is None:
        return None
    goes_to = {"gateway": "It goes to the Gateway.", "route": "It goes to the HTTPRoute.", "none": ""}[row.goes_to]
    return [
        key,
        "",
        *_wrap(f"ingress-nginx does not read it; it is for {row.program}."),
        *_wrap(row.effect),
        *_wrap(goes_to),
        *_wrap(row.advice or ""),
    ]


def _annotation(table: ControllerTable, row: AnnotationRow) -> Iterable[str]:
    yield f"{table.prefix}{row.name}"
    yield ""
    yield from _wrap(row.effect)
    yield from _wrap(row.note or "")
    yield ""
    facts = [
        ("type", row.type + (f": {', '.join(row.values)}" if row.values else "")),
        ("default", row.default or "not set"),
        ("ConfigMap", row.configmap or ""),
        ("only with", row.needs or ""),
        ("holds for", SCOPE[row.scope]),
        ("if invalid", INVALID[row.invalid]),
        ("since", row.since),
    ]
    for label, text in facts:
        if text:
            yield from textwrap.wrap(
                text, WIDTH, break_on_hyphens=False, initial_indent=f"  {label:<11}", subsequent_indent=" " * 13
            )


def _targets(
    judgements: tuple[Judgement, ...], becomes: Iterable[str], name: str = "", topic: str = ""
) -> Iterable[str]:
    for target in NAMES:
        table = target_table(target, judgements)
        rows = table.possible(name, topic, becomes)
        yield ""
        yield table.title
        for row in rows:
            yield from textwrap.wrap(
                f"{row.message} {row.advice}".strip(),
                WIDTH,
                break_on_hyphens=False,
                initial_indent=f"  {row.verdict:<14}",
                subsequent_indent=" " * 16,
            )
        if not rows:
            yield "  untranslated  It is reported, with what it did; configure it on the Gateway by hand."


def _list(table: ControllerTable, house: Mapping[str, str]) -> Iterable[str]:
    known = {name: row.effect for name, row in sorted(table.annotations.items())} | dict(house)
    width = max(map(len, known))
    for name, told in known.items():
        yield f"{name:<{width}}  {told}"


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False)
