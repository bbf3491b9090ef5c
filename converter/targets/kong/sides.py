"""Plain http and https. To Kong a listener is no more than a port, and every route is served on all of them.

A route says by an annotation which of the two it takes; one that takes https alone can send plain http there. Such a
route takes plain http as well, so two routes must not stand side by side for the same requests, one for each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.gateway.drafts import RequestMatch, SideDraft
from converter.targets.kong.kinds import terminate
from converter.targets.sides import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import HostDraft, Note, PathMatch, RuleDraft
    from converter.targets.carry import Owners

PROTOCOLS = "konghq.com/protocols"
REDIRECT_STATUS = "konghq.com/https-redirect-status-code"
_HTTP = (PROTOCOLS, "http")
_HTTPS = (PROTOCOLS, "https")
_NOT_FOUND = 404
Requests = tuple["PathMatch", RequestMatch]


def with_protocols(host: HostDraft, _: Owners) -> HostDraft:
    """The host with sides for both, for plain http and for https, where redirects are annotations of the last."""
    return replace(host, sides=_sides(host.sides))


def _sides(found: tuple[SideDraft, ...]) -> tuple[SideDraft, ...]:
    by_listeners = {side.listeners: side for side in found}
    plain, secure = by_listeners.get(("http",)), by_listeners.get(("https",))
    if plain is None:
        return tuple(_marked(side, _HTTPS) if side.listeners == ("https",) else side for side in found)
    to_https = [rule for rule in plain.rules if _redirects(rule)]
    served = [rule for rule in plain.rules if not _redirects(rule)]
    if secure is None:
        return (replace(plain, rules=(*served, *map(_nothing_but_sent, to_https))),)
    apart = _apart(served, secure.rules, to_https)
    return tuple(side for side in apart if side.rules)


def _apart(
    served: Sequence[RuleDraft], secure: Sequence[RuleDraft], to_https: Sequence[RuleDraft]
) -> tuple[SideDraft, ...]:
    """Where the sides treat the same requests in different ways, the way of https holds for both."""
    over_http, over_https = {_requests(rule) for rule in served}, {_requests(rule) for rule in secure}
    both = tuple(rule for rule in secure if _requests(rule) in over_http)
    http = tuple(rule for rule in served if _requests(rule) not in over_https)
    https = _https_rules((rule for rule in secure if _requests(rule) not in over_http), to_https)
    return (
        SideDraft(("http", "https"), both),
        _marked(SideDraft(("http",), http), _HTTP),
        SideDraft(("https",), https, beside=("http",) if to_https else ()),
    )


def _redirects(rule: RuleDraft) -> bool:
    return any(name == REDIRECT_STATUS for name, _ in rule.annotations)


def _requests(rule: RuleDraft) -> Requests:
    return rule.match, rule.condition


def _marked(side: SideDraft, annotation: tuple[str, str]) -> SideDraft:
    return replace(side, rules=tuple(_with(rule, annotation) for rule in side.rules))


def _with(rule: RuleDraft, *annotations: tuple[str, str]) -> RuleDraft:
    return replace(rule, annotations=(*rule.annotations, *annotations))


def _https_rules(rules: Iterable[RuleDraft], to_https: Sequence[RuleDraft]) -> tuple[RuleDraft, ...]:
    """Each with the redirect that leads to it."""
    known = {_requests(rule): rule for rule in to_https}
    found = []
    for rule in rules:
        redirect = _leading_to(rule, known)
        found.append(_sent_to(rule, redirect) if redirect else _with(rule, _HTTPS))
    reached = {_requests(rule) for rule in found}
    return (*found, *(_nothing_but_sent(rule) for rule in to_https if _requests(rule) not in reached))


def _leading_to(rule: RuleDraft, known: Mapping[Requests, RuleDraft]) -> RuleDraft | None:
    """The one for the same requests, else for all of the path, else for ``/``: plain http serves nothing there."""
    wanted = (_requests(rule), (rule.match, RequestMatch()), (ROOT, RequestMatch()))
    return next((known[requests] for requests in wanted if requests in known), None)


def _sent_to(rule: RuleDraft, redirect: RuleDraft) -> RuleDraft:
    sent = _with(rule, _HTTPS, *redirect.annotations)
    return replace(sent, notes=(*rule.notes, *_about_route(redirect.notes)))


def _nothing_but_sent(rule: RuleDraft) -> RuleDraft:
    """Over https nothing is behind it."""
    sent = replace(rule, annotations=(_HTTPS, *rule.annotations))
    return replace(sent, extensions=(terminate(_NOT_FOUND),), to_https=False)


def _about_route(notes: Iterable[Note]) -> Iterable[Note]:
    return (note for note in notes if note.path.startswith("metadata."))
