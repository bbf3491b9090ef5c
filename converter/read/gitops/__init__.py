"""Recognises what Flux and Argo CD install, and says what to run for it.

A chart that a controller fetches is no part of the files, so each such object gets a word: a note, or an error if a
person wrote into it that there be an Ingress, because that Ingress is missing in the result.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from converter.read.chunks import GITOPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.read.documents import Document
    from converter.read.model import Reading


def with_advice(reading: Reading, paths: Sequence[str]) -> Reading:
    """The reading without the objects of Flux and Argo CD, but with what to do about them.

    ``paths`` are what a person named; the nearest of them stands for the repository of a file that is in none.
    """
    theirs = [each for each in reading.documents if _is_theirs(each)]
    if not theirs:
        return reading
    from converter.read.gitops.argo import argo_problems
    from converter.read.gitops.flux import flux_problems
    from converter.read.gitops.repository import Repositories

    repositories = Repositories([path for path in paths if os.path.isdir(path)])
    told = (*flux_problems(theirs, repositories), *argo_problems(theirs, repositories))
    others = tuple(each for each in reading.documents if not _is_theirs(each))
    return replace(reading, documents=others, problems=(*reading.problems, *told))


def _is_theirs(document: Document) -> bool:
    group = GITOPS.get(str(document.value.get("kind", "")))
    return bool(group) and str(document.value.get("apiVersion", "")).partition("/")[0] == group
