"""What a long run shows while it works: a bar on the terminal, gone when the work is done; or lines, if asked for."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds that a run may take before it shows a bar; nobody wonders about a shorter one."""


class Work:
    """Follows a run and shows nothing; the others show something."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:  # noqa: ARG002
        """The body is this stage of the run."""
        yield

    def opened(self, file: str, documents: int, files: int) -> None:
        """A file was read, and had so many documents; there are so many files in all."""

    def asked(self, answer: str, probes: int) -> None:
        """A probe was answered, as the line says; there are so many probes in all."""


@contextmanager
def following(options: Mapping[str, Any]) -> Iterator[Work]:
    """Follow the work in the body: by lines with ``--verbose``, by a bar on a terminal, or not at all."""
    if options["quiet"]:
        yield Work()
    elif options["verbose"]:
        yield _Lines()
    elif sys.stderr.isatty():
        bar = _Bar()
        try:
            yield bar
        finally:
            bar.close()
    else:
        yield Work()


class _Lines(Work):
    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        click.echo(f"{name} took {time.perf_counter() - start:.2f} s.", err=True)

    def opened(self, file: str, documents: int, files: int) -> None:  # noqa: ARG002
        from converter.report.words import counted, visible

        click.echo(visible(f"{file}: {counted(documents, 'document')} read"), err=True)

    def asked(self, answer: str, probes: int) -> None:  # noqa: ARG002
        from converter.report.words import visible

        click.echo(visible(answer), err=True)


class _Bar(Work):
    """Appears by itself when a run takes longer; a timer starts it, because the work never looks up."""

    def __init__(self) -> None:
        self._stage, self._done, self._total, self._noun = "Starting", 0, 0, "files"
        self._closed = False
        self._shown: tuple[Progress, TaskID] | None = None
        # Reentrant, because an interrupt may come while it is held and closes the bar.
        self._lock = threading.RLock()
        self._timer = threading.Timer(PATIENCE, self._appear)
        self._timer.daemon = True
        self._timer.start()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        with self._lock:
            self._stage, self._done, self._total = name, 0, 0
            if self._shown:
                progress, before = self._shown
                progress.remove_task(before)
                self._shown = progress, self._task(progress)
        yield

    def opened(self, file: str, documents: int, files: int) -> None:  # noqa: ARG002
        self._step(files, "files")

    def asked(self, answer: str, probes: int) -> None:  # noqa: ARG002
        self._step(probes, "probes")

    def _step(self, total: int, noun: str) -> None:
        self._done, self._total, self._noun = self._done + 1, total, noun
        if self._shown:
            progress, task = self._shown
            progress.update(task, completed=self._done, total=self._total, count=self._count())

    def close(self) -> None:
        """Take the bar away; the line is as if nothing had been there."""
        self._timer.cancel()
        with self._lock:
            self._closed = True
            if self._shown:
                self._shown[0].stop()
                self._shown = None

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
        )
        with self._lock:
            if self._closed:
                return
            progress = Progress(*columns, console=Console(file=sys.stderr), transient=True)
            self._shown = progress, self._task(progress)
            progress.start()

    def _task(self, progress: Progress) -> TaskID:
        return progress.add_task(self._stage, total=self._total or None, completed=self._done, count=self._count())

    def _count(self) -> str:
        return f"{self._done:,} of {self._total:,} {self._noun}" if self._total else ""
