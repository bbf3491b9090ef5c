"""Which names an API server accepts; placeholders hold what nobody knows yet, and any legal text may stand for them."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\$\{[^{}]+\}|\$[A-Za-z_][A-Za-z0-9_]*")
"""Of Flux and envsubst."""

_LABEL = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_NAMESPACE = re.compile(rf"{_LABEL}\Z")
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\Z")
_IPV4 = re.compile(r"\d+(?:\.\d+){3}\Z")


def is_namespace(text: str) -> bool:
    """Kubernetes: ``IsDNS1123Label``."""
    return bool(_NAMESPACE.match(_substituted(text)))


def is_host(text: str) -> bool:
    """Kubernetes: ``validateIngressRules``: a DNS name, perhaps with a wildcard in front, and no address."""
    return bool(_HOST.match(_substituted(text))) and not _IPV4.match(text)


def lowered(host: str) -> str:
    """In lower case, as names in DNS compare; a placeholder keeps its letters."""
    return host if PLACEHOLDER.search(host) else host.lower()


def _substituted(text: str) -> str:
    return PLACEHOLDER.sub("x", text)
