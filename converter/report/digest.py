"""A review made short: what repeats on the paths of a host, or on many hosts, is told once."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from converter.report.words import visible
from converter.verify.facts import ANSWER, FORWARDED_HEADERS, SENT_PATH, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.routing import Match
    from converter.verify.changes import Change
    from converter.verify.facts import Facts
    from converter.verify.review import HostReview, Row

Mark = Literal["", "+", "-"]
ANY_HOST = "(any other host)"
EVERY_PATH = "every path"
_AS_OVER_HTTP = "as over http"
_MARKS: Mapping[str, Mark] = {"": "", "new": "+", "gone": "-"}
_DEAD = ("404", "no connection")
"""Nobody serves such a way."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the table, and what differs there."""

    schemes: str
    path: str
    text: str
    """What holds before; for a way that is new, what holds after."""
    changes: tuple[Change, ...]
    mark: Mark = ""
    """New or gone, where two sets of objects are compared."""


@dataclass(frozen=True, slots=True)
class Block:
    host: str
    items: tuple[Item, ...]
    shared: tuple[Change, ...]
    """What differs wherever it stands on this host."""
    untried: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What differs although nobody wrote it, and where."""

    change: Change
    hosts: tuple[str, ...]
    ways: int


@dataclass(frozen=True, slots=True)
class Digest:
    blocks: tuple[Block, ...]
    same: tuple[str, ...]
    """Hosts without a block."""
    defaults: tuple[Shared, ...]
    hosts: int
    ways: int
    differing: int
    """Hosts on which something differs that somebody wrote."""
    silent: int
    """Differences that no entry announces."""
    asked: bool
    """The ledger was asked who announces them."""


def digest(reviews: Sequence[HostReview], *, whole: bool = False) -> Digest:
    """``whole`` keeps the hosts and the paths on which nothing differs."""
    shown = [_without_defaults(each) for each in reviews]
    differing = {name_of(each) for each in shown if each.differs or each.untried}
    changes = [change for each in reviews for row in each.rows for change in row.changes]
    asked = any(change.silent or change.verdict for change in changes)
    blocks = tuple(
        _block(each, [row for row in each.rows if whole or _is_worth_a_line(row, asked=asked)])
        for each in shown
        if whole or name_of(each) in differing
    )
    return Digest(
        blocks=blocks,
        same=() if whole else tuple(name_of(each) for each in reviews if name_of(each) not in differing),
        defaults=_defaults(reviews),
        hosts=len(reviews),
        ways=sum(len({(row.match, row.condition) for row in each.rows}) for each in reviews),
        differing=len(differing),
        silent=sum(change.silent for change in changes),
        asked=asked,
    )


def name_of(review: HostReview) -> str:
    """The host for people, with its environment where there are several."""
    name = visible(review.host) or ANY_HOST
    return f"{name} in {visible(review.environment)}" if review.environment else name


def _without_defaults(review: HostReview) -> HostReview:
    """Without what nobody wrote, and without the rows of a scheme whose every answer differs for that reason."""
    gone = {scheme for scheme in ("http", "https") if _by_default(review, scheme)}
    rows = (row for row in review.rows if not gone.issuperset(row.schemes))
    kept = (replace(row, changes=tuple(c for c in row.changes if not c.by_default or c.fact == ANSWER)) for row in rows)
    return replace(review, rows=tuple(kept))


def _is_worth_a_line(row: Row, *, asked: bool) -> bool:
    """Who compares with an earlier run looks for what changed; that the rest of a host is 404 is no news to anybody."""
    return bool(row.changes) or (asked and row.before[ANSWER] != "404")


def _by_default(review: HostReview, scheme: str) -> Change | None:
    """What becomes of every answer over a scheme, when it is the same and nobody wrote it."""
    rows = [row for row in review.rows if scheme in row.schemes]
    found = {_answer_of(row) for row in rows}
    change = found.pop() if len(found) == 1 else None
    return replace(change, before=f"any answer over {scheme}") if change and change.by_default else None


def _answer_of(row: Row) -> Change | None:
    """The change of the answer, without what it was before."""
    return next((replace(change, before="") for change in row.changes if change.fact == ANSWER), None)


def _defaults(reviews: Iterable[HostReview]) -> tuple[Shared, ...]:
    hosts: dict[Change, dict[str, None]] = defaultdict(dict)
    ways: Counter[Change] = Counter()
    for review in reviews:
        for scheme in ("http", "https"):
            if whole := _by_default(review, scheme):
                hosts[whole][name_of(review)] = None
                ways[whole] += sum(scheme in row.schemes for row in review.rows)
        seen = {(row.match, row.condition, c) for row in review.rows for c in row.changes if _is_told_once(c)}
        for _, _, change in sorted(seen, key=lambda each: (each[2].fact, each[2].part)):
            hosts[change][name_of(review)] = None
            ways[change] += 1
    found = (Shared(change, tuple(hosts[change]), ways[change]) for change in hosts)
    return tuple(sorted(found, key=lambda each: (each.change.fact, each.change.part, each.change.before)))


def _is_told_once(change: Change) -> bool:
    return change.by_default and change.fact != ANSWER


def _block(review: HostReview, shown: Sequence[Row]) -> Block:
    shared = _shared(shown)
    items: list[Item] = []
    for schemes in dict.fromkeys(_schemes(row) for row in sorted(shown, key=lambda row: len(row.schemes))):
        rows = [row for row in shown if _schemes(row) == schemes]
        # "Every path" is said of all that the host has, and only of whole ways.
        complete = len(rows) == sum(_schemes(row) == schemes for row in review.rows)
        complete = complete and not any(row.condition or row.narrow for row in rows)
        found = [_item(row, shared) for row in rows]
        over_http = {item.path: item.text for item in items if item.schemes == "http"}
        items += _together(found, over_http) if complete else found
    return Block(name_of(review), tuple(items), tuple(shared), review.untried)


def _schemes(row: Row) -> str:
    return "http(s)" if len(row.schemes) > 1 else row.schemes[0]


def _shared(rows: Sequence[Row]) -> list[Change]:
    """Changes of a policy that are the same wherever the policy stands, if that is more than once."""
    counts = Counter(change for row in rows for change in row.changes if change.fact != ANSWER)
    stands = Counter(name for row in rows if row.comparable for name in {**row.before, **row.after})
    return [change for change, number in counts.items() if 1 < number == stands[change.fact]]


def _item(row: Row, shared: Sequence[Change]) -> Item:
    path = f"{row.path} itself" if row.narrow else row.match.value
    label = f"{path} with {row.condition}" if row.condition else path
    # Of a way where there was nothing, what there is now says it all.
    fresh = row.standing == "new" and row.before[ANSWER] in _DEAD
    changes = tuple(each for each in row.changes if each not in shared and not (fresh and each.fact == ANSWER))
    text = in_a_line(row.after if fresh else row.before, row.defaults | {FORWARDED_HEADERS})
    return Item(_schemes(row), label, text, changes, _MARKS[row.standing])


def _together(items: list[Item], over_http: dict[str, str]) -> list[Item]:
    """One line for all when they say the same, or the same as over http and are answered alike afterwards."""
    if len(items) < 2:
        return items
    first = items[0]
    if all((item.text, item.changes, item.mark) == (first.text, first.changes, first.mark) for item in items):
        return [replace(first, path=EVERY_PATH)]
    answers = {tuple(replace(change, before="") for change in item.changes) for item in items}
    as_http = all(over_http.get(item.path) == item.text for item in items)
    if as_http and len(answers) == 1 and first.changes and first.changes[0].fact == ANSWER:
        return [replace(first, path=EVERY_PATH, text=_AS_OVER_HTTP)]
    return items


def in_a_line(facts: Facts, hidden: frozenset[str] = frozenset()) -> str:
    """Who answers, what is sent on, and the policies."""
    return " · ".join(_fact(name, in_words(value)) for name, value in facts.items() if name not in hidden)


def _fact(name: str, words: str) -> str:
    if name == ANSWER:
        return words
    return f"sent as {words}" if name == SENT_PATH else f"{name} {words}"
