"""Argo CD: Application and ApplicationSet.

https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ and …/user-guide/multiple_sources/
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.ingress.fields import line_of, line_of_item, mapping
from converter.read.commands import pull_chart
from converter.read.gitops.repository import ELSEWHERE
from converter.read.gitops.words import Installation, Kept, Place, about_chart, about_path, at, untold
from converter.read.helm.charts import CHART
from converter.read.helm.values import Wish, wish_for_ingress, wish_in_file, wish_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.problems import Problem
    from converter.read.documents import Document
    from converter.read.gitops.repository import Repositories, Repository

_CHANGES = ("patches", "components", "namePrefix", "nameSuffix")


@dataclass(frozen=True, slots=True)
class _Application:
    """An Application, or the template of one in an ApplicationSet."""

    document: Document
    code: str
    subject: str
    name: str
    spec: dict[str, Any]
    repository: Repository

    @property
    def namespace(self) -> str:
        return str(mapping(self.spec.get("destination")).get("namespace") or "")

    def sources(self) -> Iterator[tuple[str, dict[str, Any], int]]:
        """Each source with its path in the object and its line; several make a single one void."""
        several = self.spec.get("sources")
        if isinstance(several, list) and several:
            for index, each in enumerate(several):
                yield f"sources[{index}]", mapping(each), line_of_item(several, index, self.document.line)
        elif "source" in self.spec:
            yield "source", mapping(self.spec["source"]), self.document.line


def argo_problems(documents: Sequence[Document], repositories: Repositories) -> Iterator[Problem]:
    for document in documents:
        application = _application(document, repositories.of(document.file))
        if application is None:
            continue
        sources = list(application.sources())
        for key, source, line in sources:
            place = Place(document.file, line, application.code, application.subject)
            if source.get("chart") or _is_chart(source, application.repository):
                yield about_chart(place, _installation(application, key, source))
            elif source.get("path"):
                yield _path(application, source, place)
        if not sources:
            place = Place(document.file, document.line, application.code, application.subject)
            message = f"{application.subject} has no source."
            yield untold(place, message, "If it is a patch, do what is said of the object that it is for.")


def _application(document: Document, repository: Repository) -> _Application | None:
    kind, spec = document.value["kind"], mapping(document.value.get("spec"))
    metadata = mapping(document.value.get("metadata"))
    name = str(metadata.get("name") or "")
    if kind == "Application":
        subject = f"The Application {name}"
        return _Application(document, "argo-application", subject, name, spec, repository)
    if kind == "ApplicationSet":
        template = mapping(spec.get("template"))
        own = str(mapping(template.get("metadata")).get("name") or "")
        subject = f"Each Application of the ApplicationSet {name}"
        return _Application(document, "argo-application-set", subject, own, mapping(template.get("spec")), repository)
    return None


def _is_chart(source: dict[str, Any], repository: Repository) -> bool:
    path = source.get("path")
    return isinstance(path, str) and ("helm" in source or repository.has(posixpath.join(path, CHART)))


def _installation(application: _Application, key: str, source: dict[str, Any]) -> Installation:
    repository, file = application.repository, application.document.file
    settings = mapping(source.get("helm"))
    url = str(source.get("repoURL") or "https://URL")
    chart = source.get("chart")
    checkout = "" if chart or _is_here(repository, source) else url
    repository = ELSEWHERE if checkout else repository
    folder = posixpath.basename(str(chart)) if chart else repository.path(str(source["path"]))
    values = tuple(_value_files(settings, folder, repository))
    kept, sets = tuple(_kept(application, key, settings)), tuple(_set_aside(application, key, settings))
    wish = _wish(settings, f"spec.{key}.helm", application.document.line)
    theirs = next(((each, found) for each in values if (found := wish_in_file(each))), None) if chart else None
    told = wish.within(file) if wish else theirs[1].within(theirs[0]) if theirs else ""
    return Installation(
        chart=folder,
        described=f"the chart {folder}{f' of {url}' if chart else ''}",
        release=str(settings.get("releaseName") or application.name),
        namespace=str(settings.get("namespace") or application.namespace),
        fetch=pull_chart(str(chart), url, str(source.get("targetRevision") or "")) if chart else "",
        checkout=checkout,
        values=values,
        kept=kept,
        extra=(*sets, *_to_fill_in(application, folder, *values)),
        wish=told,
    )


def _is_here(repository: Repository, source: dict[str, Any]) -> bool:
    path = str(source.get("path"))
    return "{{" in path or repository.has(path)


def _to_fill_in(application: _Application, *texts: str) -> Iterator[str]:
    """What the generators of an ApplicationSet know, and nobody else."""
    if any("{{" in text for text in (application.name, application.namespace, *texts)):
        spec = mapping(application.document.value.get("spec"))
        line = line_of(spec, "generators", application.document.line)
        yield f"fill in each {{{{…}}}} as its generators do ({application.document.file}:{line})"


def _value_files(settings: dict[str, Any], chart: str, repository: Repository) -> Iterator[str]:
    """``$NAME/`` leads to another source, ``/`` to the root of the repository, all else starts at the chart."""
    files = settings.get("valueFiles")
    for each in files if isinstance(files, list) else ():
        text = str(each)
        if text.startswith("$"):
            yield repository.path(text.partition("/")[2])
        elif text.startswith("/"):
            yield repository.path(text)
        elif "://" in text:
            yield text
        else:
            yield posixpath.normpath(posixpath.join(chart, text))


def _kept(application: _Application, key: str, settings: dict[str, Any]) -> Iterator[Kept]:
    """An object of values makes a text of values void."""
    for field in ("valuesObject", "values"):
        if settings.get(field):
            place = at(application.document, line_of(settings, field, application.document.line))
            yield Kept(f"spec.{key}.helm.{field} ({place})", f"{application.name or 'own'}-values.yaml")
            return


def _set_aside(application: _Application, key: str, settings: dict[str, Any]) -> Iterator[str]:
    """Parameters, whose values are not repeated here: they may be secret."""
    for field in ("parameters", "fileParameters"):
        if settings.get(field):
            place = at(application.document, line_of(settings, field, application.document.line))
            yield f"add each of spec.{key}.helm.{field} ({place}) with --set"


def _wish(settings: dict[str, Any], path: str, line: int) -> Wish | None:
    """In what is written into the object."""
    if found := wish_for_ingress(settings.get("valuesObject"), f"{path}.valuesObject"):
        return found
    text = settings.get("values")
    if isinstance(text, str) and not settings.get("valuesObject"):
        # A block of text begins on the line after its key.
        found = wish_in_text(text, line_of(settings, "values", line) + 1)
        if found:
            return Wish(f"{path}.values.{found.path}", found.line)
    parameters = settings.get("parameters")
    for index, each in enumerate(parameters if isinstance(parameters, list) else ()):
        name, value = str(mapping(each).get("name", "")), str(mapping(each).get("value", ""))
        if (name.lower().endswith("ingress.enabled") and value == "true") or "nginx\\.ingress" in name:
            return Wish(f"{path}.parameters", line_of_item(parameters or [], index, line))
    return None


def _path(application: _Application, source: dict[str, Any], place: Place) -> Problem:
    repository = application.repository
    checkout = "" if _is_here(repository, source) else str(source.get("repoURL") or "its repository")
    path = (ELSEWHERE if checkout else repository).path(str(source["path"]))
    settings = mapping(source.get("kustomize"))
    changes = [f"kustomize.{key}" for key in _CHANGES if settings.get(key)]
    changes += ["plugin"] if "plugin" in source else []
    steps = tuple(_to_fill_in(application, path))
    return about_path(place, path, checkout, application.namespace, " and ".join(changes), steps)
