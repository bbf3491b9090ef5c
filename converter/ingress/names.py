"""Which names an API server accepts; placeholders hold what nobody knows yet, and any legal text may stand for them."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\$\{[^{}]+\}|\$[A-Za-z_][A-Za-z0-9_]*")
"""Of Flux and envsubst."""

_PART = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_LABEL = re.compile(rf"{_PART}\Z")
_SUBDOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_PART}(?:\.{_PART})*\Z")
_MOST = 253
_IPV4 = re.compile(r"\d+(?:\.\d+){3}\Z")


def is_label(text: str) -> bool:
    """The name of a namespace or a Service (Kubernetes: ``IsDNS1123Label``)."""
    return bool(_LABEL.match(_substituted(text)))


def is_subdomain(text: str) -> bool:
    """The name of most other objects (Kubernetes: ``IsDNS1123Subdomain``)."""
    return bool(_SUBDOMAIN.match(_substituted(text)))


def is_host(text: str) -> bool:
    """A DNS name, perhaps with a wildcard in front, and no address (Kubernetes: ``validateIngressRules``)."""
    return is_subdomain(text.removeprefix("*.")) and len(text) <= _MOST and not _IPV4.match(text)


def lowered(host: str) -> str:
    """In lower case, as names in DNS compare; a placeholder keeps its letters."""
    return host if PLACEHOLDER.search(host) else host.lower()


def _substituted(text: str) -> str:
    return PLACEHOLDER.sub("x", text)
