"""Where a conversion is pinned and with which options; what ``golden`` and the pytest plugin do with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from converter._version import __version__
from converter.cli.settings.keys import is_path, long_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.cli.conversion import Converted
    from converter.report.pinned import Outcome
    from converter.write import OutputFile, OutputRefused

PLACE = ".ingress-migrate"
"""A folder that no walk enters."""
OPTIONS = "options.txt"
_STDIN = "-"

Typed = dict[str, Any]
"""Values as they were typed, by the long names of their options without dashes."""


class Place(NamedTuple):
    folder: str
    """Where it is pinned."""
    root: str
    """The folder that was converted, from which files are named."""


class Recorded(NamedTuple):
    version: str
    """Of the tool that made it."""
    options: Typed
    files: Mapping[str, str]
    """The pinned result, by path."""


class PinningCommand(click.Command):
    """A command for which the options hold with which a result was pinned, unless others are given.

    They count like typed ones: over the environment and over the file that configures the repository.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        typed = {name: given[option.name] for name, option in self._options() if option.name in given}
        known = ctx.meta[__name__] = {"arguments": list(args), "typed": typed, "recorded": None}
        paths, into = given.get("paths"), given.get("into")
        # click marks with a value of its own what was not given.
        if isinstance(paths, tuple) and paths and not ctx.resilient_parsing:
            place = place_of(paths, into if isinstance(into, str) else None)
            known["recorded"] = recorded = read_recorded(place)
            args = [*self._recalled(recorded, typed, place), *args] if recorded else args
        rest = super().parse_args(ctx, args)
        for name, option in self._options():
            if ctx.get_parameter_source(str(option.name)) is ParameterSource.ENVIRONMENT:
                typed[name] = option.value_from_envvar(ctx)
        return rest

    def recordable(self, typed: Typed, root: str) -> Typed:
        """The options as they are recorded: files as seen from the root."""
        files = {name for name, option in self._options() if is_path(option)}
        return {name: _moved(value, root, "") if name in files else value for name, value in sorted(typed.items())}

    def _options(self) -> Iterator[tuple[str, click.Option]]:
        """Those of the conversion, by their long names."""
        for option in self.params:
            if isinstance(option, click.Option) and option.name not in ("into", "help", "quiet", "verbose"):
                yield long_name(option), option

    def _recalled(self, recorded: Recorded, typed: Typed, place: Place) -> Iterator[str]:
        """What was recorded and is not typed anew, as a person types it."""
        known = dict(self._options())
        for name, value in recorded.options.items():
            if name not in known:
                raise click.UsageError(
                    f"{place.folder} was recorded with --{name}, which this version does not know; "
                    "delete that folder and record again."
                )
            if name not in typed:
                yield from typing(name, _moved(value, "", place.root) if is_path(known[name]) else value)


class Pinning(NamedTuple):
    """A conversion, and what was pinned of it before."""

    place: Place
    files: tuple[OutputFile, ...]
    options: Typed
    """All that it was made with, as they are recorded."""
    given: Typed
    """Those of them that were typed now."""
    recorded: Recorded | None
    arguments: tuple[str, ...]

    @property
    def now(self) -> dict[str, str]:
        from converter.write.directory import content

        return {file.path: content(file) for file in self.files}

    @property
    def before(self) -> Mapping[str, str]:
        return self.recorded.files if self.recorded else {}


def pin(context: click.Context) -> Pinning:
    """Convert as a command of the class above was told."""
    from converter.cli.conversion import convert_paths
    from converter.report.pinned import pinned

    command = context.command
    assert isinstance(command, PinningCommand)  # noqa: S101  the two commands of golden are
    options = dict(context.params)
    paths, into = options.pop("paths"), options.pop("into")
    place = place_of(paths, into)
    known = context.meta[__name__]
    recorded: Recorded | None = known["recorded"]
    given = command.recordable(known["typed"], place.root)
    made_with = {**(recorded.options if recorded else {}), **given}
    files = pinned(_outcomes(convert_paths(paths, options)), place.root)
    return Pinning(place, files, made_with, given, recorded, tuple(known["arguments"]))


def _outcomes(converted: Converted) -> Iterator[Outcome]:
    """One for each environment; what is wrong between several belongs to none."""
    from converter.ledger import join
    from converter.report.pinned import Outcome

    rest = set(converted.report.problems)
    for name, objects in converted.by_environment.items():
        parts = [part.conversion for part in converted.parts if part.environment == name]
        problems = {problem for part in parts for problem in part.problems}
        rest -= problems
        yield Outcome(name, () if converted.refused else objects, join(part.entries for part in parts), tuple(problems))
    if rest:
        yield Outcome("between environments", (), (), tuple(rest))


