"""Converting a repository in place: its options, and what a person is told."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from converter.cli.options import DIRECTORY
from converter.ledger import join
from converter.report.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from converter.cli.conversion import Converted
    from converter.read import Document, Environment
    from converter.report.page import Line
    from converter.write.repository.model import Conflict, Outcome, Plan, Wishes
    from converter.write.repository.removal import Place
    from converter.write.together import Change

_FOLDER = "gateway-api"
_MOST_PATHS = 5
"""Named in one sentence."""
_OPTIONS = (
    click.option("--same-file", is_flag=True, help="Put objects into the file of their Ingress, not beside it."),
    click.option(
        "--infrastructure",
        metavar="DIR",
        type=DIRECTORY,
        default="",
        help=f"Where what Ingresses share goes, such as the Gateway.  [default: {_FOLDER} in the first PATH]",
    ),
    click.option(
        "--on-conflict",
        type=click.Choice(["report", "keep", "overwrite"]),
        default="report",
        show_default=True,
        help="Files that somebody edited since are kept and shown, kept, or written anew.",
    ),
    click.option(
        "--remove-ingress",
        is_flag=True,
        help="Take out the Ingresses of an earlier run whose every entry is settled.",
    ),
)

IN_PLACE = ("same_file", "infrastructure", "on_conflict", "remove_ingress")
"""Their names."""


def in_place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a repository is changed."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def infrastructure(paths: Sequence[str], options: dict[str, Any]) -> str:
    """The folder for what Ingresses share."""
    first = paths[0]
    folder = first if os.path.isdir(first) else os.path.dirname(first)
    chosen: str = options["infrastructure"] or os.path.join(folder, _FOLDER)
    return os.path.normpath(chosen).replace(os.sep, "/")


def pinned_namespace(paths: Sequence[str], options: dict[str, Any], environment: str) -> str:
    """Where the Gateway of an earlier run stands: it does not move when Ingresses come and go."""
    from converter.write.repository.present import gateway_namespace

    if options["gateway_namespace"] or options["sharing"] != "shared":
        return str(options["gateway_namespace"])
    return gateway_namespace(os.path.join(infrastructure(paths, options), environment))


def plan_of(
    converted: Converted,
    paths: tuple[str, ...],
    options: dict[str, Any],
    convert: Callable[[Sequence[Environment]], Converted],
) -> Plan:
    """What the repository would become; ``convert`` converts once more what is left of the environments."""
    from converter.write.repository.draft import NotEditableFileError
    from converter.write.repository.plan import plan

    wishes = wishes_of(paths, options)
    try:
        return plan(_outcomes(converted), wishes, lambda places: _outcomes(convert(_without(converted, places))))
    except NotEditableFileError as error:
        raise click.ClickException(f"{error.path} cannot be changed: {error.reason}.") from None


def _outcomes(converted: Converted) -> list[Outcome]:
    from converter.write.repository.model import Outcome

    outcomes = []
    for environment, group in groupby(converted.parts, key=lambda part: part.environment):
        shares = list(group)
        objects = tuple(each for share in shares for each in share.conversion.objects)
        # Shares have all documents in common that are no Ingresses.
        documents = {id(each): each for share in shares for each in share.reading.documents}
        entries = join(share.conversion.entries for share in shares)
        outcomes.append(Outcome(environment, objects, entries, tuple(documents.values())))
    return outcomes


def _without(converted: Converted, places: AbstractSet[Place]) -> list[Environment]:
    """What was converted, without the Ingresses of these places."""
    return [
        replace(environment, reading=replace(environment.reading, documents=tuple(_left(environment, places))))
        for environment in converted.environments
    ]


def _left(environment: Environment, places: AbstractSet[Place]) -> Iterator[Document]:
    for each in environment.reading.documents:
        if each.value.get("kind") != "Ingress" or (each.file, each.index, each.line) not in places:
            yield each


def wishes_of(paths: tuple[str, ...], options: dict[str, Any]) -> Wishes:
    """The options as one value; what cannot be changed in place is wrong usage."""
    from converter.write.repository.model import Wishes

    if "-" in paths:
        raise click.UsageError("Standard input cannot be changed in place; name files or folders.")
    return Wishes(
        paths,
        infrastructure(paths, options),
        options["same_file"],
        options["on_conflict"],
        options["remove_ingress"],
        list_unbuilt=options["kustomize"] == "skip",
    )


def carry_out(plan: Plan, *, force: bool) -> None:
    """Change the files of the plan, all or none."""
    from converter.read.worktree import UnknownStateError, uncommitted
    from converter.write.together import ChangedMeanwhileError, write_together

    try:
        unsaved = () if force else uncommitted(change.path for change in plan.changes if not _is_ours(change))
    except UnknownStateError as error:
        raise click.UsageError(
            f"Nobody can say whether the files to change are committed: {error}. Mend that, or use --force. Nothing was"
            " written."
        ) from None
    if unsaved:
        raise click.UsageError(
            f"{_some(unsaved)}: there are changes here that are not committed, and this run would change the same"
            f" {'file' if len(unsaved) == 1 else 'files'}; commit them, or use --force. Nothing was written."
        )
    try:
        write_together(plan.changes)
    except ChangedMeanwhileError as error:
        raise click.ClickException(f"{error.path} changed while this run was on; nothing was written.") from None
    except OSError as error:
        where = error.filename or "A file"
        raise click.ClickException(f"{where} could not be written: {error.strerror or error}. Nothing was.") from None


def _some(paths: Sequence[str]) -> str:
    """The first of many paths, and how many others there are."""
    more = len(paths) - _MOST_PATHS
    return visible(", ".join(paths[:_MOST_PATHS])) + (f" and {more} more" if more > 0 else "")


def _is_ours(change: Change) -> bool:
    """A file that holds nothing but what this program wrote, so that nothing is lost."""
    from converter.write import stamp

    text = change.before or ""
    written = stamp.find(text)
    return written is not None and written.state == "ours" and (written.start, written.end) == (0, len(text))


def told_changes(plan: Plan) -> list[Line]:
    """What was done, line by line."""
    lines: list[Line] = []
    for change in plan.changes:
        verb = "wrote" if change.before is None else "deleted" if change.after is None else "changed"
        lines.append(((f"{verb:<8} {visible(change.path)}", ""),))
    lines += [((f"took out {visible(place)}", ""),) for place in plan.removed]
    return lines or [(("nothing to change", ""),)]


def told_open(plan: Plan) -> list[Line]:
    """What was left as it is, and what somebody has to do."""
    kept = [f"kept     {each.file}:{each.line} {each.name}: {each.reason}." for each in plan.kept]
    to_do = [f"stale    {path}: no Ingress makes it any more; delete it once nobody needs it." for path in plan.stale]
    to_do += [f"apply    {folder} as well: no kustomization takes it in yet." for folder in plan.unlisted]
    return [*(((visible(text), ""),) for text in kept), *(((visible(text), "bold yellow"),) for text in to_do)]


def told_conflicts(conflicts: Iterable[Conflict]) -> list[Line]:
    """What was kept although a run would make something else of it."""
    return [line for conflict in conflicts for line in _conflict(conflict)]


def _conflict(conflict: Conflict) -> Iterable[Line]:
    from converter.report.page import patch_line
    from converter.write.changes import patch

    reason = "ingress-migrate did not write it" if conflict.foreign else "it was edited since it was written"
    yield (
        (
            f"conflict {visible(conflict.path)}: {reason}, so it was kept; this is what a run would make of it:",
            "bold red",
        ),
    )
    for line in patch({conflict.path: conflict.here}, {conflict.path: conflict.wanted})[1:]:
        yield (("    ", ""), *patch_line(line))
