"""Help of a command with many options: those that belong together stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from converter.cli import HELP

if TYPE_CHECKING:
    from collections.abc import Iterator

    Records = list[tuple[str, str]]

SECTIONS = {
    "Output": ("output", "report_files", "report_format", "form", "whole", "color", "no_pager", "fail_on"),
    "Comparison": ("directory", "against", "routes", "accept", "engine", "compared", "marker"),
    "Requests": (
        "old",
        "new",
        "dry_run",
        "hosts",
        "extra",
        "allow_unsafe",
        "rate",
        "concurrency",
        "max_requests",
        "timeout",
        "insecure",
        "ca_file",
    ),
    "In place": ("in_place", "same_file", "infrastructure", "on_conflict", "remove_ingress", "force"),
    "Source": (
        "exclude",
        "kustomize",
        "cluster",
        "context",
        "everywhere",
        "namespace",
        "classes",
        "classless",
        "controller_version",
        "controller_config",
        "controller_values",
        "mappings",
        "strict_source",
    ),
    "Helm chart": ("chart", "values", "sets", "set_strings", "release_name"),
    "Target": ("target_name", "targets", "version", "channel", "lost_access", "allow_snippets"),
    "Gateway": (
        "sharing",
        "gateway_name",
        "gateway_namespace",
        "gateway_class",
        "controller_name",
        "default_certificate",
    ),
}
"""Options of each section by the name of their parameter, in the order of the help; all others come last."""


_NAMES_END = 30
"""Column up to which click puts the names of options beside their help; one for all sections."""


class Command(click.Command):
    """A command whose help has the sections above."""

    def get_help_option_names(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Those of the program, also for who reads the options without it: click keeps what it was told first."""
        return list(HELP)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, records in sections(self, ctx):
            with formatter.section(title):
                formatter.write_dl([(names.ljust(_NAMES_END), text) for names, text in records])


def sections(command: click.Command, ctx: click.Context) -> Iterator[tuple[str, Records]]:
    """The title, and the options with their help, of each section that is not empty; other commands have one."""
    titles = SECTIONS if isinstance(command, Command) else {}
    rest = {option.name: option for option in command.get_params(ctx) if isinstance(option, click.Option)}
    found = [(title, [rest.pop(name) for name in names if name in rest]) for title, names in titles.items()]
    for title, options in (*found, ("Options", list(rest.values()))):
        records = [record for option in options if (record := option.get_help_record(ctx))]
        if records:
            yield title, records
