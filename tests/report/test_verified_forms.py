"""The same comparison for programs, for CI and for a pull request."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import jsonschema
from report.comparisons import NOTES, STALE, comparison, lost, row, unannounced

from converter.report.verified_json import verified_as_json, verified_schema
from converter.report.verified_junit import verified_as_junit
from converter.report.verified_markdown import verified_as_markdown
from converter.report.verified_model import Comparison

WHOLE = comparison(notes=NOTES, stale=STALE)


def test_the_json_follows_its_schema_and_has_every_request_on_a_line() -> None:
    found = verified_as_json(WHOLE)
    content = json.loads(found)
    jsonschema.Draft202012Validator(verified_schema()).validate(content)
    assert content["summary"] == {
        "hosts": 2,
        "probes": 7,
        "same": 1,
        "announced": 2,
        "accepted": 1,
        "unannounced": 3,
    }
    assert content["probes"][1] == {
        "environment": "",
        "host": "shop.example.com",
        "location": "prefix /api",
        "request": "GET https://shop.example.com/API",
        "reason": "/api in other letters",
        "outcome": "unannounced",
        "differences": [
            {
                "outcome": "unannounced",
                "aspect": "status",
                "subject": "",
                "before": "shop/web:80",
                "after": "404",
                "announcedBy": [],
                "accepted": "",
            }
        ],
        "source": {"what": "Ingress shop/web, path /api", "file": "ingress.yaml", "line": 14},
        "target": {
            "what": "no rule of HTTPRoute shop/web (routes.yaml:3) takes it at listener http of Gateway shop/nginx",
            "file": "",
            "line": 0,
        },
    }
    assert content["staleAcceptances"] == [{"file": "accepted.yaml", "line": 4, "reason": "gone since June"}]
    assert len(found.splitlines()) == 19


def test_an_empty_comparison_follows_the_schema() -> None:
    content = json.loads(verified_as_json(Comparison(())))
    jsonschema.Draft202012Validator(verified_schema()).validate(content)
    assert content["probes"] == []


def test_junit_has_a_test_for_each_location_of_a_host() -> None:
    assert (
        verified_as_junit(WHOLE)
        == """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="ingress-migrate verify" tests="2" failures="1" errors="0">
  <testsuite name="shop.example.com" tests="1" failures="1" errors="0">
    <testcase classname="shop.example.com" name="prefix /api" file="ingress.yaml" line="14">
      <failure type="unannounced" message="3 probes of 6: status: shop/web:80 → 404">status: shop/web:80 → 404
  before: Ingress shop/web, path /api (ingress.yaml:14)
  after: no rule of HTTPRoute shop/web (routes.yaml:3) takes it at listener http of Gateway shop/nginx
  GET https://shop.example.com/API (/api in other letters)
  GET https://shop.example.com/API/ (/API with a slash at the end)
  GET https://shop.example.com/API/below (below /API)</failure>
      <system-out>announced [forwarded-headers]: 1 probe, such as GET https://shop.example.com/api: \
forwarded-headers: x-scheme: https → none
accepted: moved in May: 1 probe, such as GET https://shop.example.com/old: backend: shop/old:80 → shop/new:80\
</system-out>
    </testcase>
  </testsuite>
  <testsuite name="other.example.com" tests="1" failures="0" errors="0">
    <testcase classname="other.example.com" name="prefix /api">
      <system-out>announced [body-size]: 1 probe, such as GET https://other.example.com/api: status: 413 → shop/web:80\
</system-out>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_requests_that_no_location_takes_are_a_test_too() -> None:
    root = ET.fromstring(verified_as_junit(Comparison((row("/", location=""),))))
    assert [case.attrib["name"] for case in root.iter("testcase")] == ["anything else"]


def test_markdown_shows_what_nobody_announced_and_folds_the_rest() -> None:
    assert (
        verified_as_markdown(WHOLE)
        == """\
## Verified 7 probes on 2 hosts: 1 same, 2 announced, 1 accepted, 3 NOT ANNOUNCED.

| same | announced | accepted | NOT ANNOUNCED |
| --: | --: | --: | --: |
| 1 | 2 | 1 | 3 |

1 difference is not announced: mend the place named, or accept it with a reason.

### shop.example.com

**status: shop/web:80 → 404** (3 probes)

- before: Ingress shop/web, path /api (ingress.yaml:14)
- after: no rule of HTTPRoute shop/web (routes.yaml:3) takes it at listener http of Gateway shop/nginx
- <code>GET https://shop.example.com/API</code> (/api in other letters)
- <code>GET https://shop.example.com/API/</code> (/API with a slash at the end)
- <code>GET https://shop.example.com/API/below</code> (below /API)

### Accepted

<details><summary>moved in May (1 probe on 1 host)</summary><p><code>GET https://shop.example.com/old</code>: \
backend: shop/old:80 → shop/new:80</p></details>

### Announced

<details><summary>Nothing limits bodies. [body-size] (1 probe on 1 host)</summary><p>→ Limit them in the application.\
</p><p><code>GET https://other.example.com/api</code>: status: 413 → shop/web:80</p></details>
<details><summary>The headers are others. [forwarded-headers] (1 probe on 1 host)</summary><p>\
<code>GET https://shop.example.com/api</code>: forwarded-headers: x-scheme: https → none</p></details>

### Notes

- routes.yaml:3: Gateway shop/nginx is not there. Name its file.
- accepted.yaml:4: accepts nothing: gone since June
"""
    )


def test_nothing_of_a_manifest_is_markdown_or_html() -> None:
    shown = verified_as_markdown(Comparison((row("/*<b>`x`|", unannounced()),)))
    assert "<b>" not in shown
    assert "`" not in shown


def test_a_comment_has_an_end() -> None:
    rows = [lost("/a", "a", host=f"h{number:04}.example.com") for number in range(1000)]
    shown = verified_as_markdown(Comparison(tuple(rows)))
    assert len(shown) < 65_536
    assert "more sections; the JSON report has them all." in shown
