"""What a target wants, before objects have names: rules and listeners of one host.

A draft carries its notes for the ledger with it, so that each ends up beside the field that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from converter.ledger import Origin, Result, Settlement, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.ledger import Source
    from converter.routing import Certificate

Side = Literal["http", "https"]
_NOTHING = (Verdict.UNTRANSLATED, Verdict.INERT)
"""Verdicts on what became of nothing, as does a default; unless the note names a field."""


@dataclass(frozen=True, slots=True)
class Note:
    """A settlement that waits for the object it is about."""

    origin: Origin
    verdict: Verdict
    code: str
    message: str
    advice: str = ""
    path: str = ""
    """The field, relative to the draft; empty means the draft as a whole."""

    def settle(self, kind: str, namespace: str, name: str, path: str) -> Settlement:
        if not self.path and (self.verdict in _NOTHING or self.origin.type == "default"):
            return self.settle_without_result()
        where = ".".join(part for part in (path, self.path) if part)
        result = Result(kind, namespace, name, where)
        return Settlement(self.origin, self.verdict, self.code, self.message, self.advice, (result,))

    def settle_without_result(self) -> Settlement:
        return Settlement(self.origin, self.verdict, self.code, self.message, self.advice)


@dataclass(frozen=True, slots=True)
class PathMatch:
    type: Literal["Exact", "PathPrefix", "RegularExpression"]
    value: str


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    type: Literal["Exact", "RegularExpression"]
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class RequestMatch:
    """Conditions on a request besides its path; all of them have to hold."""

    method: str = ""
    """Empty for any."""
    headers: tuple[HeaderMatch, ...] = ()
    queries: tuple[HeaderMatch, ...] = ()
    """Of parameters of the query."""
    sources: tuple[str, ...] = ()
    """Networks, one of which the client is in; none for any client. Only an extension of the rule can say it."""


@dataclass(frozen=True, slots=True)
class BackendObject:
    """An object of the implementation through which a rule reaches a Service, in the namespace of that Service."""

    kind: str
    api_version: str
    word: str
    """What the object is for, as part of its name."""
    spec: Mapping[str, Any]
    notes: tuple[Note, ...]
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class BackendRef:
    namespace: str
    name: str
    port: int
    weight: int | None = None
    """``None`` for the only one."""
    through: BackendObject | None = None
    """``None``: the rule names the Service itself."""


@dataclass(frozen=True, slots=True)
class Extension:
    """An object of the implementation that belongs to a rule: a filter that it names, or a policy that targets it."""

    kind: str
    api_version: str
    how: Literal["filter", "policy", "gateway"]
    """``gateway``: its rules hold for the hosts and paths of the rule, and it targets the Gateway as a whole."""
    word: str
    """What the object is for, as part of its name."""
    spec: Mapping[str, Any]
    """What the object says, without what it targets."""
    notes: tuple[Note, ...]
    at: str = "spec"
    """Where that stands in the object; empty for kinds that have no ``spec``."""
    targets: str = "targetRefs"
    """The field in which a policy names what it targets: a list, or one reference where the name is singular."""
    companions: tuple[Companion, ...] = ()
    rank: int = 0
    """Of a filter: smaller ones run first, and those below 0 before the filters of the Gateway API."""
    once: str = ""
    """Of a filter: a rule takes one of its kind with this word, so what several say is put into one if they agree."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A further object that an extension refers to by name."""

    kind: str
    api_version: str
    spec: Mapping[str, Any]
    at: tuple[str | int, ...]
    """Where the extension's ``spec`` names it: fields, and places in lists."""


@dataclass(frozen=True, slots=True)
class ServicePolicy:
    """An object that targets a Service, whichever routes lead to it; what several ask for is put into one."""

    kind: str
    namespace: str
    service: str
    word: str
    spec: Mapping[str, Any]
    """What it says, without what it targets."""
    notes: tuple[Note, ...]
    api_version: str = ""
    """Empty for a kind of the Gateway API itself, whose release knows it."""
    targets: str = "targetRefs"
    """As of an :class:`Extension`; empty where the Service has to name the object."""


@dataclass(frozen=True, slots=True)
class ListenerPolicy:
    """An object that targets listeners: those of one host, or all of a Gateway; what several ask for is put into one.

    Plain http of most hosts shares one listener, so nothing targets that alone.
    """

    kind: str
    api_version: str
    word: str
    spec: Mapping[str, Any]
    """What it says, without what it targets."""
    notes: tuple[Note, ...]
    targets: str = "targetRefs"
    """As of an :class:`Extension`."""
    names_sets: bool = True
    """Whether it can target a ListenerSet; else what it says of a Gateway holds for its sets as well."""


@dataclass(frozen=True, slots=True)
class ListenerOptions:
    """What the implementation reads in ``tls.options`` of the https listeners of a host."""

    values: Mapping[str, str]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class GatewayParameters:
    """An object that a Gateway names in ``spec.infrastructure.parametersRef``; what several ask for is put into one.

    A Gateway names only one, so all are of one kind.
    """

    kind: str
    api_version: str
    spec: Mapping[str, Any]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class RuleDraft:
    match: PathMatch
    owner: Source
    backends: tuple[BackendRef, ...] = ()
    filters: tuple[Mapping[str, Any], ...] = ()
    condition: RequestMatch = RequestMatch()
    """Further conditions of the match."""
    fields: tuple[tuple[str, Any], ...] = ()
    """Further fields of the rule by name, such as ``timeouts``."""
    extensions: tuple[Extension, ...] = ()
    notes: tuple[Note, ...] = ()
    to_https: bool = False
    """The rule does nothing but send plain http to https."""
    word: str = ""
    """What tells the rule from others of its path, as part of its name."""
    branch: bool = False
    """Of several rules for its path, the first that a request meets counts."""
    service_policies: tuple[ServicePolicy, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    """Of the route that holds the rule, and only rules with the same."""


@dataclass(frozen=True, slots=True)
class SideDraft:
    """Rules that are served on the same listeners of a host."""

    listeners: tuple[Side, ...]
    rules: tuple[RuleDraft, ...]
    beside: tuple[Side, ...] = ()
    """Listeners that have to be there although the rules are not attached to them."""


@dataclass(frozen=True, slots=True)
class Passthrough:
    """Connections to a host that go to a backend without being decrypted."""

    backend: BackendRef
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ClientCa:
    namespace: str
    secret: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class PortDraft:
    """A port whose connections or packets go to a backend as they are."""

    protocol: Literal["TCP", "UDP"]
    number: int
    backend: BackendRef
    owner: Source
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class HostDraft:
    name: str
    names: tuple[str, ...]
    """The host and its aliases."""
    owner: Source
    certificate: Certificate | None
    sides: tuple[SideDraft, ...]
    ordered: bool
    """The order of the rules counts: some are regular expressions, or branches."""
    notes: tuple[Note, ...] = ()
    """About the host as a whole."""
    listener_notes: tuple[Note, ...] = ()
    """About its certificate."""
    homeless: tuple[Settlement, ...] = ()
    """What could not be drafted at all."""
    passthrough: Passthrough | None = None
    client_ca: ClientCa | None = None
    """Who signs the certificates that clients have to show; every https host of its Gateway has the same."""
    listener_policies: tuple[ListenerPolicy, ...] = ()
    """For its https listeners."""
    listener_options: tuple[ListenerOptions, ...] = ()
