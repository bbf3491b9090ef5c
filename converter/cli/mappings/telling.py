"""What a row of the user's own says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.house import VALUE, Carried, Settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.controllers.ingress_nginx.house import House, Means, Row

_OBJECTS = {"gateway": "the Gateway", "route": "the HTTPRoute"}


def sentences(row: Row) -> list[str]:
    """The row in full, a sentence or a line for each thing that it says."""
    if isinstance(row, Settled):
        return [f"{row.verdict}: {row.message}", *filter(None, [row.advice])]
    if isinstance(row, Carried):
        name = f" as {row.as_key}" if row.as_key else ""
        return [f"It goes to {_OBJECTS[row.place]}{name}.", *filter(None, [row.advice])]
    return [f"{row.file} says what it sets in ingress-nginx:", *(f"  {line}" for line in _meanings(row))]


def names(row: Row) -> list[str]:
    """The annotations of ingress-nginx that it can set."""
    meanings = () if isinstance(row, (Settled, Carried)) else row.meanings
    return list(dict.fromkeys(name for meaning in meanings for name in meaning.sets))


def overview(house: House, prefix: str) -> Mapping[str, str]:
    """Everything that the house says something about, with a short line for each."""
    rows = {f"{each}*": f"What is below means what {prefix}* means." for each in house.prefixes}
    return rows | {key: _in_short(row) for key, row in house.rows.items()}


def _in_short(row: Row) -> str:
    if isinstance(row, (Settled, Carried)):
        return sentences(row)[0]
    return "; ".join(_meanings(row))


def _meanings(row: Means) -> Iterator[str]:
    for meaning in row.meanings:
        sets = ", ".join(f"{name}: {value}" for name, value in meaning.sets.items()) or "nothing"
        yield sets if meaning.form == VALUE else f"{meaning.form} sets {sets}"
