"""What becomes of a small use of each behaviour on a target; the uses are in ``tests/data/cells.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from manifests import ingress, path, reading, rule, tls

from converter.advice.behaviours import behaviours
from converter.advice.routes import Routes
from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import Channel, release
from converter.ledger import Entry, Remark, Verdict
from converter.pipeline import Conversion, convert
from converter.targets import target
from converter.targets.table import Row, target_table

Json = dict[str, Any]
Class = Literal["carried", "reported", "none"]
SAMPLES = Path(__file__).resolve().parent / "data" / "cells.yaml"
CONTROLLER = {"kind": "Deployment", "metadata": {"name": "controller", "namespace": "ingress-nginx"}}
OPTIONS = {"kind": "ConfigMap", "metadata": {"name": "controller", "namespace": "ingress-nginx"}}
IMAGE = "registry.k8s.io/ingress-nginx/controller:v1.15.1"
CARRIED = (Verdict.TRANSLATED, Verdict.APPROXIMATED, Verdict.BUILTIN)
_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")


@dataclass(frozen=True)
class Sample:
    behaviour: str
    cells: Mapping[str, Any]

    @property
    def name(self) -> str:
        words = [self.behaviour, self.cells.get("part", ""), "by default" if self.by_default else ""]
        return ", ".join(filter(None, words))

    @property
    def by_default(self) -> bool:
        return bool(self.cells.get("default"))

    @property
    def has_effect(self) -> bool:
        return not self.cells.get("without effect")

    def manifests(self) -> Iterator[Json]:
        told = self.cells
        host = told.get("host", "shop.example.com")
        port = told.get("port", 80)
        paths = [path(each, kind="ImplementationSpecific", port=port) for each in told.get("paths", "/")]
        parts = {} if told.get("plain") else {"tls": [tls(host, secret="shop")]}
        if otherwise := told.get("default backend"):
            parts["defaultBackend"] = {"service": {"name": otherwise, "port": {"number": 80}}}
        annotations, foreign = told.get("annotations", {}), told.get("foreign", {})
        yield ingress("shop", rule(host, *paths), namespace="shop", annotations=annotations, foreign=foreign, **parts)
        if "beside" in told or "beside host" in told:
            other = rule(told.get("beside host", host), path("/", "next"))
            yield ingress("next", other, namespace="shop", annotations=told.get("beside", {}))
        yield from told.get("with", ())
        yield from self._controller()

    def _controller(self) -> Iterator[Json]:
        if "options" in self.cells or "arguments" in self.cells:
            arguments = ["--configmap=ingress-nginx/controller", *self.cells.get("arguments", ())]
            container = {"name": "controller", "image": IMAGE, "args": ["/nginx-ingress-controller", *arguments]}
            yield {"apiVersion": "apps/v1", **CONTROLLER, "spec": {"template": {"spec": {"containers": [container]}}}}
            yield {"apiVersion": "v1", **OPTIONS, "data": self.cells.get("options", {})}


@cache
def samples() -> tuple[Sample, ...]:
    table = yaml.safe_load(SAMPLES.read_text())
    return tuple(Sample(behaviour, cells) for behaviour, rows in table.items() for cells in rows)


@dataclass(frozen=True)
class Cell:
    """A sample on a target, as ``advise`` would tell of it."""

    sample: Sample
    target: str
    conversion: Conversion

    def told(self) -> Iterator[Entry | Remark]:
        """Whatever the ledger says about the behaviour of the sample."""
        routes = Routes(self.conversion.tables, "")
        for entry in self.conversion.entries:
            if (entry.origin.type == "default") is self.sample.by_default:
                for each in (entry, *entry.also):
                    found = behaviours().of(each.code, routes.meant(entry.origin))
                    if found and found.id == self.sample.behaviour and not _sums_up(each):
                        yield each

    @property
    def lost(self) -> list[str]:
        return sorted({each.code for each in self.told() if each.verdict is Verdict.UNTRANSLATED})

    @property
    def kind(self) -> Class:
        """Carried, or the implementation has words of its own for why not and what to do, or it has nothing."""
        if not self.lost:
            return "carried"
        return "reported" if all(self._row(code) != self._row(code, "standard") for code in self.lost) else "none"

    def _row(self, code: str, name: str = "") -> Row | None:
        table = target_table(name or self.target)
        return (table.defaults.get(code) if self.sample.by_default else None) or table.find(code)

    def faults(self) -> Iterator[str]:
        """What is not as a reader of the ledger would think."""
        told = list(self.told())
        if not told:
            yield "no entry is about the behaviour"
        elif self.sample.has_effect is all(each.verdict is Verdict.INERT for each in told):
            yield "has no effect" if self.sample.has_effect else "has an effect"
        for code in self.lost if self.kind == "reported" else ():
            row = self._row(code)
            if not (row and row.advice):
                yield f"{code} has no advice"
        if not self.sample.by_default:
            yield from (fault for each in told if isinstance(each, Entry) for fault in self._unproved(each))

    def _unproved(self, entry: Entry) -> Iterator[str]:
        """Whatever is carried is to be seen in an object; what the implementation does by itself need not be."""
        if entry.verdict in (Verdict.TRANSLATED, Verdict.APPROXIMATED) and not entry.results:
            yield f"{entry.code} of {entry.origin.key} is in no object"
        for result in entry.results:
            found = [each for each in self.conversion.objects if _is(each, result.kind, result.namespace, result.name)]
            if len(found) != 1 or value_at(found[0], result.path) in (None, [], {}, ""):
                yield f"{entry.code} of {entry.origin.key} is not at {result.kind}/{result.name} {result.path}"


def _sums_up(told: Entry | Remark) -> bool:
    return isinstance(told, Entry) and told.sums_up


def _is(entry: Json, kind: str, namespace: str, name: str) -> bool:
    metadata = entry["metadata"]
    return (entry["kind"], metadata.get("namespace", ""), metadata["name"]) == (kind, namespace, name)


def value_at(entry: Any, where: str) -> Any:
    """What stands at a path such as ``spec.rules[0].filters[1]``; ``None`` where there is nothing."""
    for name, key in _STEP.findall(where):
        step = name or (int(key) if isinstance(entry, list) else key)
        try:
            entry = entry[step]
        except (KeyError, IndexError, TypeError):
            return None
    return entry


@cache
def cells(name: str, channel: Channel) -> tuple[Cell, ...]:
    """All samples on a target."""
    to = target(name, release("1.6", channel))
    return tuple(Cell(each, name, convert(reading(*each.manifests()), to, Options())) for each in samples())
