"""The table of routes that a reviewer reads, for cases of ``golden/`` and a few more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import Conversion, convert
from converter.read import Reading, read
from converter.report.behaviour import behaviour
from converter.report.behaviour_markdown import behaviour_as_markdown
from converter.targets import target
from converter.verify.review import HostReview, compare, review
from converter.verify.verdicts import VerdictChange

GOLDEN = Path(__file__).parent.parent.parent / "golden"
ONCE = "What the controller did by itself"


def reviews_of(given: Reading, to: str = "envoy-gateway") -> tuple[HostReview, ...]:
    chosen = target(to, release("1.6", "standard"))
    found = convert(given, chosen, Options())
    return review(found.tables[0], found.objects, found.entries, chosen.table)


def text(reviews: tuple[HostReview, ...], width: int = 100, **options: Any) -> str:
    lines = behaviour(reviews, width, **options)
    return "".join("".join(piece for piece, _ in line) + "\n" for line in lines)


def golden(case: str, to: str = "envoy-gateway", **options: Any) -> str:
    return text(reviews_of(read([str(GOLDEN / case / "input")]), to), **options)


def told(case: str, to: str = "envoy-gateway", **options: Any) -> str:
    """Up to what is told once, which is the same everywhere."""
    return golden(case, to, **options).partition(ONCE)[0]


def test_the_whole_table() -> None:
    assert (
        golden("first-example")
        == """\
api.example.com
  http     every path  308 to https, same path
  https    /           api-server:80
  https    /admin      admin-portal:80
  ~ on all of them, rate limit: none → 100 r/m no burst  translated [rate-limit.not-enforced]

What the controller did by itself, told once:
  ~ body limit: 1 MiB → none  untranslated [body-size]
    2 paths on 1 host
  ~ forwarded headers: x-forwarded-for, x-forwarded-host, x-forwarded-port, x-forwarded-proto,
    x-forwarded-scheme, x-real-ip, x-scheme → none  approximated [forwarded-headers]
    2 paths on 1 host
  ~ idle timeout: 60 s → none  approximated [idle-timeouts]
    2 paths on 1 host
  ~ retries: up to 3 tries, after error, timeout → none  untranslated [retries]
    2 paths on 1 host

2 paths on 1 host asked over http and https: 1 host with differences; the report announces all of
them.
"""
    )


def test_a_canary_has_rows_for_the_requests_that_it_takes() -> None:
    assert (
        told("canary-by-header-cookie-and-weight", whole=True)
        == """\
shop.example.com
  http     /                           308 to https, same path
  https    /                           shop/next:80 12.5%, shop/web:80 87.5%
  https    / with Cookie: next=always  shop/next:80
  https    / with Cookie: next=never   shop/web:80
  https    / with X-Canary: always     shop/next:80
  https    / with X-Canary: never      shop/web:80

"""
    )


def test_limits_differ_part_by_part() -> None:
    assert (
        told("rate-limit")
        == """\
api.example.com
  http     /  web:80 · rate limit 10 r/s burst 50, 300 r/m burst 1500
            ~ rate limit, 10 r/s: burst 50 → no burst  approximated [rate-limit]
            ~ rate limit, 300 r/m: burst 1500 → no burst  approximated [rate-limit]

web.example.com
  http     /  web:80 · rate limit 5 r/s burst 10, exempt 10.0.0.0/8
            ~ rate limit, 5 r/s: burst 10 → no burst
              untranslated [rate-limit.allowlist-lost, rate-limit]
            ~ rate limit, exempt: 10.0.0.0/8 → none
              untranslated [rate-limit.allowlist-lost, rate-limit]

"""
    )


def test_a_limit_that_the_target_lacks_differs_as_a_whole() -> None:
    assert (
        told("rate-limit", "standard")
        == """\
api.example.com
  http     /  web:80 · rate limit 10 r/s burst 50, 300 r/m burst 1500
            ~ rate limit: 10 r/s burst 50, 300 r/m burst 1500 → none  untranslated [rate-limit]

web.example.com
  http     /  web:80 · rate limit 5 r/s burst 10, exempt 10.0.0.0/8
            ~ rate limit: 5 r/s burst 10, exempt 10.0.0.0/8 → none  untranslated [rate-limit]

"""
    )


def test_a_rewrite_shows_the_path_that_the_backend_gets() -> None:
    assert (
        told("rewrite-that-no-prefix-can-say", "standard")
        == """\
