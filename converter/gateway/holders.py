"""Policies that target listeners: one of a kind for each, since of several only the most specific one counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from converter.gateway import objects
from converter.gateway.names import shorten
from converter.gateway.policies import merged
from converter.gateway.references import at_home
from converter.gateway.releases import KindForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from converter.gateway.drafts import ListenerPolicy
    from converter.gateway.grants import Reference
    from converter.gateway.listeners import Holder
    from converter.gateway.names import Names
    from converter.gateway.objects import Json
    from converter.ledger import Settlement
    from converter.targets.table import Row


@dataclass
class ListenerPolicies:
    """The policies of all holders of listeners, while they are put together."""

    everywhere: Iterable[ListenerPolicy]
    """For every listener of the controller's Gateways."""
    form: Callable[[str], KindForm]
    names: Names
    beaten: Row
    """For what another Ingress wants differently of the same listener."""
    objects: list[Json] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    references: set[Reference] = field(default_factory=set)

    def add(self, holder: Holder) -> None:
        """Those for all listeners of the holder, and for each listener that asks for more what it needs altogether."""
        wide = self._by_kind(self.everywhere, {})
        for policy in wide.values():
            if holder.kind == "Gateway" or policy.names_sets:
                self._emit(policy, holder, [""])
        for policies in self._alike(holder, wide):
            sections = list(policies)
            policy = next(iter(policies.values()))
            told = tuple(dict.fromkeys(note for each in policies.values() for note in each.notes))
            alone = [[section] for section in sections]
            for found in [sections] if policy.targets.endswith("s") else alone:
                self._emit(replace(policy, notes=told), holder, found)

    def _alike(self, holder: Holder, wide: Mapping[str, ListenerPolicy]) -> Iterable[dict[str, ListenerPolicy]]:
        """The policies that say the same, each with the name of its listener."""
        found: dict[tuple[str, str], dict[str, ListenerPolicy]] = defaultdict(dict)
        for listener in holder.listeners:
            own = {policy.kind for policy in listener.policies}
            for kind, policy in self._by_kind(listener.policies, wide).items():
                if kind in own:
                    found[kind, repr(policy.spec)][listener.name] = policy
        return found.values()

    def _by_kind(
        self, policies: Iterable[ListenerPolicy], found: Mapping[str, ListenerPolicy]
    ) -> dict[str, ListenerPolicy]:
        joined = dict(found)
        for policy in policies:
            both = _joined(joined[policy.kind], policy) if policy.kind in joined else policy
            if both:
                joined[policy.kind] = both
            else:
                self.settlements.extend(self.beaten.settle(note.origin) for note in policy.notes)
        return joined

    def _emit(self, policy: ListenerPolicy, holder: Holder, sections: list[str]) -> None:
        form, namespace = KindForm(policy.kind, policy.api_version), holder.namespace
        wanted = shorten("-".join(part for part in (holder.name, sections[0], policy.word) if part))
        name = self.names.take(form.kind, namespace, wanted, repr((holder.identity, sections, policy.word)))
        targets = [objects.listener_target(holder, self.form(holder.kind), section) for section in sections]
        said, references = at_home(policy.spec, form, namespace)
        self.references |= references
        spec = {policy.targets: targets if policy.targets.endswith("s") else targets[0], **said}
        meta = objects.metadata(namespace, name)
        self.objects.append({"apiVersion": form.api_version, "kind": form.kind, "metadata": meta, "spec": spec})
        self.settlements.extend(note.settle(form.kind, namespace, name, "") for note in policy.notes)


def _joined(one: ListenerPolicy, other: ListenerPolicy) -> ListenerPolicy | None:
    """Both in one; ``None`` when they want different things in one field."""
    try:
        spec = merged(one.spec, other.spec)
    except ValueError:
        return None
    words = dict.fromkeys([*one.word.split("-"), *other.word.split("-")])
    return replace(one, word="-".join(words), spec=spec, notes=tuple(dict.fromkeys((*one.notes, *other.notes))))
