"""The forms of what Google Kubernetes Engine adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("networking.gke.io",)
FORMS: Mapping[str, Any] = {
    "GCPBackendPolicy": {"default": object},
}
