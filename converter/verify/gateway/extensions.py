"""Filters of implementations, as far as they change where a request goes or how it looks.

Envoy Gateway: ``HTTPRouteFilter.spec.urlRewrite.path.replaceRegexMatch``, where ``\\1`` is a capture.
``directResponse`` answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.verify.gateway import agentgateway, aws_load_balancer_controller, snippets
from converter.verify.gateway.guards import answered
from converter.verify.gateway.kong import answers, plugins
from converter.verify.gateway.kong.filters import transformed
from converter.verify.gateway.texts import found_by
from converter.verify.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from converter.verify.messages import Request

Identity = tuple[str, str, str]
"""Kind, namespace and name."""


def extensions_of(objects: Sequence[Mapping[str, Any]]) -> dict[Identity, Mapping[str, Any]]:
    """Everything that a route might refer to."""
    known = (plugins.plugin_as_policy(entry) for entry in objects if entry["kind"] in KINDS)
    return {_identity(entry): entry for entry in known}


def _identity(entry: Mapping[str, Any]) -> Identity:
    return entry["kind"], entry["metadata"].get("namespace", ""), entry["metadata"]["name"]


def rewritten_by(policies: Sequence[Mapping[str, Any]], path: str) -> str:
    """The path after the policies that replace it.

    kgateway: ``TrafficPolicy.spec.urlRewrite.pathRegex``. Traefik: ``Middleware.spec.replacePathRegex``.
    agentgateway: ``AgentgatewayPolicy.spec.traffic.transformation.request.set`` of ``:path``.
    """
    for policy in policies:
        kind, spec = policy["kind"], policy.get("spec", {})
        if kind == "TrafficPolicy" and (replace := spec.get("urlRewrite", {}).get("pathRegex")):
            path = _replaced(replace, path)
        if kind == "Middleware" and (replace := spec.get("replacePathRegex")):
            path = _replaced({"pattern": replace["regex"], "substitution": _numbered(replace["replacement"])}, path)
        if kind == agentgateway.KIND and (replace := agentgateway.replacement(spec)):
            path = _replaced({**replace, "substitution": _numbered(replace["substitution"])}, path)
    return path


def _numbered(written: str) -> str:
    """A substitution with ``${1}`` as one with a backslash."""
    return re.sub(r"\$\{(\d)\}", r"\\\1", written.replace("\\", r"\\"))


def rewritten(extension: Mapping[str, Any], path: str) -> str:
    """The path after the extension; one that does something else leaves it alone."""
    if extension["kind"] == snippets.KIND:
        return snippets.rewritten(extension, path)
    return _REWRITES[extension["kind"]](extension["spec"], path)


def filters_of(extension: Mapping[str, Any], target: str, pattern: str) -> Sequence[Mapping[str, Any]]:
    """What the extension does, as filters of the Gateway API; ``pattern`` is that of the path, where it is one."""
    config = extension["spec"].get("request-transformer") if extension["kind"] == plugins.KIND else None
    return transformed(config, target.partition("?")[0], pattern) if config else ()


def answer_of(extension: Mapping[str, Any], request: Request) -> Answer | None:
    """What the extension answers by itself; ``None`` for one that lets the request pass."""
    if extension["kind"] == snippets.KIND:
        return snippets.answer(extension, request)
    if extension["kind"] == "DirectResponse":
        return Answer(extension["spec"]["status"])
    if extension["kind"] == aws_load_balancer_controller.KIND:
        return aws_load_balancer_controller.answered(extension)
    if extension["kind"] == plugins.KIND:
        return answers.answer_of(extension["spec"], request)
    response = extension["spec"].get("directResponse")
    return answered(response, request, Answer(200)) if response else None


def _envoy(spec: Mapping[str, Any], path: str) -> str:
    replace = spec.get("urlRewrite", {}).get("path", {}).get("replaceRegexMatch")
    return path if replace is None else _replaced(replace, path)


def _replaced(replace: Mapping[str, str], path: str) -> str:
    found = found_by(replace["pattern"], path)
    return f"{path[: found.start()]}{_expanded(replace['substitution'], found)}{path[found.end() :]}" if found else path


def _expanded(substitution: str, found: re.Match[str]) -> str:
    def group(reference: re.Match[str]) -> str:
        if reference[1] == "\\":
            return "\\"
        number = int(reference[1])
        return (found[number] or "") if number <= found.re.groups else ""

    return re.sub(r"\\(\\|\d)", group, substitution)


_REWRITES: Mapping[str, Callable[[Mapping[str, Any], str], str]] = {
    "HTTPRouteFilter": _envoy,
    "DirectResponse": lambda _, path: path,
    aws_load_balancer_controller.KIND: lambda _, path: path,
    plugins.KIND: lambda _, path: path,
}
KINDS = frozenset({*_REWRITES, snippets.KIND})
