"""The two sides of a review: what holds for a request, as facts that compare."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from converter.verify.doors import Doors
from converter.verify.facts import facts_of
from converter.verify.gateway.policies import AttachedPolicies
from converter.verify.source import Controller
from converter.verify.source.policies import allowed_client, policies_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.ledger import Origin
    from converter.routing import RoutingTable
    from converter.verify.facts import Facts
    from converter.verify.messages import Answer, Request


class Seen(NamedTuple):
    """What becomes of one request on one side."""

    answer: Answer
    facts: Facts
    origins: Mapping[str, tuple[Origin, ...]] = {}
    """Who asked for the policies among the facts."""


class Side(Protocol):
    def see(self, request: Request) -> Seen:
        """What holds for the request."""

    def let_in(self, request: Request) -> Request:
        """The request of a client whom the access rules let in, so that it shows what is behind them."""


class Source:
    def __init__(self, table: RoutingTable) -> None:
        self.controller = Controller(table)
        self._options = table.options

    def see(self, request: Request) -> Seen:
        answer = self.controller.answer(request)
        facts, location = facts_of(answer, request), self.controller.location(request)
        if location is None:
            return Seen(answer, facts)
        policies = policies_of(location, request.scheme, self._options)
        # Nothing holds for a request that no backend gets, nor for a connection that is passed on as it is.
        served = answer.shares and answer.shares[0].forwarded
        return Seen(answer, {**facts, **policies.facts} if served else facts, policies.origins)

    def let_in(self, request: Request) -> Request:
        location = self.controller.location(request)
        client = allowed_client(location, request.client) if location else request.client
        return replace(request, client=client, identified=True)


class Target:
    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self._doors, self._policies = Doors(objects), AttachedPolicies(objects)

    def see(self, request: Request) -> Seen:
        answer = self._doors.answer(request)
        facts = facts_of(answer, request)
        taker = self._doors.taker(request) if answer.shares else None
        return Seen(answer, {**facts, **self._policies.of(taker)} if taker else facts)

    def let_in(self, request: Request) -> Request:
        return replace(request, identified=True)
