"""The locations of a host become rules: what is served over http, what over https."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from converter.gateway.drafts import BackendRef, Note, PathMatch, RequestMatch, RuleDraft, Side
from converter.gateway.paths import MAX_LENGTH, legal_path
from converter.gateway.policies import joined
from converter.gateway.regex import is_re2, path_pattern
from converter.routing import (
    BodyLimit,
    ClientCertificate,
    Conditional,
    Cors,
    Directive,
    FixedAnswer,
    Guard,
    Hsts,
    MatchKind,
    Redirect,
    Refusal,
    RegexPath,
    ResponseHeaders,
    Setting,
    Split,
    SslRedirect,
    behaviour_origins,
)
from converter.targets.branches import branched
from converter.targets.carry import Part
from converter.targets.filters import joined_filters
from converter.targets.origins import written_origins
from converter.targets.sides import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.gateway.drafts import ListenerOptions, ListenerPolicy
    from converter.ledger import Origin, Settlement
    from converter.routing import Backend, Behaviour, Location, Match
    from converter.targets.carry import Target, Through

_BOTH: tuple[Side, ...] = ("http", "https")
_ANSWERS = (Redirect, FixedAnswer, Refusal)
"""What stands in place of the backend, over http as well."""
_BESIDE_ANSWERS = (Conditional, Directive, RegexPath, BodyLimit)


@dataclass
class Planner:
    """Takes the locations of a host one after the other."""

    target: Target
    prefixes: frozenset[str]
    """The values of all prefixes of the host."""
    exact: frozenset[str]
    """Those of all exact paths."""
    last: Match | None
    """What nginx tries last; a prefix of everything stands for that alone."""
    http: list[RuleDraft] = field(default_factory=list)
    https: list[RuleDraft] = field(default_factory=list)
    listener_policies: list[ListenerPolicy] = field(default_factory=list)
    listener_options: list[ListenerOptions] = field(default_factory=list)
    homeless: list[Settlement] = field(default_factory=list)
    left_out: dict[Origin, None] = field(default_factory=dict)

    def settlements(self, *, https: bool, passes: bool) -> tuple[Settlement, ...]:
        """What has no object to stand on: paths that cannot be said, and what holds for nothing but those.

        Without ``https`` the rules for it are lost as well, unless they held for nothing because the host ``passes``
        its connections on.
        """
        rows = self.target.table.rows
        http_only, https_only = written_origins(self.http), written_origins(self.https)
        for_listeners = Part(
            listener_policies=tuple(self.listener_policies), listener_options=tuple(self.listener_options)
        )
        asked = written_origins([for_listeners])
        carried = {*http_only, *https_only, *asked} if https else {*http_only}
        silent = rows["tls.passthrough-silent" if passes else "https.silent"]
        unheard = [] if https else [silent.settle(o) for o in (*https_only, *asked) if o not in carried]
        lost = [o for o in self.left_out if o not in carried]
        return (*self.homeless, *unheard, *map(rows["path.left-out"].settle, lost))

    def add(self, location: Location) -> None:
        """Place a location on both sides, or its redirect to https on the plain one."""
        if any(isinstance(behaviour, _ANSWERS) for behaviour in location.behaviours):
            told = [b for b in location.behaviours if isinstance(b, (*_ANSWERS, *_BESIDE_ANSWERS))]
            self._add_to(location, told, _BOTH)
            self._lose_headers(location.behaviours)
            self.left_out.update((o, None) for b in location.behaviours if isinstance(b, Guard) for o in _written(b))
            return
        to_https = next((b for b in location.behaviours if isinstance(b, SslRedirect)), None)
        behaviours = [b for b in location.behaviours if not isinstance(b, SslRedirect) and not self._is_told(b)]
        others = [*behaviours, *self._everywhere(location)]
        if to_https:
            earlier = (b for b in others if isinstance(b, Conditional) and b.answer)
            plain: list[Behaviour] = [*earlier, to_https, *(b for b in others if isinstance(b, BodyLimit))]
            self._add_to(location, plain, ("http",), to_https=True)
        if location.backend is None:
            answered = [b for b in others if isinstance(b, Conditional) and b.answer and not b.condition.negated]
            self._add_to(location, answered, ("https",) if to_https else _BOTH)
            others = [b for b in others if b not in answered]
            self.homeless.extend(self._silent(location, others, redirected=to_https is not None))
            return
        if not to_https:
            self._add_to(location, [b for b in others if not _is_for_https(b)], ("http",))
        self._add_to(location, others, ("https",))

    def _is_told(self, behaviour: Behaviour) -> bool:
        """Whether the Gateways say it for all that they serve."""
        return isinstance(behaviour, Setting) and self.target.told.issuperset(behaviour.origins)

    def _everywhere(self, location: Location) -> Iterable[Behaviour]:
        """Options of the controller; the location's own setting of that name comes before them."""
        own = {behaviour.name for behaviour in location.behaviours if isinstance(behaviour, Setting)}
        return (option for option in self.target.everywhere if option.name not in own)

    def _lose_headers(self, behaviours: Iterable[Behaviour]) -> None:
        rows = self.target.table.rows
        for behaviour in behaviours:
            if isinstance(behaviour, Cors | ResponseHeaders | Hsts):
                row = rows["hsts" if isinstance(behaviour, Hsts) else "redirect.headers-lost"]
                self.homeless.extend(row.settle(origin) for origin in behaviour.origins)

    def _silent(self, location: Location, behaviours: Iterable[Behaviour], *, redirected: bool) -> Iterable[Settlement]:
        """Behaviours of a location that answers 404 anyway; they may stand on others as well."""
        rows = self.target.table.rows
        found = [
            rows["access.silent" if isinstance(behaviour, Guard | Conditional) else "host.silent"].settle(origin)
            for behaviour in behaviours
            for origin in _written(behaviour)
        ]
        return found if redirected else [*found, *(rows["host.silent"].settle(origin) for origin in location.origins)]

    def _add_to(
        self, location: Location, behaviours: Sequence[Behaviour], sides: Sequence[Side], *, to_https: bool = False
    ) -> None:
        parts = [self.target.carry(behaviour, location) for behaviour in behaviours]
        if "https" in sides:
            self.listener_policies.extend(policy for part in parts for policy in part.listener_policies)
            self.listener_options.extend(options for part in parts for options in part.listener_options)
        match, notes = self._match(location, parts)
        if match is None:
            self.homeless.extend(note.settle_without_result() for note in notes)
            self.left_out.update(written_origins(parts))
            return
        rules = self._rules(location, match, parts, notes if location.origins else (), to_https=to_https)
        further = [rule for part in parts for rule in part.further] if any(rule.backends for rule in rules) else []
        for side in sides:
            mine = self.http if side == "http" else self.https
            mine.extend([*rules, *(rule for rule in further if rule not in mine)])

    def _rules(
        self, location: Location, match: PathMatch, parts: Sequence[Part], notes: Iterable[Note], *, to_https: bool
    ) -> list[RuleDraft]:
        """The rule of a location, after those for the requests that go elsewhere.

        Where something answers in place of the backend, nothing else has anything to do.
        """
        answers = [part for part in parts if part.answers]
        branches = [branch for part in parts for branch in part.branches]
        if answers:
            parts = [part for part in parts if not part.branches]
            self.left_out.update(written_origins(part for part in parts if not part.answers and not _only_tells(part)))
            parts = [part for part in parts if part.answers or _only_tells(part)]
        filters, filter_notes = joined_filters(parts, self.target.table.rows["headers.too-many"])
        through = next((part.through for part in parts if part.through), None)
        backend, backend_notes = (None, ()) if answers else self._backend(location.backend, location.origins, through)
        if through and backend is None and not answers:
            self.left_out.update(written_origins([Part(through=through)]))
        rule = RuleDraft(
            match,
            location.owner,
            (backend,) if backend else (),
            filters,
            fields=tuple(pair for part in parts for pair in part.fields),
            extensions=joined([extension for part in parts for extension in part.extensions]),
            notes=(*notes, *filter_notes, *backend_notes),
            to_https=to_https,
            service_policies=tuple(policy for part in parts for policy in part.service_policies),
            annotations=tuple(pair for part in parts for pair in part.annotations),
        )
        split = next((part for part in parts if part.shares), None)
        rules = [rule] if answers or location.backend else []
        if split and backend and not answers:
            behaviour = next(b for b in location.behaviours if isinstance(b, Split))
            other, other_notes = self._backend(behaviour.backend, behaviour.places, through)
            rules = self._split(rule, split, backend, other, other_notes)
        return branched(rules, rule, branches, self.target)

    def _split(
        self, rule: RuleDraft, part: Part, main: BackendRef, other: BackendRef | None, notes: tuple[Note, ...]
    ) -> list[RuleDraft]:
        if other is None or part.shares is None:
            return [replace(rule, notes=(*rule.notes, *notes))]
        rules = []
        for variant in part.variants:
            backends = (other if variant.away else main,)
            found = replace(
                rule,
                backends=backends,
                condition=RequestMatch(headers=(variant.header,)),
                notes=variant.notes,
                word=variant.word,
            )
            rules.append(found)
        stay, away = part.shares
        shares = (replace(main, weight=stay), replace(other, weight=away)) if away else (main,)
        return [*rules, replace(rule, backends=shares, notes=(*rule.notes, *notes))]

    def _backend(
        self, backend: Backend | None, origins: Sequence[Origin], through: Through | None
    ) -> tuple[BackendRef | None, tuple[Note, ...]]:
        rows = self.target.table.rows
        if backend is None:
            return None, ()
        if backend.port is None:
            return None, rows["backend.no-port"].notes(origins)
        notes = rows["backend.external-name"].notes(origins, "backendRefs[0]") if backend.external else ()
        found = BackendRef(backend.namespace, backend.service, backend.port)
        return replace(found, through=through(found)) if through else found, notes

    def _match(self, location: Location, parts: Sequence[Part]) -> tuple[PathMatch | None, tuple[Note, ...]]:
        rows, origins = self.target.table.rows, location.origins
        override = next((part.match for part in parts if part.match), None)
        if override == ROOT and location.match != self.last:
            override = None
        code = next((part.path_code for part in parts if part.path_code), "")
        if override:
            return override, rows[code or "path"].notes(origins, "matches")
        value = location.match.value
        if location.match.kind is MatchKind.REGEX and value != "/":
            return self._regex_match(location, code or "path.regex")
        legal = legal_path(value)
        if legal is None:
            return None, rows["path.too-odd"].notes(origins)
        exact = location.match.kind is MatchKind.EXACT or f"{value}/" in self.prefixes
        if not exact and value in self.exact and not self.target.release.has("policy-for-a-rule"):
            # Both take the same requests; two routes with one text could not have policies of their own.
            legal = f"{legal.rstrip('/')}/"
        return PathMatch("Exact" if exact else "PathPrefix", legal), rows[code or "path"].notes(origins, "matches")

    def _regex_match(self, location: Location, code: str) -> tuple[PathMatch | None, tuple[Note, ...]]:
        table = self.target.table
        pattern = path_pattern(table.regex_before, location.match.value, table.regex_after)
        if not self.target.release.has("regex-path"):
            return None, table.rows["path.regex-lost"].notes(location.origins)
        if pattern is None or not is_re2(location.match.value) or len(pattern) > MAX_LENGTH:
            return None, table.rows["path.regex-dialect"].notes(location.origins)
        if not table.regex_without.isdisjoint(pattern):
            return None, table.rows["path.regex-refused"].notes(location.origins)
        return PathMatch("RegularExpression", pattern), table.rows[code].notes(location.origins, "matches")


def _is_for_https(behaviour: Behaviour) -> bool:
    """A certificate whose name counts is asked for over plain http too, where nobody has one."""
    return isinstance(behaviour, Hsts) or (isinstance(behaviour, ClientCertificate) and not behaviour.name)


def _written(behaviour: Behaviour) -> Iterable[Origin]:
    return (origin for origin in behaviour_origins(behaviour) if origin.type != "default")


def _only_tells(part: Part) -> bool:
    """Whether it puts nothing on the rule, and speaks of what holds for the location whatever answers."""
    return part == Part(notes=part.notes)
