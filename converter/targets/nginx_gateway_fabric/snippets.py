"""``SnippetsFilter``: lines of nginx's own language for a rule, and for the server that its host is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension
from converter.nginx.writing import quoted
from converter.targets.carry import Part
from converter.targets.nginx_gateway_fabric.lines import Unfit, fates
from converter.targets.nginx_gateway_fabric.table import fits
from converter.targets.standard import answers

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from converter.gateway.drafts import HostDraft, Note, RuleDraft, SideDraft
    from converter.routing import Directive, Location
    from converter.targets.carry import Owners, Target

API_VERSION = "gateway.nginx.org/v1alpha1"
KIND = "SnippetsFilter"
IN_LOCATION = "http.server.location"
IN_SERVER = "http.server"
_CONTEXTS = {"location": IN_LOCATION, "server": IN_SERVER}
LAST = 1
"""The rank of lines that come after those of snippets."""


def said(lines: Sequence[str], told: tuple[Note, ...] = (), context: str = IN_LOCATION, rank: int = 0) -> Extension:
    """Lines of a rule; all that belong to one rule are put into one object in the end."""
    spec = {"snippets": [{"context": context, "value": "\n".join(lines)}]}
    return Extension(KIND, API_VERSION, "filter", "nginx", spec, told, rank=rank)


def line(name: str, *words: str) -> str | None:
    """A line; ``None`` where nginx could read something else in a word, or refuse it."""
    found = [quoted(word) for word in words]
    return None if None in found or not fits(name, words) else f"{' '.join([name, *filter(None, found)])};"


def offered(part: Part, target: Target) -> Part:
    """What is lost because nobody allowed snippets, with the advice to do so."""
    advice = target.table.rows["snippet.offered"].advice
    return replace(part, notes=tuple(replace(note, advice=f"{advice} {note.advice}".strip()) for note in part.notes))


def directive(behaviour: Directive, location: Location, target: Target) -> Part:
    """A line that nothing else says, as it was written."""
    fate, rows = fates(location)[behaviour], target.table.rows
    otherwise = answers.directive(behaviour, location, target)
    if not target.snippets:
        return otherwise if isinstance(fate, Unfit) else offered(otherwise, target)
    if not isinstance(fate, Unfit):
        context = _CONTEXTS[behaviour.context]
        return Part(extensions=(said([fate], rows["snippet.carried"].notes(behaviour.origins), context),))
    why = rows[fate.row].notes(behaviour.origins, what=fate.what, effect=behaviour.effect)
    if not behaviour.guards:
        return Part(notes=why)
    both = (replace(n, message=f"{n.message} {why[0].message}") for n in otherwise.notes)
    return replace(otherwise, notes=tuple(both))


@dataclass(frozen=True, slots=True)
class _Lines:
    text: str
    notes: tuple[Note, ...]


def with_snippets(host: HostDraft, gateway_of: Owners) -> HostDraft:
    """The host with one filter for each rule, and with what holds for a whole server once in each Gateway.

    All rules of a host and port are one server of nginx, which refuses most lines that come twice.
    """
    return replace(host, sides=tuple(_side(side, gateway_of) for side in host.sides))


def _side(side: SideDraft, gateway_of: Owners) -> SideDraft:
    around: dict[Hashable, dict[str, _Lines]] = {}
    for rule in side.rules:
        found = around.setdefault(gateway_of(rule.owner), {})
        for text in _of(rule, IN_SERVER):
            found.setdefault(text.text, text)
    rules: list[RuleDraft] = []
    for rule in side.rules:
        outer = around.pop(gateway_of(rule.owner), {})
        rules.append(_joined(rule, list(outer.values()), _of(rule, IN_LOCATION)))
    return replace(side, rules=tuple(rules))


def _of(rule: RuleDraft, context: str) -> list[_Lines]:
    mine = sorted((each for each in rule.extensions if each.kind == KIND), key=lambda each: each.rank)
    found = [
        _Lines(snippet["value"], each.notes)
        for each in mine
        for snippet in each.spec["snippets"]
        if snippet["context"] == context
    ]
    return list(dict.fromkeys(found))


def _joined(rule: RuleDraft, outer: Sequence[_Lines], inner: Sequence[_Lines]) -> RuleDraft:
    others = tuple(each for each in rule.extensions if each.kind != KIND)
    parts = [(context, lines) for context, lines in ((IN_SERVER, outer), (IN_LOCATION, inner)) if lines]
    if not parts:
        return replace(rule, extensions=others)
    snippets: list[dict[str, Any]] = []
    notes: list[Note] = []
    for index, (context, lines) in enumerate(parts):
        snippets.append({"context": context, "value": "".join(f"{each.text}\n" for each in lines)})
        notes += _placed(lines, index)
    return replace(rule, extensions=(*others, replace(said([]), spec={"snippets": snippets}, notes=tuple(notes))))


def _placed(lines: Iterable[_Lines], index: int) -> Iterable[Note]:
    return (replace(note, path=f"spec.snippets[{index}].value") for each in lines for note in each.notes)
