"""Files of mappings become values; every fault in all of them is told at once."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import click

from converter.cli.mappings.annotations import prefixes, rows
from converter.cli.mappings.fields import Field
from converter.cli.mappings.judgements import judgements
from converter.cli.settings.discovery import shown
from converter.cli.yaml_file import content_of, mapping_of
from converter.controllers.ingress_nginx.house import House

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.cli.mappings.fields import Fault
    from converter.controllers.ingress_nginx.house import Row
    from converter.targets.judgements import Judgement

_WANTED = (
    "The file is a mapping with prefixes, annotations and targets; ingress-migrate config schema mappings has more."
)
SECTIONS = ("prefixes", "annotations", "targets")


class Mappings(NamedTuple):
    """What files of mappings say."""

    house: House
    """About annotations."""
    judgements: tuple[Judgement, ...] = ()
    """About rows of targets."""


def load_mappings(files: Iterable[str]) -> Mappings:
    """What all of the files say; of two that have the same row the later one counts.

    Raises:

        click.UsageError: A file cannot be read, or has faults; with every fault of every file.
    """
    found, told = [], []
    for file in files:
        try:
            mappings, faults = _parsed(os.path.basename(file), content_of(file, shown(file)))
        except click.UsageError as error:
            told.append(error.message)
            continue
        found.append(mappings)
        told.extend(f"{shown(file)}:{line}: {message}" for line, message in faults)
    if told:
        raise click.UsageError("\n".join(told))
    return found[0] if len(found) == 1 else _together(found)


def _together(found: Iterable[Mappings]) -> Mappings:
    prefixes: dict[str, str] = {}
    rows: dict[str, Row] = {}
    judged: dict[tuple[str, str], Judgement] = {}
    for each in found:
        prefixes |= each.house.prefixes
        rows |= each.house.rows
        judged |= {(one.target, one.code): one for one in each.judgements}
    return Mappings(House(prefixes, rows), tuple(judged.values()))


@cache
def _parsed(name: str, data: bytes) -> tuple[Mappings, tuple[Fault, ...]]:
    """What one file says, and what is wrong with it; ``name`` is that in reports."""
    faults: list[Fault] = []
    content = mapping_of(data, _WANTED, lambda line, message: faults.append((line, message)))
    if content is None:
        return Mappings(House()), tuple(faults)
    sections = Field("", content, "", content.line, faults).only(SECTIONS)
    found = prefixes(sections["prefixes"], name) if "prefixes" in sections else {}
    own = rows(sections["annotations"], name, found) if "annotations" in sections else {}
    judged = judgements(sections["targets"], name) if "targets" in sections else ()
    return Mappings(House(found, own), judged), tuple(sorted(faults))
