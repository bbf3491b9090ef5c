"""What a run did, told to a person and to programs."""

from converter.report.as_json import schema, to_json
from converter.report.model import Report
from converter.report.show import show
from converter.report.terminal import summary

__all__ = ["Report", "schema", "show", "summary", "to_json"]
