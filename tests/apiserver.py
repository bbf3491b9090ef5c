"""A small Kubernetes API server for tests, over a real socket on the loopback.

It lists by pages, checks permissions by RBAC rules, and notes as a fault whatever ingress-migrate must never do: any
method but GET, and a Secret in any form but its name.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]

_PATH = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>v[^/]+)(?:/namespaces/(?P<namespace>[^/]+))?"
    r"/(?P<resource>[^/]+)(?:/(?P<name>[^/]+))?"
)
_KINDS = {
    "ingresses": "Ingress",
    "ingressclasses": "IngressClass",
    "services": "Service",
    "deployments": "Deployment",
    "daemonsets": "DaemonSet",
    "configmaps": "ConfigMap",
    "secrets": "Secret",
}
_NAMES_ALONE = "application/json;as=Table;g=meta.k8s.io;v=1"


class Request(NamedTuple):
    verb: str
    group: str
    resource: str
    namespace: str
    """Empty for the whole cluster."""
    name: str
    version: str = "v1"


class Rule(NamedTuple):
    """A permission; an empty namespace is the whole cluster, no names are all of them."""

    verb: str
    group: str
    resource: str
    namespace: str = ""
    names: Sequence[str] = ()

    def allows(self, request: Request) -> bool:
        return (
            (self.verb, self.group, self.resource) == (request.verb, request.group, request.resource)
            and self.namespace in ("", request.namespace)
            and (not self.names or request.name in self.names)
        )


class Answer(NamedTuple):
    """Sent in place of what the server would say."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = {}


@dataclass
class ApiServer:
    objects: list[Json] = field(default_factory=list)
    rules: list[Rule] | None = None
    """Without any, everything is allowed."""
    versions: dict[str, Sequence[str]] = field(default_factory=dict)
    """apiVersions that a resource is served as, where those are not ``v1`` of its group."""
    token: str = ""
    """The only one that is accepted."""
    page: int = 2
    """Objects in one answer at most."""
    tables: bool = True
    delay: float = 0
    """Seconds before each answer."""
    scripted: dict[str, list[Answer | None]] = field(default_factory=dict)
    """By resource, answers to the next requests for it; ``None`` is what the server itself would say."""

    requests: list[Request] = field(default_factory=list)
    peers: list[str] = field(default_factory=list)
    """Common names of client certificates that were shown."""
    faults: list[str] = field(default_factory=list)
    url: str = ""

    def start(self, tls: ssl.SSLContext | None = None) -> None:
        api = self

        class Handler(_Handler):
            server_state = api

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.tls = tls
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_port

    def answer(self, path: str, query: Mapping[str, str], accept: str, authorization: str) -> Answer:
        if self.token and authorization.lower() != f"bearer {self.token}".lower():
            return _status(401, "Unauthorized")
        found = _PATH.fullmatch(path)
        if not found:
            return _status(404, "the server could not find the requested resource")
        part = {key: value or "" for key, value in found.groupdict().items()}
        verb = "get" if part["name"] else "list"
        request = Request(verb, part["group"], part["resource"], part["namespace"], part["name"], part["version"])
        self.requests.append(request)
        if request.resource == "secrets" and (accept, query.get("includeObject")) != (_NAMES_ALONE, "None"):
            self.faults.append(f"Secrets were asked for as {accept} with {dict(query)}")
        script = self.scripted.get(request.resource)
        return (script.pop(0) if script else None) or self._answer(request, query, accept)

    def _answer(self, request: Request, query: Mapping[str, str], accept: str) -> Answer:
        if self.rules is not None and not any(rule.allows(request) for rule in self.rules):
            where = f'in the namespace "{request.namespace}"' if request.namespace else "at the cluster scope"
            return _status(
                403,
                f'{request.resource} is forbidden: User "jane" cannot {request.verb} resource "{request.resource}"'
                f' in API group "{request.group}" {where}',
            )
        version = "/".join(filter(None, (request.group, request.version)))
        served = self.versions.get(request.resource, ["/".join(filter(None, (_group(request.resource), "v1")))])
        if version not in served:
            return _status(404, "the server could not find the requested resource")
        return self._get(request) if request.name else self._list(request, version, query, accept)

    def _get(self, request: Request) -> Answer:
        for each in self._matching(request):
            if each["metadata"]["name"] == request.name:
                return _json(each)
        return _status(404, f'{request.resource} "{request.name}" not found')

    def _list(self, request: Request, version: str, query: Mapping[str, str], accept: str) -> Answer:
        found = self._matching(request)
        start = int(query.get("continue", "0"))
        size = min(self.page, int(query["limit"])) if "limit" in query else len(found)
        rest = start + size < len(found)
        metadata = {"resourceVersion": "7", **({"continue": str(start + size)} if rest else {})}
        page = found[start : start + size]
        if accept == _NAMES_ALONE:
            if not self.tables:
                return _status(406, "only application/json is served")
            columns = [{"name": name} for name in ("Name", "Type", "Data", "Age")]
            rows = [{"cells": [each["metadata"]["name"], "Opaque", 1, "1d"], "object": None} for each in page]
            return _json({"kind": "Table", "metadata": metadata, "columnDefinitions": columns, "rows": rows})
        items = [{key: value for key, value in each.items() if key not in ("kind", "apiVersion")} for each in page]
        kind = f"{_KINDS[request.resource]}List"
        return _json({"kind": kind, "apiVersion": version, "metadata": metadata, "items": items})

    def _matching(self, request: Request) -> list[Json]:
        kind = _KINDS[request.resource]
        found = [each for each in self.objects if each["kind"] == kind]
        return [e for e in found if request.namespace in ("", e["metadata"].get("namespace"))]


def _group(resource: str) -> str:
    if resource in ("deployments", "daemonsets"):
        return "apps"
    return "networking.k8s.io" if resource.startswith("ingress") else ""


def _json(body: Json) -> Answer:
    return Answer(200, json.dumps(body).encode())


def _status(code: int, message: str) -> Answer:
    return Answer(code, json.dumps({"kind": "Status", "code": code, "message": message}).encode())


def kubeconfig(folder: Path, server: str, **parts: Any) -> Path:
    """A file with the context ``prod``; ``user``, ``cluster`` and ``context`` add to its parts."""
    file = folder / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "prod",
        "contexts": [{"name": "prod", "context": {"cluster": "c", "user": "u", **parts.get("context", {})}}],
        "clusters": [{"name": "c", "cluster": {"server": server, **parts.get("cluster", {})}}],
        "users": [{"name": "u", "user": parts.get("user", {})}],
    }
    file.write_text(json.dumps(config))
    return file


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up, or do not trust the certificate, are part of the tests."""

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state: ApiServer
    wbufsize = -1
    """One write for each answer; two of them wait for one another."""

    def do_GET(self) -> None:
        state, address = self.server_state, urlsplit(self.path)
        if isinstance(self.connection, ssl.SSLSocket) and (shown := self.connection.getpeercert()):
            state.peers.extend(value for ((key, value),) in shown["subject"] if key == "organizationalUnitName")
        time.sleep(state.delay)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        answer = state.answer(
            address.path, query, self.headers.get("Accept", ""), self.headers.get("Authorization", "")
        )
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        if "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = "Content-Length" in answer.headers

    def _refuse(self) -> None:
        self.server_state.faults.append(f"{self.command} {self.path}")
        self.send_error(405)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse  # noqa: N815  http.server's names

    def log_message(self, *args: Any) -> None:
        """Say nothing."""
