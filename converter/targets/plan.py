"""Virtual hosts become drafts: what is served over http, what over https, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from converter.gateway.drafts import BackendRef, HostDraft, Note, PathMatch, RuleDraft, Side, SideDraft
from converter.gateway.paths import MAX_LENGTH, legal_path
from converter.gateway.policies import joined
from converter.gateway.regex import is_re2, literal_head, prefix_pattern
from converter.ingress.names import is_host
from converter.routing import Guard, Hsts, MatchKind, Redirect, SslRedirect
from converter.targets.standard import FILTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import Extension
    from converter.ledger import Origin, Settlement
    from converter.routing import Behaviour, Location, VirtualHost
    from converter.targets.carry import Part, Target

_ROOT = PathMatch("PathPrefix", "/")


def draft_host(host: VirtualHost, target: Target, *, https_everywhere: bool) -> HostDraft:
    """What the target serves for a host.

    ``https_everywhere`` is for a default certificate: hosts that did not ask for TLS are served over https as well.
    """
    planner = _Planner(target)
    for location in host.locations:
        planner.add(location)
    http = tuple(planner.ordered(planner.http))
    https = tuple(planner.ordered(planner.https))
    both = host.certificate is not None or https_everywhere
    notes, listener_notes = _host_notes(host, target, ".named" if https_everywhere else "")
    return HostDraft(
        name=host.name,
        names=(host.name, *(name for name in host.aliases if is_host(name))),
        owner=host.owner,
        certificate=host.certificate,
        sides=_sides(_without_needless_redirects(http), https, both=both),
        ordered=any(rule.match.type == "RegularExpression" for rule in (*http, *https)),
        notes=notes,
        listener_notes=listener_notes,
        homeless=planner.settlements(https=both),
    )


def _sides(http: tuple[RuleDraft, ...], https: tuple[RuleDraft, ...], *, both: bool) -> tuple[SideDraft, ...]:
    plain: Side = "http"
    secure: Side = "https"
    if not both:
        sides = [SideDraft((plain,), http)]
    elif http == https:
        sides = [SideDraft((plain, secure), http)]
    else:
        sides = [SideDraft((plain,), http), SideDraft((secure,), https)]
    return tuple(side for side in sides if side.rules)


def _host_notes(
    host: VirtualHost, target: Target, default_certificate: str
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    rows = target.table.rows
    notes = [
        rows["server-alias" if origin.type == "annotation" else "host"].note(origin, "spec.hostnames")
        for origin in host.origins
    ]
    if not all(is_host(alias) for alias in host.aliases):
        notes = [rows["server-alias.regex"].note(n.origin) if n.origin.type == "annotation" else n for n in notes]
    certificate = host.certificate
    if certificate is None:
        return tuple(notes), ()
    code = "tls" if certificate.secret else f"tls.default-certificate{default_certificate}"
    row = rows["tls.guessed" if certificate.secret and certificate.guessed else code]
    return tuple(notes), row.notes(certificate.origins, "tls.certificateRefs")


@dataclass
class _Planner:
    target: Target
    http: list[RuleDraft] = field(default_factory=list)
    https: list[RuleDraft] = field(default_factory=list)
    homeless: list[Settlement] = field(default_factory=list)
    left_out: dict[Origin, None] = field(default_factory=dict)

    def settlements(self, *, https: bool) -> tuple[Settlement, ...]:
        """What has no object to stand on: paths that cannot be said, and what holds for nothing but those.

        Without ``https`` the rules for it are lost as well.
        """
        rows = self.target.table.rows
        http_only, https_only = _origins(self.http), _origins(self.https)
        carried = {*http_only, *https_only} if https else {*http_only}
        unheard = [] if https else [rows["https.silent"].settle(o) for o in https_only if o not in carried]
        lost = [o for o in self.left_out if o not in carried]
        return (*self.homeless, *unheard, *map(rows["path.left-out"].settle, lost))

    def add(self, location: Location) -> None:
        """Place a location on both sides, or its redirect to https on the plain one."""
        if any(isinstance(behaviour, Redirect) for behaviour in location.behaviours):
            self._add_to(location, location.behaviours, [self.http, self.https])
            return
        to_https = next((b for b in location.behaviours if isinstance(b, SslRedirect)), None)
        others = [b for b in location.behaviours if not isinstance(b, SslRedirect)]
        if to_https:
            self._add_to(location, [to_https], [self.http], to_https=True)
        if location.backend is None:
            self.homeless.extend(self._silent(location, others, redirected=to_https is not None))
            return
        if not to_https:
            self._add_to(location, [b for b in others if not _is_for_https(b)], [self.http])
        self._add_to(location, others, [self.https])

    def _silent(self, location: Location, behaviours: Iterable[Behaviour], *, redirected: bool) -> Iterable[Settlement]:
        """Behaviours of a location that answers 404 anyway; they may stand on others as well."""
        row = self.target.table.rows["host.silent"]
        origins = [origin for behaviour in behaviours for origin in behaviour.origins]
        if not redirected:
            origins.extend(location.origins)
        return [row.settle(origin) for origin in origins if origin.type != "default"]

    def _add_to(
        self,
        location: Location,
        behaviours: Sequence[Behaviour],
        sides: Sequence[list[RuleDraft]],
        *,
        to_https: bool = False,
    ) -> None:
        parts = [self.target.carry(behaviour, location) for behaviour in behaviours]
        match, notes = self._match(location, parts)
        if match is None:
            self.homeless.extend(note.settle_without_result() for note in notes)
            self.left_out.update(_origins(parts))
            return
        rule = self._rule(location, match, parts, notes if location.origins else (), to_https=to_https)
        for side in sides:
            side.append(rule)

    def _rule(
        self, location: Location, match: PathMatch, parts: Sequence[Part], notes: Iterable[Note], *, to_https: bool
    ) -> RuleDraft:
        filters: list[Mapping[str, object]] = []
        extensions: list[Extension] = []
        collected = list(notes)
        for part in parts:
            at = f"filters[{len(filters)}]"
            collected.extend(replace(n, path=at) if n.path == FILTER else n for n in part.notes)
            filters.extend(part.filters)
            extensions.extend(part.extensions)
        backend = None
        if not any(part.answers for part in parts):
            backend, backend_notes = self._backend(location)
            collected.extend(backend_notes)
        return RuleDraft(match, location.owner, backend, tuple(filters), joined(extensions), tuple(collected), to_https)

    def _backend(self, location: Location) -> tuple[BackendRef | None, tuple[Note, ...]]:
        backend, rows = location.backend, self.target.table.rows
        if backend is None:
            return None, ()
        if backend.port is None:
            return None, rows["backend.no-port"].notes(location.origins)
        notes = rows["backend.external-name"].notes(location.origins, "backendRefs[0]") if backend.external else ()
        return BackendRef(backend.namespace, backend.service, backend.port), notes

    def _match(self, location: Location, parts: Sequence[Part]) -> tuple[PathMatch | None, tuple[Note, ...]]:
        rows, origins = self.target.table.rows, location.origins
        override = next((part.match for part in parts if part.match), None)
        code = next((part.path_code for part in parts if part.path_code), "")
        if override:
            return override, rows[code or "path"].notes(origins, "matches")
        value = location.match.value
        if location.match.kind is MatchKind.REGEX and value != "/":
            return self._regex_match(location, code or "path.regex")
        legal = legal_path(value)
        if legal is None:
            return None, rows["path.too-odd"].notes(origins)
        exact = location.match.kind is MatchKind.EXACT
        return PathMatch("Exact" if exact else "PathPrefix", legal), rows[code or "path"].notes(origins, "matches")

    def _regex_match(self, location: Location, code: str) -> tuple[PathMatch | None, tuple[Note, ...]]:
        table = self.target.table
        pattern = prefix_pattern(table.regex_before, location.match.value, table.regex_after)
        if not is_re2(location.match.value) or len(pattern) > MAX_LENGTH:
            return None, table.rows["path.regex-dialect"].notes(location.origins)
        return PathMatch("RegularExpression", pattern), table.rows[code].notes(location.origins, "matches")

    def ordered(self, rules: Sequence[RuleDraft]) -> Iterable[RuleDraft]:
        """Mark the rules whose precedence the Gateway API leaves open: a pattern that may overlap a prefix."""
        row = self.target.table.rows["path.regex-order"]
        before = self.target.table.regex_before
        heads = {_head(rule.match, before) for rule in rules if rule.match.type == "RegularExpression"}
        prefixes = {rule.match.value.lower() for rule in rules if rule.match.type == "PathPrefix"} - {"/"}
        for rule in rules:
            regex = rule.match.type == "RegularExpression"
            head = _head(rule.match, before) if regex else rule.match.value.lower()
            others = prefixes if regex else heads if head in prefixes else ()
            if any(head.startswith(other) or other.startswith(head) for other in others):
                origins = {note.origin: None for note in rule.notes if note.origin.key == "spec.rules.http.paths"}
                yield replace(rule, notes=(*rule.notes, *row.notes(origins, "matches")))
            else:
                yield rule


def _is_for_https(behaviour: Behaviour) -> bool:
    return isinstance(behaviour, Hsts) or (isinstance(behaviour, Guard) and behaviour.kind == "tls")


def _origins(carriers: Iterable[RuleDraft | Part]) -> dict[Origin, None]:
    """What a person wrote that stands on these, in their order."""
    notes = (note for c in carriers for note in (*c.notes, *(n for e in c.extensions for n in e.notes)))
    return {note.origin: None for note in notes if note.origin.type != "default"}


def _head(match: PathMatch, before: str) -> str:
    return literal_head(match.value.removeprefix(before)).lower()


def _without_needless_redirects(rules: tuple[RuleDraft, ...]) -> tuple[RuleDraft, ...]:
    """One redirect to https for ``/`` says it for every path that nothing else serves."""
    root = next((rule for rule in rules if rule.to_https and rule.match == _ROOT), None)
    if root is None:
        return rules
    served = [rule.match for rule in rules if not rule.to_https]
    needless = {
        id(rule): rule
        for rule in rules
        if rule.to_https and rule is not root and rule.filters == root.filters and not _shadowed(rule.match, served)
    }
    notes = dict.fromkeys(note for rule in (root, *needless.values()) for note in rule.notes)
    merged = replace(root, notes=tuple(replace(n, path="matches") if n.path == "matches" else n for n in notes))
    return tuple(merged if rule is root else rule for rule in rules if id(rule) not in needless)


def _shadowed(match: PathMatch, served: Iterable[PathMatch]) -> bool:
    """Whether without its own redirect a request to this path would reach something that is served in plain."""
    for other in served:
        if other.type == "RegularExpression" or match.type == "RegularExpression":
            return True
        bare = other.value.rstrip("/")
        if other.type == "PathPrefix" and (match.value == bare or match.value.startswith(f"{bare}/")):
            return True
    return False
