"""What a run did, told to a person and to programs."""

from converter.report.as_json import schema, to_json
from converter.report.formats import FORMATS, format_of
from converter.report.model import Report, ReportedPart, SourceText
from converter.report.show import show
from converter.report.terminal import summary
from converter.report.verified_json import verified_schema

__all__ = [
    "FORMATS",
    "Report",
    "ReportedPart",
    "SourceText",
    "format_of",
    "schema",
    "show",
    "summary",
    "to_json",
    "verified_schema",
]
