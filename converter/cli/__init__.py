"""The command line. Commands are loaded when they are called: listing them must cost nothing."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from converter._version import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

PROGRAM = "ingress-migrate"
HELP = ("-h", "--help")
COMPLETE = "_INGRESS_MIGRATE_COMPLETE"
"""The environment variable with which a shell asks for completions; click makes it of the name of the program."""

BUG = 70
"""As sysexits.h has it; no command ends with it for another reason."""
INTERRUPTED = 130
"""As a shell reports a program that SIGINT ended."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)

COMMANDS = {
    "convert": "Convert Ingresses into Gateway API objects.",
    "diff": "Show what a conversion would change, in files and in answers to requests.",
    "probe": "Ask two live addresses the same, and show where their answers differ.",
    "verify": "Check that every request gets the same from the Ingresses and from Gateway API objects.",
    "advise": "Show what each target would keep of what your Ingresses do.",
    "explain": "Show what an annotation does, and what becomes of it on each target.",
    "function": "Convert as a KRM function, which kustomize and kpt run.",
    "golden": "Pin what a conversion gives, and tell when that changes.",
    "config": "Show where options are set, and what a file of them may say.",
    "completion": "Print the script with which a shell completes commands and options.",
}
"""Name and one line of help; the module of the same name has the command as ``command``."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"converter.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # click would end with 1, which is what diff and golden check say of a difference.
            _end("Interrupted.", INTERRUPTED)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, known without loading them, and the options."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


_EPILOG = (
    "Environment: NO_COLOR leaves colours out, FORCE_COLOR wants them in pipes and files too; PAGER is the program"
    " that shows what is long."
)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": [*HELP], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.version_option(__version__, "-V", "--version", prog_name=PROGRAM)
def group() -> None:
    """Move Kubernetes traffic from the Ingress API to the Gateway API.

    Every annotation and field that comes in gets a verdict; nothing is dropped in silence.
    """


def main() -> None:
    """Entry point; neither a reader that has seen enough nor a bug of ours ends in a traceback."""
    # A run makes no cycles and ends soon; looking for some takes a third of the time of a large one.
    gc.disable()
    try:
        if COMPLETE in os.environ:
            importlib.import_module("converter.cli.completion")
        group(prog_name=_called_as(sys.argv[0]))
    except BrokenPipeError:
        _forget_output()
        sys.exit(1)
    except Exception as error:
        if os.environ.get("INGRESS_MIGRATE_TRACEBACK"):
            raise
        if isinstance(error, OSError) and error.errno in _FULL:
            _forget_output()
            _end(f"Error: The output could not be written: {error.strerror}.", 2)
        _end(_bug(error), BUG)


def _forget_output() -> None:
    """Python would complain once more when it flushes the stream at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(sentence: str, status: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)


def _called_as(program: str) -> str:
    """What a person typed: kubectl starts ``kubectl-ingress_migrate`` for ``kubectl ingress-migrate``."""
    return "kubectl ingress-migrate" if os.path.basename(program).startswith("kubectl-") else "ingress-migrate"


def _bug(error: Exception) -> str:
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno}" if where else "an unknown place"
    return (
        f"Error: ingress-migrate has a bug ({type(error).__name__} in {place}: {error}).\n"
        "Please report it with what INGRESS_MIGRATE_TRACEBACK=1 shows."
    )
