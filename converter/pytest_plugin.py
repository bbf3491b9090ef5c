"""The pytest plugin ``ingress_migrate``: pinned conversions as tests of their own, or from within a test.

It is loaded by every run of pytest wherever the package is installed, so it imports nothing until it is used.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_INI = "ingress_migrate_golden"
_RECORD = "--ingress-migrate-record"
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ingress-migrate")
    group.addoption(_RECORD, action="store_true", help="Record what the pinned conversions give now.")
    parser.addini(
        _INI, "Arguments of ingress-migrate golden check, a line for each conversion.", type="linelist", default=[]
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{_INI}: the pinned conversions that the ini file names")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add an item for each line, unless single files or tests were asked for; -k, -m and --lf come later."""
    lines: list[str] = config.getini(_INI)
    if lines and not any("::" in argument or os.path.isfile(argument) for argument in config.args):
        items.extend(GoldenItem.of(line, session) for line in lines)


class DriftError(Exception):
    """A conversion is not what was recorded; the message is all that a person needs."""


class GoldenItem(pytest.Item):
    """One conversion, and whether it still gives what was recorded."""

    arguments: Sequence[str]

    @classmethod
    def of(cls, line: str, session: pytest.Session) -> GoldenItem:
        import shlex

        arguments = shlex.split(line)
        name = "ingress-migrate golden"
        item: GoldenItem = cls.from_parent(session, name=name, nodeid=f"{arguments[0]}::{name}")
        item.arguments = arguments
        item.add_marker(_INI)
        return item

    def runtest(self) -> None:
        _settle(self.arguments, self.config)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, DriftError):
            return _Told(str(excinfo.value).splitlines())
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, None, str]:
        return self.arguments[0], None, f"{self.name} {' '.join(self.arguments)}"


class _Told:
    """Lines that are shown as they are, coloured where pytest colours."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def toterminal(self, writer: Any) -> None:
        for line in self.lines:
            colour = _COLOURS.get(line[:1])
            writer.line(line, **({colour: True} if colour else {}))


@pytest.fixture
def ingress_migrate_golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Check a folder against what was recorded: ``ingress_migrate_golden("k8s", target="envoy-gateway")``.

    Options are those of ``ingress-migrate golden check`` with underscores; a list repeats one, True sets a flag.
    """

    def check(*paths: str | os.PathLike[str], **options: Any) -> None:
        from converter.cli.pinning import typing

        __tracebackhide__ = True
        words = [word for name, value in options.items() for word in typing(name.replace("_", "-"), value)]
        try:
            _settle([*map(str, paths), *words], request.config)
        except DriftError as drift:
            pytest.fail(str(drift), pytrace=False)

    return check


def _settle(arguments: Sequence[str], config: pytest.Config) -> None:
    """Check or record from the folder of the ini file, whatever folder pytest was started in.

    Raises:

        DriftError: It is not what was recorded, or could not be told.
    """
    from contextlib import chdir

    import click

    from converter.cli import golden, pinning

    recording = config.getoption(_RECORD)
    command = golden.record_command if recording else golden.check_command
    with chdir(config.rootpath):
        try:
            with command.make_context(command.name, list(arguments)) as context:
                pinned = pinning.pin(context)
            if recording:
                pinning.record(pinned)
                return
            told = pinning.findings(pinned, f"pytest {_RECORD}")
        except click.ClickException as error:
            raise DriftError(error.format_message()) from None
    if told:
        raise DriftError("\n".join((*told[:-1], *pinning.other_options(pinned), told[-1])))
