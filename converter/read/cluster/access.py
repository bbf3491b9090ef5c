"""The way to an API server: kubeconfig or the service account of a pod, as kubectl finds them.

Done by the official client library; smaller ones such as lightkube 1.0 know neither several files in KUBECONFIG nor
plugins of ``client.authentication.k8s.io/v1``, ``proxy-url`` or ``tls-server-name``. Its models are not used: objects
stay what the server sent.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from converter.problems import Problem
from converter.read.cluster.api import LostError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

IN_CLUSTER = "in-cluster"
"""Stands for the context where there is no kubeconfig."""
SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
_DEFAULT = os.path.join("~", ".kube", "config")
_PASSING = (429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and how often to try again."""

    connect: float = 10
    read: float = 60
    tries: int = 4
    """After an answer that the server is busy, or a connection that failed."""
    pause: float = 0.5
    """Before the second of them; doubled each time, unless the server says how long to wait."""
    longest_pause: int = 30


def connect(context: str, patience: Patience, service_account: str = SERVICE_ACCOUNT) -> Session | Problem:
    """A session with the server of a context; empty for the current one. Nothing is sent yet.

    Raises:

        ModuleNotFoundError: The extra ``cluster`` is not installed.
    """
    from kubernetes.client.configuration import Configuration

    configuration = Configuration()
    files = os.environ.get("KUBECONFIG") or _DEFAULT
    present = [file for file in map(os.path.expanduser, files.split(os.pathsep)) if file and os.path.isfile(file)]
    if present:
        found = _from_kubeconfig(configuration, os.pathsep.join(present), context)
    elif not context and os.environ.get("KUBERNETES_SERVICE_HOST"):
        found = _from_pod(configuration, service_account)
    else:
        message = f"There is no kubeconfig at {files}."
        return _unusable(context, message, "Name it in KUBECONFIG, or have your provider's tool write it.")
    if isinstance(found, Problem):
        return found
    try:
        return Session(*found, configuration, patience)
    except ImportError as error:
        message = f"The proxy {configuration.proxy} needs a package that is not installed: {error}."
        return _unusable(found[0], message, "Install it with pip install pysocks.")


class Session:
    """Requests to one API server, all of them reading."""

    def __init__(self, context: str, namespace: str, configuration: Any, patience: Patience) -> None:
        import urllib3
        from kubernetes.client.rest import RESTClientObject

        self.context, self.namespace, self.server = context, namespace, str(configuration.host)
        self._configuration, self._patience = configuration, patience
        configuration.retries = urllib3.Retry(
            total=patience.tries,
            connect=min(patience.tries, 1),
            read=min(patience.tries, 1),
            status_forcelist=_PASSING,
            backoff_factor=patience.pause,
            backoff_max=patience.longest_pause,
            retry_after_max=patience.longest_pause,
            raise_on_status=False,
        )
        self._rest: Any = RESTClientObject(configuration)

    def get(self, path: str, query: Mapping[str, str], accept: str) -> tuple[int, bytes]:
        """Status and body; see :class:`converter.read.cluster.api.Client`."""
        import urllib3
        from kubernetes.client.exceptions import ApiException

        address = f"{self.server.rstrip('/')}{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            response = self._rest.request(
                "GET",
                address,
                headers={"Accept": accept, "User-Agent": "ingress-migrate", **self._authorization()},
                _request_timeout=(self._patience.connect, self._patience.read),
            )
            return response.status, response.read()
        except (urllib3.exceptions.HTTPError, ApiException, OSError, ValueError) as error:
            raise _lost(self, path, error) from None

    def _authorization(self) -> dict[str, str]:
        """Asked for each time, because tokens are renewed; a token in a file often ends with a new line."""
        token = self._configuration.get_api_key_with_prefix("BearerToken")
        return {"Authorization": token.strip()} if token else {}


Found = tuple[str, str]
"""Context and namespace."""


