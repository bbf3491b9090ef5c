"""Whether the ledger says that two answers differ: each row of a target's table names the aspects it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.gateway.paths import ASKED_WITHIN
from converter.ledger import Remark
from converter.routing import behaviour_origins
from converter.verify.gateway.paths import normalised as normalised_by_gateway
from converter.verify.source import HEALTH, Controller
from converter.verify.source.paths import is_refused, normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from converter.ledger import Entry, Source
    from converter.routing import RoutingTable, VirtualHost
    from converter.targets.table import TargetTable
    from converter.verify.compare import Difference
    from converter.verify.messages import Request

    Asked = tuple[Request, Controller]

Identity = tuple[str, str, str]


def announcements(
    difference: Difference, request: Request, table: RoutingTable, entries: Iterable[Entry], target: TargetTable
) -> tuple[Entry, ...]:
    """The entries that announce the difference, for an Ingress that has a part in the host of the request."""
    controller = Controller(table)
    concerned = _concerned(controller, request)
    return tuple(
        entry
        for entry in entries
        if announces(entry, difference.aspect, (request, controller), target)
        and (concerned is None or entry.origin.source.kind != "Ingress" or _identity(entry.origin.source) in concerned)
    )


def announces(entry: Entry, aspect: str, asked: Asked, target: TargetTable) -> bool:
    """Whether the verdict of the entry, or one beside it, is about this aspect of the answer to such a request."""
    return any(_is_about(word, aspect, asked) for word in _words(entry, target))


def closeness(entry: Entry, aspect: str, asked: Asked, target: TargetTable) -> int:
    """How closely the entry speaks of the aspect: 0 not at all, 1 of any, 2 of this one, 3 of it for such requests."""
    return _closest(_words(entry, target), aspect, asked)


def speakers(entries: Iterable[Entry], aspect: str, asked: Asked, target: TargetTable) -> tuple[Remark, ...]:
    """What the entries say about the aspect, as closely as any of them speaks of it; each code once."""
    found: dict[str, tuple[int, Remark]] = {}
    for entry in entries:
        told: tuple[Entry | Remark, ...] = (entry, *entry.also)
        for each in told:
            row = target.find(each.code)
            close = _closest(row.differs if row else (), aspect, asked)
            if close and each.code not in found:
                found[each.code] = close, Remark(each.verdict, each.code, each.message, each.advice)
    best = max((close for close, _ in found.values()), default=0)
    return tuple(remark for _, (close, remark) in sorted(found.items()) if close == best)


def _words(entry: Entry, target: TargetTable) -> Iterable[str]:
    rows = (target.find(code) for code in (entry.code, *(remark.code for remark in entry.also)))
    return (word for row in rows if row for word in row.differs)


def _closest(words: Iterable[str], aspect: str, asked: Asked) -> int:
    found = (word for word in words if _is_about(word, aspect, asked))
    return max((1 if word.startswith("any") else 3 if ":" in word else 2 for word in found), default=0)


def _concerned(controller: Controller, request: Request) -> set[Identity] | None:
    """Those of the host; ``None`` for a host that nobody declares, since any might be meant for it."""
    host = controller.hosts.find(request.hostname)
    return {_identity(owner) for owner in owners(host)} if host and host.name else None


def owners(host: VirtualHost) -> Iterable[Source]:
    """The Ingresses that have a part in the host; some more than once."""
    yield host.owner
    yield from (origin.source for origin in host.origins)
    if host.certificate:
        yield host.certificate.owner
    for location in host.locations:
        yield location.owner
        yield from (origin.source for behaviour in location.behaviours for origin in behaviour_origins(behaviour))


def _identity(source: Source) -> Identity:
    return source.kind, source.namespace, source.name


def _is_about(word: str, aspect: str, asked: Asked) -> bool:
    """``ASPECT`` or ``any``, and after a colon the condition under which it holds."""
    about, _, condition = word.partition(":")
    return about in ("any", aspect) and _CONDITIONS[condition](*asked)


def _is_odd(request: Request, _: Controller) -> bool:
    """Either side makes another path of it, or refuses it."""
    changed = any(each(request.path) != request.path for each in (normalised, normalised_by_gateway))
    return changed or is_refused(request.path)


def _is_underscored(request: Request, _: Controller) -> bool:
    return any("_" in name for name, _ in request.headers)


def _is_deep(request: Request, controller: Controller) -> bool:
    """Further labels under a wildcard: the host is the wildcard's to the Gateway API, and nobody's to nginx."""
    return controller.hosts.is_deep(request.hostname)


_CONDITIONS: Mapping[str, Callable[[Request, Controller], bool]] = {
    "": lambda *_: True,
    "odd-path": _is_odd,
    "deep-host": _is_deep,
    "other-name": lambda request, _: request.server_name not in ("", request.hostname),
    "https": lambda request, _: request.scheme == "https",
    "healthz": lambda request, _: normalised(request.path).startswith(HEALTH),
    "trailing-slash": lambda request, _: request.target.endswith("/"),
    "large-body": lambda request, _: request.body > 1 << 20,
    "underscored-header": _is_underscored,
    "asked-within": lambda request, _: request.path.startswith(ASKED_WITHIN),
    "options": lambda request, _: request.method == "OPTIONS",
}
