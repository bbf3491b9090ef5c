"""Error pages: a Middleware that asks a Service for them, in place of what the backend or Traefik itself says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.routing import Setting
from converter.targets import fields
from converter.targets.carry import Part
from converter.targets.traefik.kinds import middleware

if TYPE_CHECKING:
    from converter.routing import Backend, Location
    from converter.targets.carry import Target

_STATUS = re.compile(r"[45]\d\d")


def error_pages(behaviour: Setting, location: Location, target: Target) -> Part:
    """ingress-nginx asks the first port of ``default-backend`` for ``/``, whatever the path was."""
    rows = target.table.settings
    if _passes(location):
        return Part(notes=rows["custom-http-errors.unused"].notes(behaviour.origins))
    pages, statuses = _pages(location), list(dict.fromkeys(_STATUS.findall(behaviour.value)))
    if pages is None or not statuses or location.backend is None:
        return Part(notes=rows["custom-http-errors.lost"].notes(behaviour.origins))
    service = {"name": pages.service, "namespace": pages.namespace, "port": pages.port}
    told = rows["custom-http-errors"].notes(behaviour.origins, "spec.errors")
    spec = {"errors": {"status": statuses, "service": service, "query": "/"}}
    return Part(extensions=(middleware("errors", spec, told),))


def last_resort(behaviour: Setting, location: Location, target: Target) -> Part:
    """It serves the pages of the same location, and nothing takes over for a Service without endpoints."""
    asked = any(isinstance(b, Setting) and b.name == "custom-http-errors" for b in location.behaviours)
    if asked and _pages(location) and not _passes(location):
        return Part(notes=target.table.settings["default-backend.pages"].notes(behaviour.origins))
    return fields.setting(behaviour, location, target)


def _pages(location: Location) -> Backend | None:
    """A name beyond the cluster is no Service to Traefik, unless its provider allows it."""
    settings = (b for b in location.behaviours if isinstance(b, Setting) and b.name == "default-backend")
    return next((b.service for b in settings if b.service and not b.service.external), None)


def _passes(location: Location) -> bool:
    wanted = (b for b in location.behaviours if isinstance(b, Setting) and b.name == "disable-proxy-intercept-errors")
    return any(setting.value.strip() == "true" for setting in wanted)