def place_of(paths: Sequence[str], into: str | None) -> Place:
    """Where it is pinned; below the folder that is converted unless ``into`` names another place."""
    missing = next((path for path in paths if path != _STDIN and not os.path.exists(path)), None)
    if missing:
        raise click.UsageError(f"There is no file or folder {missing}.")
    folders = [path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths if path != _STDIN]
    above = os.path.commonpath([os.path.abspath(folder) for folder in folders or ["."]])
    root = folders[0] if len(folders) == 1 else os.path.relpath(above)
    if into is None:
        if len(paths) > 1 or not os.path.isdir(paths[0]):
            raise click.UsageError("Say with --into where to keep the result, or name one folder.")
        return Place(os.path.join(root, PLACE, "golden"), root)
    return Place(into, root)


def read_recorded(place: Place) -> Recorded | None:
    """What was pinned there; None if nothing was."""
    from converter.read.located import FaultError, load
    from converter.write import OutputRefused
    from converter.write.directory import present

    try:
        files = present(place.folder)
    except OutputRefused as refusal:
        raise _refused(refusal) from None
    except OSError as error:
        raise click.UsageError(f"{place.folder} could not be read: {error.strerror or error}.") from None
    if not files:
        return None
    try:
        made, _ = load(files.pop(OPTIONS, ""), 1)
        return Recorded(str(made["version"]), dict(made["options"]), files)
    except (FaultError, TypeError, KeyError, ValueError):
        raise click.UsageError(
            f"{place.folder}/{OPTIONS} does not say what was recorded; delete {place.folder} and record again."
        ) from None


def record(pinning: Pinning) -> None:
    """Put the result in the place of what was pinned before, whole or not at all."""
    from converter.write import OutputFile, OutputRefused, dump, write_directory

    made = dump([{"version": __version__, "options": pinning.options}])
    try:
        write_directory(pinning.place.folder, (*pinning.files, OutputFile(OPTIONS, made)))
    except OutputRefused as refusal:
        raise _refused(refusal) from None
    except OSError as error:
        raise click.ClickException(f"{pinning.place.folder} could not be written: {error.strerror or error}.") from None


def _refused(refusal: OutputRefused) -> click.UsageError:
    return click.UsageError(
        f"{refusal.directory} holds {refusal.file}, which ingress-migrate did not write; choose another folder."
    )


def findings(pinning: Pinning, accept: str) -> list[str]:
    """A patch from what was recorded to what is, what that means, and the command that accepts it.

    None if it is the same.
    """
    if not pinning.recorded:
        raise click.UsageError(f"Nothing is recorded in {pinning.place.folder}; run {accept} first.")
    lines = _difference(pinning)
    return [*lines, "", *_meaning(pinning, pinning.recorded), f"To accept this, run: {accept}"] if lines else []


def _difference(pinning: Pinning) -> list[str]:
    from converter.write.changes import patch

    folder = os.path.relpath(pinning.place.folder).replace(os.sep, "/")
    prefix = "" if folder.startswith("..") else f"{folder}/"
    before, now = ({prefix + path: text for path, text in files.items()} for files in (pinning.before, pinning.now))
    return patch(before, now)


def _meaning(pinning: Pinning, recorded: Recorded) -> list[str]:
    from converter.report.drift import drift

    sentences = drift(recorded.files, pinning.now)
    if recorded.version != __version__:
        sentences.append(
            f"It was recorded with ingress-migrate {recorded.version}, and this is {__version__}; "
            "its changelog says what became different."
        )
    return sentences


def other_options(pinning: Pinning) -> list[str]:
    """A sentence for each option that is not the one that was recorded."""
    recorded = pinning.recorded.options if pinning.recorded else {}
    return [
        f"Checked with {_shown(name, value)}; it was recorded "
        + (f"with {_shown(name, recorded[name])}." if name in recorded else f"without --{name}.")
        for name, value in pinning.given.items()
        if name not in recorded or recorded[name] != value
    ]


def typing(name: str, value: Any) -> Iterator[str]:
    """An option as it stands on a command line."""
    for each in value if isinstance(value, (list, tuple)) else [value]:
        if each is not False:
            yield f"--{name}" if each is True else f"--{name}={each}"


def _shown(name: str, value: Any) -> str:
    return " ".join(word.replace("=", " ", 1) for word in typing(name, value))


def _moved(value: Any, old: str, new: str) -> Any:
    """A path seen from ``old``, or paths: seen from ``new``, for one of which stands the folder of the run."""
    if isinstance(value, (list, tuple)):
        return [_moved(each, old, new) for each in value]
    if os.path.isabs(value):
        return value
    return os.path.relpath(value, old).replace(os.sep, "/") if old else os.path.normpath(os.path.join(new, value))
