"""A review for programs: every way with its facts before and after, one line each; equal reviews give equal text.

``docs/review.md`` says what is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.report.digest import digest
from converter.report.json_lines import Lines, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.verify.changes import Change
    from converter.verify.review import HostReview, Row
    from converter.verify.verdicts import VerdictChange

_VERSION = 1
"""Goes up when a program that reads it has to change."""


def behaviour_as_json(reviews: Sequence[HostReview], verdicts: Sequence[VerdictChange] = ()) -> str:
    found = digest(reviews)
    content = {
        "version": _VERSION,
        "summary": {
            "hosts": found.hosts,
            "differing": found.differing,
            "paths": found.ways,
            "unannounced": found.silent,
        },
        "ways": Lines(_row(review, row) for review in reviews for row in review.rows),
        "untried": Lines(
            {
                "environment": review.environment,
                "host": review.host,
                "match": {"kind": match.kind.value, "value": match.value},
            }
            for review in reviews
            for match in review.untried
        ),
        "verdicts": Lines(
            {"source": each.source, "subject": each.subject, "before": each.before, "after": each.after}
            for each in verdicts
        ),
    }
    return document(content)


def _row(review: HostReview, row: Row) -> dict[str, Any]:
    return {
        "environment": review.environment,
        "host": review.host,
        "schemes": list(row.schemes),
        "match": {"kind": row.match.kind.value, "value": row.match.value},
        "path": row.path,
        "thisPathOnly": row.narrow,
        "condition": row.condition,
        "standing": row.standing,
        "before": row.before,
        "after": row.after,
        "changes": [_change(change) for change in row.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "fact": change.fact,
        "part": change.part,
        "before": change.before,
        "after": change.after,
        "verdict": change.verdict.value if change.verdict else None,
        "codes": list(change.codes),
        "byDefault": change.by_default,
        "announced": not change.silent,
    }
