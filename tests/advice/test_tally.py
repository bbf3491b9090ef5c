"""Ledgers of several targets, added up by behaviour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from manifests import ingress, path, reading, rule

from converter.advice import Advice, Cell, Need, Tally, Warned, advise, take_in
from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.ledger import Verdict
from converter.pipeline import convert_for_each
from converter.targets import NAMES, target
from converter.targets.carry import Target

LATEST = release("1.6", "standard")
SHOP = rule("shop.example.com", path("/"), path("/api", "api"))
BLOG = rule("blog.example.com", path("/", "blog"))


def tallied(*manifests, targets: tuple[Target, ...] = (), environments: tuple[str, ...] = ("",)) -> Advice:
    tallies = [Tally(each) for each in targets or tuple(target(name, LATEST) for name in ("standard", "envoy-gateway"))]
    chosen = [tally.target for tally in tallies]
    for name in environments:
        for _ in take_in(tallies, convert_for_each(reading(*manifests), chosen, Options()), name):
            pass
    return advise(tallies, ingresses=len(manifests), files=1, environments=filter(None, environments))


def rows(advice: Advice, *, by_default: bool = False) -> dict[str, tuple[int, int, dict[str, str]]]:
    """Routes, Ingresses and cells of each behaviour."""
    return {
        use.behaviour.id: (
            use.routes,
            use.ingresses,
            {name: f"{cell.verdict} {cell.routes}" for name, cell in use.cells.items()},
        )
        for use in advice.of(by_default=by_default)
    }


def test_what_is_in_use_has_a_row_with_a_cell_for_each_target() -> None:
    limited = ingress("shop", SHOP, annotations={"limit-rps": "5", "limit-burst-multiplier": "2"})
    found = tallied(limited, ingress("blog", BLOG))

    assert rows(found) == {
        "rate-limit": (2, 1, {"standard": "untranslated 2", "envoy-gateway": "approximated 2"}),
        "hosts": (3, 2, {"standard": "translated 3", "envoy-gateway": "translated 3"}),
        "paths": (3, 2, {"standard": "translated 3", "envoy-gateway": "translated 3"}),
        "class": (3, 2, {"standard": "translated 3", "envoy-gateway": "translated 3"}),
    }
    assert (found.routes, found.ingresses) == (3, 2)


def test_what_had_no_effect_has_none() -> None:
    found = tallied(ingress("shop", SHOP, annotations={"enable-cors": "false", "never-heard-of": "x"}))
    assert rows(found).keys() == {"hosts", "paths", "class"}


def test_the_worst_verdict_counts_with_the_routes_that_have_it() -> None:
    captures = ingress(
        "shop",
        rule("shop.example.com", path("/a(/|$)(.*)", kind="ImplementationSpecific")),
        annotations={"use-regex": "true", "rewrite-target": "/$2"},
    )
    odd = ingress(
        "blog",
        rule("blog.example.com", path("/b/(.*)/c/(.*)", kind="ImplementationSpecific")),
        annotations={"use-regex": "true", "rewrite-target": "/$2/$1"},
    )
    found = tallied(captures, odd)

    assert rows(found)["rewrite-captures"] == (
        2,
        2,
        {"standard": "untranslated 1", "envoy-gateway": "translated 2"},
    )


def test_what_nobody_wrote_stands_apart() -> None:
    found = rows(tallied(ingress("shop", SHOP)), by_default=True)
    assert found["idle-timeouts"] == (2, 1, {"standard": "untranslated 2", "envoy-gateway": "approximated 2"})
    assert found["healthz"] == (0, 1, {"standard": "untranslated 0", "envoy-gateway": "untranslated 0"})


def test_closed_paths_are_counted_and_their_rule_is_what_is_lost() -> None:
    guarded = ingress("shop", SHOP, annotations={"allowlist-source-range": "10.0.0.0/8"})
    found = tallied(guarded, targets=(target("standard", LATEST),))

    assert found.targets[0].warned == Warned(closed=2)
    assert rows(found)["allow-list"] == (2, 1, {"standard": "untranslated 2"})
    assert "paths" not in rows(found)


def test_opened_paths_are_counted() -> None:
    guarded = ingress("shop", SHOP, annotations={"allowlist-source-range": "10.0.0.0/8"})
    found = tallied(guarded, targets=(target("standard", LATEST, "emit"),))

    assert found.targets[0].warned == Warned(open=2)
    assert rows(found)["paths"] == (2, 1, {"standard": "translated 2"})


def test_what_a_target_tells_nothing_of_stays() -> None:
    """The same regular expression is closed on one target, which is said of the access rule, and served on another."""
    guarded = ingress(
        "shop",
        rule("shop.example.com", path("/a+", kind="ImplementationSpecific")),
        annotations={"use-regex": "true", "allowlist-source-range": "10.0.0.0/8"},
    )
    standard = target("standard", LATEST)
    other = target("envoy-gateway", LATEST, "emit")
    found = tallied(guarded, targets=(standard, other))
    assert {use.behaviour.id: use.cells["standard"] for use in found.uses}["regex-paths"].verdict is Verdict.TRANSLATED


def test_what_is_left_out_with_its_path_is_lost() -> None:
    """A load balancer of AWS serves no patterns; what the annotations ask for may stand on other paths still."""
    annotations = {"use-regex": "true", "limit-rps": "5", "affinity": "cookie"}
    targets = (target("aws-load-balancer-controller", LATEST),)
    pattern = ingress("shop", rule("shop.example.com", path("/a[0-9]+")), annotations=annotations)
    words = {name: cell for name, (*_, cell) in rows(tallied(pattern, targets=targets)).items()}
    assert [words[name].popitem()[1] for name in ("rate-limit", "affinity")] == ["untranslated 1", "untranslated 1"]

    both = rule("shop.example.com", path("/a[0-9]+"), path("/"))
    found = rows(tallied(ingress("shop", both, annotations=annotations), targets=targets))
    assert found["affinity"] == (2, 1, {"aws-load-balancer-controller": "approximated 2"})


def test_environments_add_up() -> None:
    found = tallied(ingress("shop", SHOP), environments=("staging", "prod"))
    assert rows(found)["hosts"] == (4, 2, {"standard": "translated 4", "envoy-gateway": "translated 4"})
    assert found.environments == ("staging", "prod")


def test_the_baseline_comes_first_and_then_whoever_loses_least() -> None:
    envoy, standard = target("envoy-gateway", LATEST), target("standard", LATEST)
    worse = replace(standard, table=replace(standard.table, name="a-worse-one"))
    found = tallied(ingress("shop", SHOP, annotations={"limit-rps": "5"}), targets=(worse, envoy, standard))
    assert [each.name for each in found.targets] == ["standard", "envoy-gateway", "a-worse-one"]


def test_rows_in_which_targets_part_come_first_and_then_what_is_lost() -> None:
    found = tallied(
        ingress("shop", SHOP, annotations={"limit-rps": "5", "proxy-body-size": "8m", "enable-cors": "true"})
    )
    assert [use.behaviour.id for use in found.of(by_default=False)] == [
        "rate-limit",
        "body-size",
        "hosts",
        "paths",
        "class",
        "cors",
    ]


def test_what_has_to_be_switched_on_is_counted() -> None:
    envoy = target("envoy-gateway", LATEST)
    row = replace(envoy.table.rows["rate-limit"], switch="the rate limiter")
    switched = replace(envoy, table=replace(envoy.table, rows={**envoy.table.rows, "rate-limit": row}))
    limited = ingress("shop", SHOP, annotations={"limit-rps": "5"})

    assert tallied(limited, targets=(switched,)).targets[0].needs == (Need("the rate limiter", 2),)
    assert tallied(ingress("shop", SHOP), targets=(switched,)).targets[0].needs == ()


def test_a_cell_names_the_rows_of_the_table() -> None:
    found = tallied(ingress("shop", SHOP, annotations={"limit-rps": "5"}))
    assert found.uses[0].cells == {
        "standard": Cell(Verdict.UNTRANSLATED, 2, ("rate-limit",)),
        "envoy-gateway": Cell(Verdict.APPROXIMATED, 2, ("rate-limit",)),
    }


@pytest.mark.parametrize("name", NAMES)
def test_one_target_alone_can_be_looked_at(name) -> None:
    found = tallied(ingress("shop", SHOP), targets=(target(name, LATEST),))
    assert [each.name for each in found.targets] == [name]
