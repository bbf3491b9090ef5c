"""Which probes are sent: what is safe, what the addresses serve, and no more than the budget allows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from converter.verify.messages import Request, Scheme
    from converter.verify.probes import Probe

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""RFC 9110, 9.2.1: they ask for nothing to be changed."""
_USUAL_PORTS: Mapping[Scheme, int] = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user allows and wants."""

    schemes: Collection[Scheme]
    """Those that both addresses serve."""
    hosts: Sequence[str] = ()
    """Patterns as a shell has them; none means all hosts."""
    unsafe: bool = False
    most: int = 2000
    """Requests to each side."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    number: int
    reason: str
    """What they have in common, with what would send them: the end of ``3 requests …``."""


@dataclass(frozen=True, slots=True)
class Selection:
    probes: tuple[Probe, ...]
    """In the order in which they are sent."""
    left_out: tuple[LeftOut, ...]


def select(probes: Iterable[Probe], wishes: Wishes) -> Selection:
    """The probes to send. Hosts take turns, so that each of them has its share of a budget, and time to breathe."""
    left, left_out = _different(probes), []
    for reason, is_out in _rules(wishes):
        out = [probe for probe in left if is_out(probe.request)]
        left = [probe for probe in left if not is_out(probe.request)]
        left_out.append(LeftOut(len(out), reason))
    ordered = _in_turn(left)
    # A tenth is kept for asking again where answers differ.
    kept = ordered if len(ordered) <= wishes.most else ordered[: wishes.most - wishes.most // 10]
    left_out.append(LeftOut(len(ordered) - len(kept), f"that --max-requests {wishes.most} has no room for"))
    return Selection(tuple(kept), tuple(each for each in left_out if each.number))


def _different(probes: Iterable[Probe]) -> list[Probe]:
    """What differs in nothing that goes over the wire is asked once; the address of a client is what it is."""
    found: dict[Request, Probe] = {}
    for probe in probes:
        found.setdefault(replace(probe.request, identified=False, client=""), probe)
    return list(found.values())


def at_usual_port(probe: Probe) -> Probe:
    """A port that the scheme has anyway is whichever port of an address serves the scheme."""
    return replace(probe, request=replace(probe.request, port=0)) if _is_usual(probe.request) else probe


def _is_usual(request: Request) -> bool:
    return request.port in (0, _USUAL_PORTS[request.scheme])


def _rules(wishes: Wishes) -> tuple[tuple[str, Callable[[Request], bool]], ...]:
    missing = " or ".join(scheme for scheme in _USUAL_PORTS if scheme not in wishes.schemes)
    return (
        ("for hosts that --host leaves out", lambda request: not _is_wanted(request.hostname, wishes.hosts)),
        (f"over {missing}, for which not both sides have an address", lambda r: r.scheme not in wishes.schemes),
        (
            "without a host, or to other ports than 80 and 443",
            lambda request: not request.host or not _is_usual(request),
        ),
        (
            "that might change something; --allow-unsafe sends them",
            lambda request: not wishes.unsafe and (request.method not in SAFE_METHODS or request.body > 0),
        ),
    )


def _is_wanted(host: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(host, pattern.lower()) for pattern in patterns)


def _in_turn(probes: Iterable[Probe]) -> list[Probe]:
    """The first of each host, then the second of each, and so on."""
    by_host: dict[str, list[Probe]] = defaultdict(list)
    for probe in probes:
        by_host[probe.request.hostname].append(probe)
    return [probe for turn in zip_longest(*by_host.values()) for probe in turn if probe is not None]
