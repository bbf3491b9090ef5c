"""What snippets say at the locations of a server, and the locations that they add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.snippets.blocks import blocks_of
from converter.controllers.ingress_nginx.conduct.snippets.placed import behaviours_at, spot_of
from converter.controllers.ingress_nginx.reached import ANSWERS, reached
from converter.controllers.ingress_nginx.servers import Place
from converter.routing import Directive, Location, MatchKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.controllers.ingress_nginx.conduct.snippets import Everywhere, Snippet
    from converter.controllers.ingress_nginx.servers import Server
    from converter.routing import Behaviour


def said_by_snippets(
    place: Place, server: Server, common: Everywhere, *, regex: bool
) -> tuple[list[Behaviour], list[Behaviour]]:
    if place.conduct is None:
        return [], []
    inner = (*place.conduct.snippets, *common.inner)
    return behaviours_at(spot_of(place, server, place.conduct, regex=regex), _around(server, common), inner)


def locations_of_snippets(server: Server, common: Everywhere, *, regex: bool) -> Iterator[Location]:
    """In the order of their lines; what stands around all locations may answer before them."""
    for match, origin, then in blocks_of(_around(server, common), regex=regex):
        place = Place(match.value, match.kind is MatchKind.EXACT, server.first, None, origin)
        outer, _ = behaviours_at(spot_of(place, server, server.first, regex=regex), _around(server, common), ())
        earlier = (each for each in outer if isinstance(each, ANSWERS))
        guard = [server.guard] if server.guard else []
        remarks = (each for each in then if isinstance(each, Directive))
        behaviours = (*reached([*guard, *earlier, *then]), *remarks)
        yield Location(match, server.first.ingress.source, (origin,), None, behaviours)


def _around(server: Server, common: Everywhere) -> tuple[Snippet, ...]:
    return (*common.outer, *filter(None, [server.snippet]))
