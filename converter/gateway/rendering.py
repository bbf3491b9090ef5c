"""One route plan becomes an HTTPRoute with the objects that belong to its rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.gateway import objects
from converter.gateway.grants import Reference
from converter.gateway.names import shorten
from converter.gateway.references import at_home
from converter.gateway.releases import KindForm
from converter.gateway.routes import rule_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import BackendRef, Extension, Note
    from converter.gateway.listeners import Annotations
    from converter.gateway.names import Names
    from converter.gateway.objects import Json
    from converter.gateway.releases import Release
    from converter.gateway.routes import MergedRule
    from converter.ledger import Settlement, Source


_FILTER = re.compile(r"filters\[(\d+)\]")
_OF_ROUTE = "metadata."
"""Notes of rules about what stands on their route."""


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """A route before it has parents."""

    namespace: str
    name: str
    hostnames: tuple[str, ...]
    rules: tuple[MergedRule, ...]
    notes: tuple[Note, ...]
    annotations: Annotations
    owners: frozenset[Source]
    """The Ingresses that its rules come from."""

    def renamed(self, name: str) -> RoutePlan:
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class Rendered:
    objects: tuple[Json, ...]
    settlements: tuple[Settlement, ...]
    references: frozenset[Reference]


def render_route(plan: RoutePlan, parents: Sequence[Json], form: KindForm, release: Release, names: Names) -> Rendered:
    """The route, its filters and policies, and what they settle."""
    renderer = _Renderer(plan, form, names)
    sections = rule_names(plan.rules, release)
    rules = [renderer.rule(index, rule, sections[index]) for index, rule in enumerate(plan.rules)]
    meta = objects.metadata(plan.namespace, plan.name, plan.annotations)
    renderer.settle(plan.notes, "")
    route = objects.http_route(form, meta, parents, plan.hostnames, rules)
    policies = renderer.policies(sections)
    others = (*renderer.backends, *renderer.filters, *policies)
    return Rendered((route, *others), tuple(renderer.settlements), frozenset(renderer.references))


class _Renderer:
    def __init__(self, plan: RoutePlan, form: KindForm, names: Names) -> None:
        self.plan = plan
        self.form = form
        self.names = names
        self.filters: list[Json] = []
        self.backends: list[Json] = []
        self.settlements: list[Settlement] = []
        self.references: set[Reference] = set()

    def settle(self, notes: Iterable[Note], path: str) -> None:
        kind, plan = self.form.kind, self.plan
        self.settlements.extend(note.settle(kind, plan.namespace, plan.name, path) for note in notes)

    def rule(self, index: int, rule: MergedRule, name: str) -> Json:
        draft = rule.draft
        wanted = sorted((each for each in draft.extensions if each.how == "filter"), key=lambda each: each.rank)
        own = [self._filter(extension, name or f"rule-{index + 1}") for extension in wanted]
        first = sum(extension.rank < 0 for extension in wanted)
        filters = [*own[:first], *draft.filters, *own[first:]]
        backends = [self._backend(backend) for backend in draft.backends]
        of_route = [note for note in rule.notes if note.path.startswith(_OF_ROUTE)]
        self.settle(of_route, "")
        of_rule = (_behind(note, first) for note in rule.notes if note not in of_route)
        self.settle(of_rule, f"spec.rules[{index}]")
        return objects.rule(name, rule, [self._at_home(entry) for entry in filters], backends)

    def _backend(self, backend: BackendRef) -> Json:
        if backend.through is None:
            self._refer(backend.namespace, backend.name)
            return objects.backend_ref(backend, self.plan.namespace)
        form = KindForm(backend.through.kind, backend.through.api_version)
        wanted = shorten(f"{backend.name}-{backend.through.word}")
        made = (
            (backend.through.spec, backend.through.companions) if backend.through.companions else backend.through.spec
        )
        name = self.names.take(form.kind, backend.namespace, wanted, repr(made))
        if backend.namespace != self.plan.namespace:
            source = (self.form.kind, self.plan.namespace)
            self.references.add(Reference(source, backend.namespace, form.group, form.kind, name))
        spec = backend.through.spec
        for companion in backend.through.companions:
            other = self.names.take(companion.kind, backend.namespace, name, repr((name, companion.spec)))
            spec = _with(spec, companion.at, other)
            kept = KindForm(companion.kind, companion.api_version)
            self.backends.append(_object(kept, backend.namespace, other, {"spec": companion.spec}))
        self.backends.append(_object(form, backend.namespace, name, {"spec": spec}))
        told = backend.through.notes
        self.settlements.extend(note.settle(form.kind, backend.namespace, name, "") for note in told)
        return objects.backend_object_ref(form, name, backend, self.plan.namespace)

    def _refer(self, namespace: str, service: str) -> None:
        if namespace != self.plan.namespace:
            source = (self.form.kind, self.plan.namespace)
            self.references.add(Reference(source, namespace, "", "Service", service))

    def _at_home(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """A filter with its backend, which names no namespace where that is the route's own."""
        return {key: self._home_body(body) if isinstance(body, dict) else body for key, body in entry.items()}

    def _home_body(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        backend = body.get("backendRef")
        if not isinstance(backend, dict):
            return body
        self._refer(backend["namespace"], backend["name"])
        away = backend["namespace"] != self.plan.namespace
        return {**body, "backendRef": {k: v for k, v in backend.items() if away or k != "namespace"}}

    def _filter(self, extension: Extension, rule: str) -> Json:
        name = self._name(extension, rule)
        self._emit(extension, name, extension.spec, self.filters)
        return objects.extension_filter(extension.kind, extension.api_version, name)

    def policies(self, names: Sequence[str]) -> list[Json]:
        """One policy for a rule, or for the whole route when all its rules ask for the same."""
        wanted = [[e for e in rule.draft.extensions if e.how == "policy"] for rule in self.plan.rules]
        specs = [[(e.kind, e.spec, e.companions) for e in found] for found in wanted]
        emitted: list[Json] = []
        if len(wanted) and all(spec == specs[0] for spec in specs):
            for index, extension in enumerate(wanted[0]):
                same = [found[index] for found in wanted]
                self._policy(extension, same, "", emitted)
            return emitted
        for name, found in zip(names, wanted, strict=True):
            for extension in found:
                self._policy(extension, [extension], name, emitted)
        return emitted

    def _policy(self, extension: Extension, same: Sequence[Extension], section: str, emitted: list[Json]) -> None:
        name = self._name(extension, section)
        spec = {**objects.targeted(extension.targets, objects.policy_target(self.plan.name, section)), **extension.spec}
        notes = tuple(dict.fromkeys(note for e in same for note in e.notes))
        self._emit(replace(extension, notes=notes), name, spec, emitted)

    def _name(self, extension: Extension, section: str) -> str:
        plan = self.plan
        name = shorten("-".join(part for part in (plan.name, section, extension.word) if part))
        return self.names.take(extension.kind, plan.namespace, name, repr((plan.name, section, extension.word)))

    def _emit(self, extension: Extension, name: str, spec: Mapping[str, Any], into: list[Json]) -> None:
        namespace, form = self.plan.namespace, KindForm(extension.kind, extension.api_version)
        for companion in extension.companions:
            other = self.names.take(companion.kind, namespace, name, repr((name, companion.at)))
            spec = _with(spec, companion.at, other)
            into.append(self._home_object(KindForm(companion.kind, companion.api_version), other, companion.spec))
        into.append(self._home_object(form, name, spec, extension.at))
        self.settlements.extend(note.settle(extension.kind, namespace, name, "") for note in extension.notes)

    def _home_object(self, form: KindForm, name: str, spec: Mapping[str, Any], at: str = "spec") -> Json:
        said, references = at_home(spec, form, self.plan.namespace)
        self.references |= references
        return _object(form, self.plan.namespace, name, {at: said} if at else said)


def _behind(note: Note, count: int) -> Note:
    """The note about a filter, where so many others come before it."""
    found = _FILTER.match(note.path) if count else None
    return replace(note, path=f"filters[{int(found[1]) + count}]") if found else note


def _object(form: KindForm, namespace: str, name: str, body: Mapping[str, Any]) -> Json:
    return {"apiVersion": form.api_version, "kind": form.kind, "metadata": objects.metadata(namespace, name), **body}


def _with(spec: Any, at: Sequence[str | int], value: str) -> Any:
    """A copy of the spec that says the value there."""
    first, *rest = at
    if isinstance(first, int):
        return [_with(entry, rest, value) if index == first else entry for index, entry in enumerate(spec)]
    return {**spec, first: _with(spec.get(first, {}), rest, value) if rest else value}
