"""The forms of what agentgateway adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import BACKEND, REFERENCE, Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("agentgateway.dev",)
_TRAFFIC = Parts(
    {
        "authorization": {"action": str, "policy!": {"matchExpressions!": [str]}},
        "basicAuthentication": {"secretRef": REFERENCE, "users": [str]},
        "extAuth": Parts({"backendRef": BACKEND, "http": {"path": str, "redirect": str}, "failureMode": object}),
        "retry": {"attempts": int, "codes": [int]},
        "buffer": {"request": {"maxBytes": int | str}},
        "directResponse": Parts({"status": int}),
        "transformation": Parts({"request": Parts({"set": [{"name!": str, "value!": str}], "metadata": object})}),
    }
)
FORMS: Mapping[str, Any] = {
    "AgentgatewayPolicy": {
        "traffic": _TRAFFIC,
        "backend": Parts({"tls": object, "tcp": {"connectTimeout": str}}),
        "frontend": object,
    },
}
