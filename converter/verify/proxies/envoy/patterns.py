"""Patterns that RE2 does not take. Envoy Gateway leaves out the rules that have one, and serves the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from converter.gateway.regex import is_re2
from converter.verify.proxies.envoy.matches import patterns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from converter.verify.gateway.routes import Route

Json = dict[str, Any]
_PATIENCE = 20.0
"""Seconds for one question; usually it is a tenth of one."""
_MANAGER = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"


def refused(program: Path, routes: Iterable[Route]) -> frozenset[str]:
    """Those of all matches that Envoy refuses; it is asked about each that looks as if it might."""
    written = {
        pattern
        for route in routes
        for rule in route.rules
        for match in rule.get("matches", [])
        for pattern in patterns(match)
    }
    return frozenset(pattern for pattern in written if not is_re2(pattern) and not _is_taken(program, pattern))


def _is_taken(program: Path, pattern: str) -> bool:
    import subprocess

    command = [str(program), "--mode", "validate", "-l", "off", "--config-yaml", json.dumps(_question(pattern))]
    answer = subprocess.run(  # noqa: S603  the program is one that this package looked up
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
    )
    return answer.returncode == 0


def _question(pattern: str) -> Json:
    """The smallest configuration that has a route with the pattern."""
    route = {"match": {"safe_regex": {"regex": pattern}}, "direct_response": {"status": 200}}
    config = {
        "@type": _MANAGER,
        "stat_prefix": "http",
        "route_config": {"virtual_hosts": [{"name": "*", "domains": ["*"], "routes": [route]}]},
    }
    address = {"socket_address": {"address": "127.0.0.1", "port_value": 0}}
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": config}]
    return {"static_resources": {"listeners": [{"address": address, "filter_chains": [{"filters": filters}]}]}}
