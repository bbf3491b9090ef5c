"""For every case that is known and each of its probes: nginx answers what the source half predicts, Envoy what the
target half predicts, and where the two differ for real, the ledger says so.

The table at the end of the run has a line for each group of cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from verify import golden
from verify.known import to_a_host
from verify.test_cases import CASES, chosen, converted

from converter.pipeline import Conversion
from converter.targets.table import TargetTable
from converter.verify.check import Case, check
from converter.verify.messages import Request
from converter.verify.probes import Probe, probes
from converter.verify.proxies.real import can_be_sent, missing, serving

TARGETS = ("standard", "envoy-gateway")
GROUPS = [f"{kind} for {to}" for kind in ("golden", *sorted({case.category for case in CASES})) for to in TARGETS]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=f"not here: {', '.join(missing())}")]


class Known(NamedTuple):
    name: str
    conversion: Conversion
    target: TargetTable
    written: tuple[Request, ...] = ()
    """Requests that somebody wrote down for it."""


def known(kind: str, to: str) -> Iterator[Known]:
    if kind == "golden":
        for name in golden.NAMES:
            yield from (Known(name, part.conversion, part.target.table) for part in golden.converted(name, to))
        return
    way = (to, "1.6", "standard")
    for case in CASES:
        if case.category == kind:
            written = tuple(to_a_host(request) for request, _ in case.requests)
            yield Known(case.name, converted(case.name, way), chosen(*way).table, written)


def compared(one: Known) -> Iterator[tuple[Counter[str], list[str]]]:
    """For each controller: what is counted, and whatever is wrong. Without a Gateway nobody can be asked."""
    for table in one.conversion.tables:
        own = one.conversion.objects
        case = Case(table, one.conversion.entries, one.target, own, own)
        case = case if len(one.conversion.tables) == 1 else case.of_its_gateways()
        asked = {probe.request: probe for probe in probes(table, case.concerned())}
        asked |= {request: Probe(request, "written down") for request in one.written if request not in asked}
        questions = [probe for request, probe in asked.items() if can_be_sent(request)]
        if not any(entry["kind"] == "Gateway" for entry in case.objects):
            continue
        with serving(table, case.objects) as engines:
            rows = check(case, questions, engines.before, engines.after)
        wrong = [f"{each.proxy}: {each.request}: {each.difference}" for each in engines.surprises]
        wrong += [f"{row.probe.request}: {row.differences}" for row in rows if row.outcome == "unannounced"]
        unlike = [len({each.request for each in side.surprises}) for side in (engines.before, engines.after)]
        confirmed = {"nginx": len(rows) - unlike[0], "envoy": len(rows) - unlike[1]}
        yield Counter(cases=1, probes=len(rows), **confirmed, **Counter(row.outcome for row in rows)), wrong


@pytest.mark.parametrize("group", GROUPS)
def test_real_proxies_answer_as_predicted_and_differ_as_announced(
    group: str, record_property: Callable[[str, object], None]
) -> None:
    kind, _, to = group.partition(" for ")
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for one in known(kind, to):
        for number, found in compared(one):
            counts += number
            wrong += [f"{one.name}: {each}" for each in found]
    record_property("agreement", (group, *(counts[name] for name in COLUMNS)))
    assert wrong == []


COLUMNS = ("cases", "probes", "nginx", "envoy", "same", "announced", "unannounced")
