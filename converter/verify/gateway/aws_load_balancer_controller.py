"""What a ``ListenerRuleConfiguration`` of the AWS Load Balancer Controller says of the rule that names it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.texts import is_within
from converter.verify.messages import Answer
from converter.verify.words import network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from converter.verify.facts import Value
    from converter.verify.gateway.extensions import Identity
    from converter.verify.gateway.routes import Route
    from converter.verify.messages import Request

KIND = "ListenerRuleConfiguration"
_LOGINS = {
    "authenticate-oidc": ("authenticateOIDCConfig", "authorizationEndpoint"),
    "authenticate-cognito": ("authenticateCognitoConfig", "userPoolDomain"),
    "jwt-validation": ("jwtValidationConfig", "issuer"),
}
"""Actions that ask who somebody is: their field, and what in it says whom they ask."""


def configured(route: Route, known: Mapping[Identity, Mapping[str, Any]]) -> Route:
    """The route with what its rules are told: conditions beside those of a match, and the query of a redirect."""
    return replace(route, rules=tuple(_configured(rule, route, known) for rule in route.rules))


def _configured(
    rule: Mapping[str, Any], route: Route, known: Mapping[Identity, Mapping[str, Any]]
) -> Mapping[str, Any]:
    references = (entry["extensionRef"] for entry in rule.get("filters", []) if entry["type"] == "ExtensionRef")
    names = ((reference["kind"], route.namespace, reference["name"]) for reference in references)
    spec = next((known[name]["spec"] for name in names if name[0] == KIND and name in known), None)
    if spec is None:
        return rule
    matches = rule.get("matches") or [{}]
    found = {**rule, "matches": [_narrowed(match, index, spec) for index, match in enumerate(matches)]}
    queries = [action["redirectConfig"]["query"] for action in _of_type(spec, "redirect") if _query(action)]
    return {**found, "filters": [_with_query(entry, queries) for entry in rule["filters"]]}


def _narrowed(match: Mapping[str, Any], index: int, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """``matchIndexes``: the matches that a condition is for; without it, all of them."""
    sources = [
        condition["sourceIPConfig"]["values"]
        for condition in spec.get("conditions", [])
        if index in condition.get("matchIndexes", [index])
    ]
    return {**match, "sources": sources} if sources else match


def _query(action: Mapping[str, Any]) -> str | None:
    query: str | None = action.get("redirectConfig", {}).get("query")
    return query


def _with_query(entry: Mapping[str, Any], queries: Sequence[str]) -> Mapping[str, Any]:
    if not queries or entry["type"] != "RequestRedirect":
        return entry
    return {**entry, "requestRedirect": {**entry["requestRedirect"], "query": queries[0]}}


def admits(match: Mapping[str, Any], request: Request) -> bool:
    """Whether the client is in one network of every condition."""
    return all(any(is_within(request.client, each) for each in values) for values in match.get("sources", []))


def answered(extension: Mapping[str, Any]) -> Answer | None:
    """The answer of the load balancer itself."""
    actions = _of_type(extension["spec"], "fixed-response")
    return next((Answer(action["fixedResponseConfig"]["statusCode"]) for action in actions), None)


def login(actions: Sequence[Mapping[str, Any]], request: Request) -> Answer | None:
    """Over https alone clients are asked who they are, and sent to where they can say it or told that they may not."""
    logins = (action for action in actions if action["type"] in _LOGINS)
    for action in logins if request.scheme == "https" and not request.identified else ():
        field, authority = _LOGINS[action["type"]]
        body = action.get(field, {})
        wanted = "deny" if field == "jwtValidationConfig" else body.get("onUnauthenticatedRequest", "authenticate")
        if wanted != "allow":
            return Answer(401) if wanted == "deny" else Answer(302, location=body.get(authority, ""))
    return None


def addresses(route: Route, match: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """Whom the rules for the path of a match let in and keep out; a rule without a backend is one that refuses."""
    lists: dict[str, dict[str, None]] = {"allowed": {}, "denied": {}}
    for rule in route.rules:
        word = "allowed" if rule.get("backendRefs") else "denied"
        for other in rule.get("matches", []):
            if other.keys() == {"path", "sources"} and other["path"] == match.get("path"):
                lists[word].update(dict.fromkeys(network(each) for values in other["sources"] for each in values))
    if found := {word: ", ".join(listed) for word, listed in lists.items() if listed}:
        yield "addresses", found


def _of_type(spec: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    return (action for action in spec.get("actions", []) if action["type"] == kind)


def _actions(value: Sequence[Mapping[str, Any]], _: str) -> Iterator[tuple[str, Value]]:
    """A login; other actions show in the answer."""
    for action in value:
        if action["type"] in _LOGINS:
            field, authority = _LOGINS[action["type"]]
            yield "external auth", {"asks": action.get(field, {}).get(authority, "")}


def _nothing(_: Any, __: str) -> Iterator[tuple[str, Value]]:
    """It shows in which rule takes a request, and what it is called does not matter."""
    yield from ()


WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    (KIND, "actions"): _actions,
    (KIND, "conditions"): _nothing,
    (KIND, "tags"): _nothing,
}
