"""The forms of what Kong adds: an object is a plugin, and what that is told depends on which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import NETWORK, Legible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.forms.words import Fields

GROUPS = ("configuration.konghq.com",)
PLUGINS: Mapping[str, Fields] = {
    "cors": {
        "origins!": [str],
        "methods!": [str],
        "headers": [str],
        "exposed_headers": [str],
        "credentials!": bool,
        "max_age!": int,
    },
    "request-transformer": {"replace": {"headers": [str], "uri": str}, "remove": {"headers": [str]}},
    "ip-restriction": {"allow": [NETWORK], "deny": [NETWORK]},
    "basic-auth": {},
    "acl": {"allow!": [str]},
    "rate-limiting": {"second": int, "minute": int, "hour": int},
    "request-size-limiting": {"allowed_payload_size!": int, "size_unit!": ("bytes",)},
    "request-termination": {"status_code!": int},
    "redirect": {"status_code!": int, "location!": str},
    "pre-function": {"access!": [str]},
}
"""What each plugin is told by us. One that is told otherwise is no flaw, since it may well be right."""
OBJECTS: Mapping[str, Any] = {
    "KongPlugin": {"plugin!": Legible(PLUGINS.__contains__, "cors"), "config": object},
}