shop.example.com
  http     /users/([0-9]+)/profile  web:80 · sent as /profile/1
                                  ~ path sent: /profile/1 → as asked  untranslated [rewrite.regex]

"""
    )


def test_what_is_the_same_is_a_name_in_a_line() -> None:
    same = "Nothing else differs on 1 host: shop.example.com.\n\n"
    assert told("rewrite-with-capture-groups") == same
    assert told("app-root") == same
    assert told("www-redirect") == "Nothing else differs on 2 hosts: example.com, www.example.com.\n\n"


def test_a_lost_access_rule_shows_that_its_path_is_closed() -> None:
    assert (
        told("access-rules-that-are-lost-close-their-paths", "standard")
        == """\
shop.example.com
  http     /       default/web:80
  http     /admin  default/admin:80 · addresses allowed 10.0.0.0/8 · external auth asks
                   https://auth.example.com/check
                 ~ → 500  untranslated [access.closed, path.closed]

Nothing else differs on 2 hosts: moved.example.com, partner.example.com.

"""
    )


def test_a_pattern_that_nothing_reaches_is_named() -> None:
    assert (
        told("pattern-that-re2-lacks")
        == """\
shop.example.com
  http     /((?!admin).)*$  web:80
                          ~ → 404  untranslated [path.regex-dialect]
  http     /admin           admin:80
  /: not tried, for no path was found that gets there

"""
    )


def test_one_path_of_a_prefix_with_a_fate_of_its_own_has_a_line() -> None:
    assert (
        told("path-with-a-trailing-slash")
        == """\
shop.example.com
  http     /              308 to https, same path
  http     /docs          301 to /docs/
  http     /docs/         308 to https, same path
  http     /docs/ itself  308 to https, path /docs
                        ~ → 308 to https, same path  approximated [ssl-redirect]
  http     /login         301 to /login/
  http     /login/        308 to https, path /login
                        ~ → 308 to https, same path  approximated [ssl-redirect]
  https    /              web:80
  https    /docs          301 to /docs/
  https    /docs/         docs:80
  https    /login         301 to /login/
  https    /login/        login:80

"""
    )


def shop(number: int, *paths: dict[str, Any], **parts: Any) -> dict[str, Any]:
    host = f"shop-{number:03}.example.com"
    return ingress(f"shop-{number:03}", rule(host, *(paths or (path("/"),))), tls=[tls(host, secret="s")], **parts)


def test_of_many_hosts_those_that_differ_are_shown() -> None:
    limited = shop(7, annotations={"proxy-body-size": "8m"})
    others = [shop(number) for number in range(400) if number != 7]
    assert (
        text(reviews_of(reading(limited, *others), "standard")).partition(ONCE)[0]
        == """\
shop-007.example.com
  http     /  308 to https, same path
  https    /  web:80 · body limit 8 MiB
            ~ body limit: 8 MiB → none  untranslated [body-size]

Nothing else differs on 399 hosts: shop-000.example.com, shop-001.example.com, shop-002.example.com,
shop-003.example.com, shop-004.example.com, shop-005.example.com, shop-006.example.com,
shop-008.example.com, and 391 more (--all shows them).

"""
    )


def test_the_numbers_of_many_hosts() -> None:
    ending = text(reviews_of(reading(*(shop(number) for number in range(400))))).splitlines()[-2:]
    assert ending == [
        "400 paths on 400 hosts asked over http and https: nothing differs but what the controller did by",
        "itself.",
    ]


def converted(*manifests: dict[str, Any]) -> Conversion:
    return convert(reading(*manifests), target("envoy-gateway", release("1.6", "standard")), Options())


def test_what_an_earlier_run_did_not_have() -> None:
    before = converted(shop(1, path("/"), path("/old", "old")), shop(2))
    after = converted(shop(1, path("/", "next"), path("/new", "new"), annotations={"limit-rps": "5"}), shop(2))
    verdicts = [VerdictChange("Ingress shop-001", "limit-rps", "", "approximated [rate-limit]")]
    assert (
        text(compare(before.objects, after.objects), verdicts=verdicts)
        == """\
shop-001.example.com
  https    /     web:80 · HSTS max-age=31536000; includeSubDomains
               ~ → next:80
+ https    /new  web:80 · HSTS max-age=31536000; includeSubDomains
               ~ → new:80
