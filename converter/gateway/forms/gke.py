"""The forms of what Google Kubernetes Engine adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("networking.gke.io",)
FORMS: Mapping[str, Any] = {
    "GCPBackendPolicy": {
        "default": Parts({"sessionAffinity": {"type": str, "cookieTtlSec": int}, "timeoutSec": int, "logging": object}),
    },
    "GCPTrafficDistributionPolicy": {"default": Parts({"localityLbAlgorithm": str})},
}