def _from_kubeconfig(configuration: Any, files: str, context: str) -> Found | Problem:
    import yaml
    from kubernetes.config.config_exception import ConfigException
    from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

    try:
        merged = KubeConfigMerger(files).config
        known = {str(entry["name"]): entry["context"] for entry in merged.value["contexts"]}
        chosen = context or merged.value.get("current-context") or ""
        if chosen not in known:
            return _unknown_context(chosen, files, sorted(known))
        loader = KubeConfigLoader(merged, chosen, config_base_path=None)
        with _complaints() as complaints:
            loader.load_and_set(configuration)
    except (KeyError, TypeError, AttributeError):
        return _broken(context, files, "it does not have the form of one")
    except (ConfigException, yaml.YAMLError, OSError, ValueError) as error:
        return _broken(context, files, _sayable(str(error)))
    if complaints and not (configuration.api_key or configuration.cert_file):
        return _no_credentials(chosen, complaints, _install_hint(merged, known[chosen].safe_get("user")))
    return chosen, str(known[chosen].safe_get("namespace") or "default")


def _from_pod(configuration: Any, service_account: str) -> Found | Problem:
    from kubernetes.config.config_exception import ConfigException
    from kubernetes.config.incluster_config import InClusterConfigLoader

    token, authority = (os.path.join(service_account, name) for name in ("token", "ca.crt"))
    try:
        InClusterConfigLoader(token, authority).load_and_set(configuration)
        with open(os.path.join(service_account, "namespace"), encoding="utf-8") as file:
            return IN_CLUSTER, file.read().strip()
    except (ConfigException, OSError) as error:
        advice = "Let the pod mount the token of its service account, or give it a kubeconfig."
        reason = str(error).rstrip(".")
        return _unusable(IN_CLUSTER, f"The service account of this pod cannot be used: {reason}.", advice)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What the library only logs: that a credential plugin failed."""
    found: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield found
    finally:
        root.removeHandler(handler)


def _sayable(reason: str) -> str:
    """One line, without the part of the kubeconfig that the library likes to show: it holds credentials."""
    return " ".join(reason.partition("{")[0].split()).rstrip(".")


def _broken(context: str, files: str, reason: str) -> Problem:
    message = f"The kubeconfig {files} cannot be used: {reason}."
    return _unusable(context, message, "Check it with kubectl config view.")


def _unknown_context(context: str, files: str, known: list[str]) -> Problem:
    choice = f"Choose one of {', '.join(known)} with --context." if known else "Have your provider's tool add one."
    missing = f"has no context {context}" if context else "names no current context"
    return _unusable(context, f"The kubeconfig {files} {missing}.", choice)


def _no_credentials(context: str, complaints: list[str], hint: str) -> Problem:
    reason = _sayable("; ".join(complaints))
    message = f"The credential plugin of the context {context} failed: {reason}."
    return _unusable(context, message, hint or "Log in again; kubectl with this context must work first.")


def _install_hint(merged: Any, user: str) -> str:
    """What the kubeconfig advises where the program of a credential plugin is not there."""
    found = next((each["user"] for each in merged.value["users"] if each["name"] == user), None)
    plugin = found.safe_get("exec") if found else None
    return " ".join(str((plugin or {}).get("installHint") or "").split())


def _unusable(context: str, message: str, advice: str) -> Problem:
    return Problem(f"cluster:{context}".rstrip(":"), 0, "cluster-config", message, advice)


def _lost(session: Session, path: str, error: Exception) -> LostError:
    import ssl

    from urllib3 import exceptions

    reason = getattr(error, "reason", None) or error
    text = " ".join(str(reason).split()).rstrip(".")
    doing = f"while {path} was read"
    if isinstance(reason, exceptions.SSLError | ssl.SSLError) or text.startswith("SSLError"):
        message = f"No secure connection to {session.server} is possible: {text}."
        return LostError("cluster-tls", message, "Check certificate-authority and the certificates of this context.")
    if isinstance(reason, exceptions.ReadTimeoutError):
        message = f"{session.server} did not answer within {session._patience.read:g} seconds {doing}."
        return LostError("cluster-slow", message, "Try again, or read less with -n.")
    message = f"{session.server} cannot be reached: {text} {doing}."
    return LostError(
        "cluster-unreachable", message, "Check the network, a VPN or proxy, and the server of the context."
    )