- https    /old  old:80 · HSTS max-age=31536000; includeSubDomains
               ~ → next:80
  ~ on all of them, rate limit: none → 5 r/s no burst

Nothing differs on 1 host: shop-002.example.com.

Verdicts that changed:
  ~ Ingress shop-001, limit-rps: none → approximated [rate-limit]

4 paths on 2 hosts asked over http and https: 1 host with differences.
"""
    )


def test_hosts_of_several_environments_are_told_apart() -> None:
    stages = [replace(each, environment=name) for name in ("dev", "prod") for each in reviews_of(reading(shop(1)))]
    assert text(tuple(stages)).startswith(
        "Nothing else differs on 2 hosts: shop-001.example.com in dev, shop-001.example.com in prod.\n"
    )


@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for case in ("first-example", "rate-limit", "cors-of-some-origins", "timeouts-sizes-and-tries"):
        assert max(map(len, golden(case, width=width).splitlines())) <= width


def test_an_unannounced_difference_is_shouted() -> None:
    chosen = target("envoy-gateway", release("1.6", "standard"))
    found = converted(shop(1, path("/"), path("/api", "api")))
    for entry in found.objects:
        for each in entry["spec"].get("rules", []):
            each.pop("filters", None)
    (table,) = found.tables
    shown = behaviour(review(table, found.objects, found.entries, chosen.table), 100)
    assert (
        "".join("".join(piece for piece, _ in line) + "\n" for line in shown).partition(ONCE)[0]
        == """\
shop-001.example.com
  http     every path  308 to https, same path
                     ! → 500  NOT ANNOUNCED
  https    /           web:80
  https    /api        api:80

"""
    )
    assert [line[0][1] for line in shown if "!" in line[0][0]] == ["bold red"]
    assert "2 differences that nothing in" in shown[-2][0][0]


def test_names_of_hosts_and_paths_cannot_steer_a_terminal() -> None:
    evil = ingress("evil", rule("shop.example.com", path("/\x1b[2J", kind="ImplementationSpecific")))
    assert "\x1b" not in text(reviews_of(reading(evil)), whole=True)


def test_markdown_is_a_table_for_each_host() -> None:
    found = behaviour_as_markdown(reviews_of(read([str(GOLDEN / "rate-limit" / "input")])))
    assert (
        found
        == """\
## Behaviour before and after

2 paths on 2 hosts asked over http and https: 2 hosts with differences; the report announces all of them.

### What the controller did by itself

- any answer over https → no connection  untranslated &#91;default-certificate, undeclared-https&#93;
- any answer over https → no connection  untranslated &#91;default-certificate&#93;
- body limit: 1 MiB → none  untranslated &#91;body-size&#93;
- forwarded headers: x-forwarded-for, x-forwarded-host, x-forwarded-port, x-forwarded-proto, x-forwarded-scheme, x-real-ip, x-scheme → none  approximated &#91;forwarded-headers&#93;
- idle timeout: 60 s → none  approximated &#91;idle-timeouts&#93;
- retries: up to 3 tries, after error, timeout → none  untranslated &#91;retries&#93;

### api.example.com

| scheme | path | before | what differs |
|---|---|---|---|
| http | <code>/</code> | web:80 · rate limit 10 r/s burst 50, 300 r/m burst 1500 | rate limit, 10 r/s: burst 50 → no burst  approximated &#91;rate-limit&#93;<br>rate limit, 300 r/m: burst 1500 → no burst  approximated &#91;rate-limit&#93; |

### web.example.com

| scheme | path | before | what differs |
|---|---|---|---|
| http | <code>/</code> | web:80 · rate limit 5 r/s burst 10, exempt 10.0.0.0/8 | rate limit, 5 r/s: burst 10 → no burst  untranslated &#91;rate-limit.allowlist-lost, rate-limit&#93;<br>rate limit, exempt: 10.0.0.0/8 → none  untranslated &#91;rate-limit.allowlist-lost, rate-limit&#93; |
"""  # noqa: E501
    )


def test_markdown_fits_into_a_comment() -> None:
    many = [shop(number, annotations={"limit-rps": "5", "proxy-body-size": "8m"}) for number in range(400)]
    found = behaviour_as_markdown(reviews_of(reading(*many)))
    assert len(found) < 65_536
    assert "more sections; `ingress-migrate diff` shows them all." in found.splitlines()[-1]
