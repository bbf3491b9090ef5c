"""Every form of a report about probes that goes into a file, by the suffix of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.probe_json import probe_json
from converter.report.probe_junit import probe_junit
from converter.report.probe_markdown import probe_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from converter.report.probe_model import ProbeReport

PROBE_FORMATS: Mapping[str, Callable[[ProbeReport], str]] = {
    "json": probe_json,
    "md": probe_markdown,
    "xml": probe_junit,
}
