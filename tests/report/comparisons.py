"""A small comparison with one row of each outcome, and a cause with three requests."""

from __future__ import annotations

from typing import Any

from converter.ledger import Remark, Verdict
from converter.problems import Problem
from converter.report.verified_model import Comparison, Finding, Row
from converter.verify.accepted import Acceptance
from converter.verify.places import Place

INGRESS = Place("Ingress shop/web, path /api", "ingress.yaml", 14)
ROUTE = Place("no rule of HTTPRoute shop/web (routes.yaml:3) takes it at listener http of Gateway shop/nginx")
BODY = Remark(Verdict.UNTRANSLATED, "body-size", "Nothing limits bodies.", "Limit them in the application.")
HEADERS = Remark(Verdict.APPROXIMATED, "forwarded-headers", "The headers are others.", "")


def row(path: str, *findings: Finding, reason: str = "the path itself", **parts: Any) -> Row:
    host = parts.pop("host", "shop.example.com")
    given = {"environment": "", "location": "prefix /api", **parts}
    return Row(host=host, request=f"GET https://{host}{path}", reason=reason, findings=findings, **given)


def unannounced(aspect: str = "status", before: str = "shop/web:80", after: str = "404") -> Finding:
    return Finding("unannounced", aspect, "", before, after)


def lost(path: str, reason: str, **parts: Any) -> Row:
    return row(path, unannounced(), reason=reason, source=INGRESS, target=ROUTE, **parts)


def comparison(*more: Row, **parts: Any) -> Comparison:
    return Comparison(
        (
            row("/"),
            lost("/API", "/api in other letters"),
            lost("/API/", "/API with a slash at the end"),
            lost("/API/below", "below /API"),
            row("/old", Finding("accepted", "backend", "", "shop/old:80", "shop/new:80", accepted="moved in May")),
            row("/api", Finding("announced", "forwarded-headers", "", "x-scheme: https", "", (HEADERS,))),
            row("/api", Finding("announced", "status", "", "413", "shop/web:80", (BODY,)), host="other.example.com"),
            *more,
        ),
        **parts,
    )


NOTES = (Problem("routes.yaml", 3, "gateway-lent", "Gateway shop/nginx is not there.", "Name its file.", "note"),)
STALE = (Acceptance("gone since June", host="gone.example.com", file="accepted.yaml", line=4),)
