"""What a conversion needs from a live cluster, read and never written.

Secrets are asked for as a table of names: their metadata would be too much, for kubectl's last-applied annotation
holds their values.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from converter.problems import Problem
from converter.read import Reading
from converter.read.cluster import notes, refusals
from converter.read.cluster.access import Patience, connect
from converter.read.cluster.api import NOT_FOUND, LostError, Refusal, get_named, list_all, list_names
from converter.read.cluster.objects import Cluster, runs_controller
from converter.read.cluster.resources import CONFIG_MAPS, INGRESS_CLASSES, INGRESSES, SECRETS, SERVICES, WORKLOADS
from converter.read.cluster.secrets import absent, named_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from converter.problems import Severity
    from converter.read.cluster.api import Client
    from converter.read.cluster.resources import Resource
    from converter.read.documents import Document

__all__ = ["Patience", "Scope", "read_cluster"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cluster, and how much of it."""

    context: str = ""
    """Of the kubeconfig; empty for the current one."""
    namespace: str = ""
    """Empty for that of the context."""
    everywhere: bool = False
    """All namespaces, whatever ``namespace`` says."""
    controllers: str = ""
    """Namespace in which controllers usually stand, looked at when the whole cluster may not be; empty: no search."""


def read_cluster(
    scope: Scope,
    config_maps: Callable[[Sequence[Document] | None], Iterable[tuple[str, str]]],
    patience: Patience | None = None,
) -> Reading:
    """Ingresses with what they refer to, and the controllers that serve them.

    ``config_maps`` gets the documents of the controllers' workloads, or ``None`` where those could not be looked for,
    and says which ConfigMaps, by namespace and name, are needed: others may hold anything and are never asked for. What
    may not be read is a problem, and the rest is read.

    Raises:

        ModuleNotFoundError: The extra ``cluster`` is not installed.
    """
    client = connect(scope.context, patience or Patience())
    if isinstance(client, Problem):
        return Reading((), (client,), 0)
    reader = _Reader(client, Cluster(client.context), "" if scope.everywhere else scope.namespace or client.namespace)
    try:
        reader.read_scope()
        controllers = reader.read_controllers(scope.controllers) if scope.controllers else []
        reader.read_config_maps(config_maps(controllers))
        reader.read_secrets()
    except LostError as lost:
        reader.problems.append(refusals.lost(reader.cluster, lost))
    return Reading(tuple(reader.documents), tuple(reader.problems), 0)


@dataclass
class _Reader:
    client: Client
    cluster: Cluster
    namespace: str
    """Empty for all."""
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read_scope(self) -> None:
        """The Ingresses, their classes and their Services."""
        ingresses = self._list(INGRESSES, self.namespace)
        self.problems.extend(each for document in ingresses for each in notes.owned(document))
        if self.namespace:
            self.problems.append(notes.one_namespace(self.cluster, self.namespace))
        if not ingresses and not any(problem.severity == "error" for problem in self.problems):
            self.problems.append(notes.nothing_found(self.cluster, self.namespace))
        self._list(INGRESS_CLASSES, "")
        self._list(SERVICES, self.namespace)

    def read_controllers(self, usual_namespace: str) -> list[Document] | None:
        """Those of the whole cluster, or of as much of it as may be seen; ``None`` if that shows none."""
        found: list[Document] = []
        refused = []
        for resource in WORKLOADS:
            answer = list_all(self.client, resource, "")
            if isinstance(answer, Refusal):
                refused.append(answer)
                answer = self._in_part(resource, usual_namespace)
            found += self._keep(filter(runs_controller, answer))
        severity: Severity = "note" if found else "error"
        self.problems.extend(refusals.problem(self.cluster, [each], severity) for each in refused)
        return None if refused and not found else found

    def _in_part(self, resource: Resource, usual_namespace: str) -> list[dict[str, Any]]:
        spaces = dict.fromkeys((usual_namespace, self.namespace or usual_namespace))
        parts = [list_all(self.client, resource, namespace) for namespace in spaces]
        return [each for part in parts if not isinstance(part, Refusal) for each in part]

    def read_config_maps(self, wanted: Iterable[tuple[str, str]]) -> None:
        """One by one; of those that usually exist, most do not."""
        refused: dict[str, list[Refusal]] = defaultdict(list)
        for namespace, name in dict.fromkeys(wanted):
            answer = get_named(self.client, CONFIG_MAPS, namespace, name)
            if not isinstance(answer, Refusal):
                self.documents.append(self.cluster.document(answer))
            elif answer.status != NOT_FOUND:
                refused[namespace].append(answer)
        self.problems.extend(refusals.problem(self.cluster, group) for group in refused.values())

    def read_secrets(self) -> None:
        """Namespace by namespace, because a table of names does not say whose they are."""
        mentions = list(named_secrets(self.documents))
        known: set[tuple[str, str]] = set()
        refused: dict[str, Refusal] = {}
        for namespace in dict.fromkeys(mention.namespace for mention in mentions):
            names = list_names(self.client, SECRETS, namespace)
            if isinstance(names, Refusal):
                refused[namespace] = names
            else:
                known.update((namespace, name) for name in names)
        wanted = dict.fromkeys((mention.namespace, mention.name) for mention in mentions)
        self.documents.extend(self.cluster.secret(*each) for each in wanted if each in known)
        self.problems.extend(absent([each for each in mentions if each.namespace not in refused], known))
        if refused:
            self.problems.append(refusals.problem(self.cluster, list(refused.values()), "note"))

    def _list(self, resource: Resource, namespace: str) -> list[Document]:
        answer = list_all(self.client, resource, namespace)
        if not isinstance(answer, Refusal):
            return self._keep(answer)
        self.problems.append(refusals.problem(self.cluster, [answer]))
        return []

    def _keep(self, values: Iterable[dict[str, Any]]) -> list[Document]:
        found = [self.cluster.document(value) for value in values]
        self.documents += found
        return found
