"""Every golden case and every dev case: what is predicted of the emitted objects is what Envoy does with them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from verify import golden
from verify.test_cases import CASES, converted
from verify.test_cases import TARGETS as WAYS

from converter.verify.gateway import Gateways
from converter.verify.probes import probes
from converter.verify.proxies.envoy import World, serving
from converter.verify.proxies.observed import disagreements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from converter.verify.messages import Request
    from converter.verify.proxies.certificates import Certificates
    from converter.verify.proxies.echo import Echo
    from converter.verify.proxies.envoy.proxy import Proxy

Json = dict[str, Any]
_HOST = re.compile(r"[\w.-]+(:\d+)?", re.ASCII)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("program")]


class Subject(NamedTuple):
    """Objects with what is asked of them."""

    group: str
    names: list[str]
    """Of the cases that give the same objects."""
    objects: Sequence[Json]
    requests: dict[Request, None]


def of_golden() -> Iterator[tuple[str, str, Sequence[Json], Iterable[Request]]]:
    for name in golden.NAMES:
        for to in golden.TARGETS:
            for part in golden.converted(name, to):
                objects = part.conversion.objects
                asked = (each.request for table in part.conversion.tables for each in probes(table, objects))
                yield to, f"{name} {part.environment}".strip(), objects, asked


def of_cases() -> Iterator[tuple[str, str, Sequence[Json], Iterable[Request]]]:
    for case in CASES:
        for way in WAYS:
            result = converted(case.name, way)
            asked = [request for request, _ in case.requests]
            asked += [each.request for table in result.tables for each in probes(table, result.objects)]
            yield case.category, case.name, result.objects, asked


def subjects(found: Iterable[tuple[str, str, Sequence[Json], Iterable[Request]]]) -> list[Subject]:
    """Each set of objects once; without a Gateway nobody can be asked."""
    known: dict[str, Subject] = {}
    for group, name, objects, requests in found:
        if any(entry["kind"] == "Gateway" for entry in objects):
            key = json.dumps([entry for entry in objects if entry["kind"] != "GatewayClass"], sort_keys=True)
            subject = known.setdefault(key, Subject(group, [], objects, {}))
            subject.names.append(name)
            subject.requests.update(dict.fromkeys(filter(_can_be_sent, requests)))
    return list(known.values())


def _can_be_sent(request: Request) -> bool:
    """A placeholder in the place of a host name is no host name."""
    return request.port != 0 or _HOST.fullmatch(request.host) is not None


def wrong(subject: Subject, proxy: Proxy) -> Iterator[str]:
    predicting = Gateways(subject.objects)
    for request in subject.requests:
        # Who the client is Envoy says in its own way.
        found = disagreements(predicting.answer(request), proxy.answer(request), besides=["forwarded-headers"])
        for difference in found:
            yield f"{subject.names[0]}: {request}: {difference}"


@pytest.mark.parametrize("found", [of_golden, of_cases])
def test_envoy_answers_as_predicted(
    found: Any, echo: Echo, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = subjects(found())
    numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    disagreeing: list[str] = []
    with serving([World(subject.objects) for subject in asked], echo, certificates) as proxies:
        for subject, proxy in zip(asked, proxies, strict=True):
            unlike = list(wrong(subject, proxy))
            disagreeing += unlike
            counts = (1, len(subject.requests), len(unlike))
            numbers[subject.group] = [sum(pair) for pair in zip(numbers[subject.group], counts, strict=True)]
    with capsys.disabled():
        print(f"\n  {'predicted and real Envoy':<24} objects  probes  disagreements")
        for group, counts in sorted(numbers.items()):
            print("  {:<24} {:>7} {:>7} {:>14}".format(group, *counts))
    assert disagreeing == []
