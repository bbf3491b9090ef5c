"""Lists and objects of an API server, page by page; what it refuses is a value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from converter.read.cluster.resources import path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.read.cluster.resources import Resource

PAGE = 250
"""Objects in one answer."""
AS_JSON = "application/json"
AS_TABLE = "application/json;as=Table;g=meta.k8s.io;v=1"
"""Nothing else is acceptable, or a server that knows no tables would send the objects."""
NOT_FOUND, GONE, UNAUTHORIZED = 404, 410, 401

Json = dict[str, Any]


class Client(Protocol):
    """What talks to one API server."""

    context: str
    server: str
    namespace: str
    """Of the context."""

    def get(self, path: str, query: Mapping[str, str], accept: str) -> tuple[int, bytes]:
        """Status and body.

        Raises:

            LostError: There was no answer.
        """


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not what was asked for."""

    status: int
    verb: str
    resource: Resource
    namespace: str
    """Empty for all of them."""
    message: str
    """In the words of the API server."""
    name: str = ""


class LostError(Exception):
    """Nothing more can be read from this server; ``code`` is that of the problem it makes."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.code, self.message, self.advice = code, message, advice


def list_all(client: Client, resource: Resource, namespace: str) -> list[Json] | Refusal:
    """Every object, as the best version that is served."""
    answer: list[Json] | Refusal = []
    for version in resource.versions:
        answer = _pages(client, resource, version, namespace)
        if not isinstance(answer, Refusal) or answer.status != NOT_FOUND:
            return answer
    return answer


def list_names(client: Client, resource: Resource, namespace: str) -> list[str] | Refusal:
    """The names alone: neither the objects nor their metadata leave the server.

    Kubernetes: a Table with ``includeObject=None`` has only the columns that ``kubectl get`` prints.
    """
    where = path(resource, resource.versions[0], namespace)
    names: list[str] = []
    query = {"includeObject": "None", "limit": str(PAGE)}
    while True:
        status, body = _ask(client, where, query, AS_TABLE)
        if status == GONE and "continue" in query:
            names, query = [], {"includeObject": "None"}
            continue
        if status != 200 or body.get("kind") != "Table":
            return Refusal(status, "list", resource, namespace, _message(body))
        names.extend(str(row["cells"][0]) for row in body.get("rows") or [] if row.get("cells"))
        if not _turn(query, body):
            return names


def get_named(client: Client, resource: Resource, namespace: str, name: str) -> Json | Refusal:
    """One object."""
    version = resource.versions[0]
    status, body = _ask(client, path(resource, version, namespace, name), {}, AS_JSON)
    if status != 200:
        return Refusal(status, "get", resource, namespace, _message(body), name)
    return {**body, "apiVersion": version, "kind": resource.kind}


def _pages(client: Client, resource: Resource, version: str, namespace: str) -> list[Json] | Refusal:
    """A page that expired midway begins the list anew, in one piece as it cannot expire."""
    where = path(resource, version, namespace)
    found: list[Json] = []
    query = {"limit": str(PAGE)}
    while True:
        status, body = _ask(client, where, query, AS_JSON)
        if status == GONE and "continue" in query:
            found, query = [], {}
            continue
        if status != 200:
            return Refusal(status, "list", resource, namespace, _message(body))
        # Items of a list say neither their version nor their kind.
        found.extend({**item, "apiVersion": version, "kind": resource.kind} for item in body.get("items") or [])
        if not _turn(query, body):
            return found


def _turn(query: dict[str, str], body: Mapping[str, Any]) -> bool:
    """Whether there is a next page, which the query then asks for."""
    following = (body.get("metadata") or {}).get("continue")
    if following:
        query["continue"] = following
    return bool(following)


def _ask(client: Client, where: str, query: Mapping[str, str], accept: str) -> tuple[int, Json]:
    status, body = client.get(where, query, accept)
    if status == UNAUTHORIZED:
        raise LostError(
            "cluster-unauthorized",
            f"{client.server} does not accept the credentials of the context {client.context} (401).",
            "Log in again; kubectl with this context must work first.",
        )
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if isinstance(value, dict):
        return status, value
    if status != 200:
        # Not every 404 or 503 comes from the API server itself.
        return status, {}
    raise LostError(
        "cluster-no-api",
        f"What answers at {client.server} is no Kubernetes API server.",
        "Check the server of this context, and whether a proxy or a login page stands before it.",
    )


def _message(body: Mapping[str, Any]) -> str:
    return str(body.get("message") or "")
