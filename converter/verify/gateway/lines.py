"""The lines of ``SnippetsFilter`` objects that hold for a rule: its own, and those of its whole server."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from converter.verify.gateway import snippets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.nginx.grammar import Statement
    from converter.verify.facts import Value
    from converter.verify.gateway.routes import Route

Server = tuple[str, str, str]
"""The namespace and the name of what a route attaches to, and its section."""


class Lines:
    """The filters of one cluster."""

    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self._filters = {_identity(entry): entry for entry in objects if entry["kind"] == snippets.KIND}
        routes = [entry for entry in objects if entry["kind"] == "HTTPRoute"] if self._filters else []
        self._around: dict[tuple[str, Server], list[Statement]] = defaultdict(list)
        self._behind: dict[tuple[str, str], str] = {}
        for entry in routes:
            self._take_in(entry)

    def _take_in(self, entry: Mapping[str, Any]) -> None:
        home, spec = entry["metadata"].get("namespace", ""), entry["spec"]
        for rule in spec.get("rules", ()):
            around = list(self._of(rule, home, snippets.IN_SERVER))
            asked = _service(rule, home)
            for host in spec.get("hostnames", ("",)):
                for parent in spec.get("parentRefs", ()) if around else ():
                    self._around[host, _server(parent, home)] += around
                for match in rule.get("matches", ()):
                    if match.get("path", {}).get("type") == "Exact":
                        self._behind[host, match["path"].get("value", "/")] = asked

    def facts(self, route: Route, rule: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
        if not self._filters:
            return
        hosts = route.hostnames or ("",)
        keys = [(host, _server(parent, route.namespace)) for host in hosts for parent in route.parents]
        around = dict.fromkeys(each for key in keys for each in self._around.get(key, ()))
        own = list(self._of(rule, route.namespace, snippets.IN_LOCATION))
        yield from snippets.facts(own, lambda path: self._behind.get((hosts[0], path), path))
        yield from snippets.facts(list(around), str)

    def _of(self, rule: Mapping[str, Any], home: str, context: str) -> Iterator[Statement]:
        for entry in rule.get("filters", ()):
            reference = entry.get("extensionRef", {})
            found = self._filters.get((home, reference.get("name", "")))
            if found and reference.get("kind") == snippets.KIND:
                yield from snippets.lines(found, context)


def _identity(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["metadata"].get("namespace", ""), entry["metadata"]["name"]


def _server(parent: Mapping[str, Any], home: str) -> Server:
    return parent.get("namespace", home), parent["name"], parent.get("sectionName", "")


def _service(rule: Mapping[str, Any], home: str) -> str:
    """As the facts of the source name who is asked: ``auth/proxy:4180/oauth2/auth``."""
    path = next(
        (
            entry["urlRewrite"]["path"].get("replaceFullPath", "")
            for entry in rule.get("filters", ())
            if "path" in entry.get("urlRewrite", {})
        ),
        "",
    )
    found = (f"{r.get('namespace', home)}/{r['name']}:{r.get('port', '')}" for r in rule.get("backendRefs", ()))
    return f"{next(found, '')}{path}"
