"""Requests whose answer hangs on something that Envoy on this machine is not told: they are predicted, not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.policies import Identity, identity_of, places, references_of
from converter.verify.proxies.envoy.proxy import MOST_SENT
from converter.verify.proxies.envoy.shown import answering_fields, is_left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from converter.verify.gateway import Taker
    from converter.verify.messages import Request

Target = tuple[Identity, str]
"""An object and the name of a part of it; without one, all of it."""


class Unshown:
    """What policies name that would change an answer, and does not reach Envoy."""

    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self._always = frozenset(_targets(objects, lambda entry: any(answering_fields(entry))))
        self._large = frozenset(_targets(objects, lambda entry: "requestBuffer" in entry["spec"]))

    def hides(self, taker: Taker, request: Request) -> bool:
        """Whether the answer is not for Envoy to give; bodies are sent up to a size."""
        if any(is_left_out(entry) for entry in taker.rule.get("filters", [])):
            return True
        named = {
            (target, part)
            for target, section in places(taker.listener, taker.route, taker.rule)
            for part in ("", section)
        }
        return bool(named & self._always) or (request.body > MOST_SENT and bool(named & self._large))


def _targets(objects: Iterable[Mapping[str, Any]], concerned: Callable[[Mapping[str, Any]], bool]) -> Iterator[Target]:
    for entry in objects:
        for reference in references_of(entry.get("spec") or {}):
            if concerned(entry):
                target = (reference.get("kind", ""), identity_of(entry)[1], reference.get("name", ""))
                yield target, reference.get("sectionName", "")
