"""``--routes``: the objects that people keep in their repository, and what has to be said about them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from converter.inventory import KUBECTL_NAMESPACE
from converter.problems import Problem
from converter.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.cli.progress import Work
    from converter.gateway.objects import Json
    from converter.read import Document, Environment
    from converter.verify.aims import Miss
    from converter.verify.parents import Lent
    from converter.verify.written import Identity, Written


class Routes(NamedTuple):
    """The objects of one environment."""

    objects: tuple[Mapping[str, Any], ...]
    """With Gateways that stand in for those that were not found."""
    written: dict[Identity, Written]
    notes: tuple[Problem, ...]
    """What was taken for granted, and what was not judged."""
    errors: tuple[Problem, ...]


def read_routes(options: Mapping[str, Any], work: Work) -> tuple[Environment, ...]:
    """Everything below the paths, built as PATHS are.

    Raises:

        click.UsageError: A path does not exist.
    """
    from converter.read import Environment, read, read_environments
    from converter.read.chunks import of_any_kind

    paths = options["routes"]
    for path in paths:
        if path != "-" and not os.path.lexists(path):
            raise click.UsageError(f"--routes: there is no {path}.")
    if options["kustomize"] == "skip":
        return (Environment("", read(paths, sys.stdin.buffer, work.opened, options["exclude"], of_any_kind)),)
    return read_environments(paths, sys.stdin.buffer, work.opened, options["exclude"], of_any_kind)


def routes_of(
    environments: Sequence[Environment], name: str, own: Sequence[Json], options: Mapping[str, Any]
) -> Routes:
    """The objects for one environment of the Ingresses; ``own`` are those that a conversion of it makes."""
    from converter.read.written import written_objects
    from converter.verify.aims import misses
    from converter.verify.parents import lend

    found = written_objects(_documents(environments, name, options["routes"]), _home(own, options))
    written = {each.identity: each for each in found.objects}
    broken = [*_unreadable(environments), *found.problems]
    if broken:
        return Routes((), written, (), tuple(dict.fromkeys(broken)))
    objects = [each.content for each in found.objects]
    lent = lend(objects, own)
    missed = misses([*objects, *lent.objects])
    notes = (*_nowhere(own, found.objects), *_about(lent, written), *_missed(missed, written), *found.unjudged)
    return Routes((*objects, *lent.objects), written, notes, ())


def _unreadable(environments: Sequence[Environment]) -> Iterator[Problem]:
    """A fault in a file may hide a route; what concerns Ingresses alone is told of PATHS."""
    for environment in environments:
        yield from (each for each in environment.reading.problems if each.severity == "error")


def _documents(environments: Sequence[Environment], name: str, paths: Sequence[str]) -> list[Document]:
    """Those of the environment: the one of that name, or what is in a folder of that name, or else all."""
    every = list({id(each.value): each for one in environments for each in one.reading.documents}.values())
    if not name:
        return [each for each in every if not each.environment] or every
    named = [each for one in environments if one.name == name for each in one.reading.documents]
    folder = [each for each in every if _is_below(each, name, paths)]
    return named or folder or every


def _is_below(document: Document, name: str, paths: Sequence[str]) -> bool:
    """Whether the object, or the kustomization that it is built from, is in a folder that ends in the name."""
    folders = os.path.dirname(os.path.abspath(document.built or document.file)).replace(os.sep, "/")
    roots = [os.path.abspath(path).replace(os.sep, "/") for path in paths]
    below = next((folders.removeprefix(root) for root in roots if f"{folders}/".startswith(f"{root}/")), folders)
    return f"/{name}/" in f"{below}/" or any(root.endswith(f"/{name}") for root in roots)


def _home(own: Sequence[Json], options: Mapping[str, Any]) -> str:
    """Where objects are that name no namespace: with those of a conversion."""
    if options["namespace"]:
        return str(options["namespace"])
    return KUBECTL_NAMESPACE if any(entry["metadata"].get("namespace") for entry in own) else ""


def _nowhere(own: Sequence[Json], objects: Sequence[Written]) -> Iterator[Problem]:
    """Ingresses that leave their namespace to whoever applies them are elsewhere than objects that name it."""
    named = [each for each in objects if each.identity[1]]
    if named and own and not any(entry["metadata"].get("namespace") for entry in own):
        spaces = sorted({each.identity[1] for each in named})
        message = f"The Ingresses name no namespace, and the objects in --routes are in {', '.join(spaces)}."
        advice = f"Say with --namespace where the Ingresses are, for example --namespace {spaces[0]}."
        yield Problem(named[0].file, named[0].line, "no-namespace", message, advice, "note")


def _about(lent: Lent, written: Mapping[Identity, Written]) -> Iterator[Problem]:
    from converter.verify.parents import users
    from converter.verify.written import name_of

    objects = [each.content for each in written.values()]
    for identity in (*lent.taken, *lent.supposed):
        routes = [written[each] for each in _identities(users(identity, objects)) if each in written]
        first = routes[0] if routes else None
        place = (first.file, first.line) if first else ("", 0)
        whose = f"{counted(len(routes), 'object')} {'attaches' if len(routes) == 1 else 'attach'} to it"
        if identity in lent.taken:
            message = f"{name_of(identity)} is not in --routes, and {whose}: the one that a conversion makes was taken."
            advice = "Name the file of the real one with --routes to check its listeners, too."
            yield Problem(*place, "gateway-lent", message, advice, "note")
        else:
            message = (
                f"{name_of(identity)} is nowhere to be found, and {whose}: they were checked as if it had a listener"
                " for each of their hosts, over http and https."
            )
            advice = "Name its file with --routes; or, if a conversion should make it, use --gateway-name."
            yield Problem(*place, "gateway-supposed", message, advice, "note")


def _missed(misses: Iterable[Miss], written: Mapping[Identity, Written]) -> Iterator[Problem]:
    from converter.verify.written import identity_of, name_of

    for policy, target, section in misses:
        found = written.get(identity_of(policy))
        # The parts of what stands in for a Gateway have names of our own.
        if found and (not section or target in written):
            what = f"{section} of {name_of(target)}" if section else name_of(target)
            message = f"{name_of(found.identity)} is for {what}, which is not there, so it holds for nothing."
            advice = "Correct the name; or, if it is in another file, name that with --routes, too."
            yield Problem(found.file, found.line, "no-such-target", message, advice, "note")


def _identities(objects: Sequence[Mapping[str, Any]]) -> Iterator[Identity]:
    from converter.verify.written import identity_of

    return map(identity_of, objects)
