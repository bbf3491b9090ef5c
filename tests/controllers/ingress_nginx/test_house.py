"""Annotations of the user's own are read as what they stand for, and the ledger names what was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from conversions import verdicts
from manifests import PREFIX, ingress, path, reading, rule

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.house import VALUE, Carried, House, Meaning, Means, Settled
from converter.gateway.releases import release
from converter.ledger import Entry, Verdict
from converter.pipeline import Conversion, convert
from converter.read import read
from converter.targets import target

GOLDEN = Path(__file__).parents[3] / "golden"
FILE = "own.yaml"
SIZE = Means((Meaning(VALUE, {"proxy-body-size": VALUE}),), FILE)
INTERNAL = Means((Meaning("true", {"allowlist-source-range": "10.0.0.0/8"}), Meaning("false", {})), FILE)
TIMEOUT = Means((Meaning("{value}s", {"proxy-read-timeout": VALUE}),), FILE)
CORP = House(prefixes={"ingress.corp.example/": FILE})


def rows(**rows) -> House:
    """By names below the prefix of a platform; an underscore stands for a dash."""
    return House(rows={f"mine.example/{name.replace('_', '-')}": row for name, row in rows.items()})


def run(house: House, annotations: dict[str, str], to: str = "standard", **spec) -> Conversion:
    """Names without a prefix are those of ingress-nginx."""
    foreign = {key if "/" in key else PREFIX + key: value for key, value in annotations.items()}
    manifest = ingress("web", rule("shop.example.com", path("/")), namespace="shop", foreign=foreign, **spec)
    return convert(reading(manifest), target(to, release("1.6", "standard")), Options(house=house))


def entry(conversion: Conversion, key: str) -> Entry:
    (found,) = [each for each in conversion.entries if each.origin.key == key]
    return found


def told(conversion: Conversion, key: str) -> tuple[str, str, str]:
    found = entry(conversion, key)
    return str(found.verdict), found.code, found.message


def test_an_annotation_makes_what_the_one_makes_that_it_means() -> None:
    own = run(
        rows(limit=Means((Meaning(VALUE, {"limit-rps": VALUE}),), FILE)), {"mine.example/limit": "5"}, "envoy-gateway"
    )
    usual = run(House(), {"limit-rps": "5"}, "envoy-gateway")

    assert own.objects == usual.objects
    assert told(own, "mine.example/limit") == told(usual, f"{PREFIX}limit-rps")
    assert entry(own, "mine.example/limit").results == entry(usual, f"{PREFIX}limit-rps").results


def test_the_ledger_names_what_was_written_and_nothing_else() -> None:
    found = entry(run(rows(size=SIZE), {"mine.example/size": "50m"}), "mine.example/size")

    assert (found.origin.value, found.origin.source.line, found.origin.written) == ("50m", 7, None)
    keys = {each.origin.key for each in run(rows(size=SIZE), {"mine.example/size": "50m"}).entries}
    assert not any(key.startswith(PREFIX) for key in keys)


def everything(folder: Path, prefix: str, house: House) -> object:
    """Objects and verdicts, as if the prefix was that of ingress-nginx."""
    found = convert(read([str(folder)]), target("envoy-gateway", release("1.6", "experimental")), Options(house=house))
    return found.objects, [
        (each.origin.key.replace(prefix, PREFIX), each.verdict, each.code, each.results)
        for each in found.entries
        # A name that nobody knows is harmless to ingress-nginx, and lost to a fork.
        if not each.code.endswith(".unknown")
    ]


@pytest.mark.parametrize("case", sorted(GOLDEN.glob("*/input")), ids=lambda case: case.parent.name)
def test_another_prefix_makes_the_same_of_every_golden_case(case: Path, tmp_path: Path) -> None:
    for file in filter(Path.is_file, case.iterdir()):
        (tmp_path / file.name).write_bytes(file.read_bytes().replace(PREFIX.encode(), b"fork.example/"))

    own = everything(tmp_path, "fork.example/", House(prefixes={"fork.example/": FILE}))
    assert own == everything(case, PREFIX, House())


def test_ingress_nginx_itself_is_still_read_beside_another_prefix() -> None:
    found = run(CORP, {"ingress.corp.example/limit-rps": "5", "proxy-body-size": "8m"})

    assert {key: told[1] for key, told in verdicts(found).items() if "-" in key} == {
        "limit-rps": "rate-limit",
        "proxy-body-size": "body-size",
    }


def test_a_name_that_only_the_fork_has_is_lost_and_not_harmless() -> None:
    found = entry(run(CORP, {"ingress.corp.example/limit-rp": "5"}), "ingress.corp.example/limit-rp")

    assert (found.verdict, found.code) == (Verdict.UNTRANSLATED, "house.unknown")
    assert found.message == (
        "own.yaml says that ingress.corp.example means nginx.ingress.kubernetes.io, where no version of ingress-nginx"
        " knows limit-rp."
    )
    assert found.advice == "If limit-rps was meant, write that; else say in a row of own.yaml what it does."


def test_an_alias_below_another_prefix_is_its_annotation() -> None:
    found = run(CORP, {"ingress.corp.example/whitelist-source-range": "10.0.0.0/8"})

    assert told(found, "ingress.corp.example/whitelist-source-range")[1] == "access.closed"


@pytest.mark.parametrize(
    ("annotations", "winner", "loser"),
    [
        ({"mine.example/size": "50m", "proxy-body-size": "8m"}, f"{PREFIX}proxy-body-size", "mine.example/size"),
        (
            {"mine.example/size": "50m", "ingress.corp.example/proxy-body-size": "8m"},
            "ingress.corp.example/proxy-body-size",
            "mine.example/size",
        ),
        ({"mine.example/upload": "50m", "mine.example/size": "8m"}, "mine.example/size", "mine.example/upload"),
    ],
    ids=["of ingress-nginx", "below a prefix", "whose row comes first"],
)
def test_what_is_nearer_to_the_controller_wins(annotations: dict[str, str], winner: str, loser: str) -> None:
    house = House(CORP.prefixes, rows(size=SIZE, upload=SIZE).rows)
    for given in (annotations, dict(reversed(annotations.items()))):
        found = run(house, given)

        assert told(found, winner)[1] == "body-size"
        message = f"{winner} sets proxy-body-size as well, and wins."
        assert told(found, loser) == ("inert", "annotation.overridden", message)


def test_an_alias_of_ingress_nginx_wins_as_well() -> None:
    found = run(rows(internal=INTERNAL), {"mine.example/internal": "true", "whitelist-source-range": "10.1.0.0/16"})

    assert told(found, "mine.example/internal")[1] == "annotation.overridden"


@pytest.mark.parametrize("given", ["", "  "])
def test_what_is_empty_wins_over_nothing(given: str) -> None:
    found = run(rows(size=SIZE), {"mine.example/size": "50m", "proxy-body-size": given})

    assert told(found, "mine.example/size")[1] == "body-size"
    assert told(run(rows(size=SIZE), {"mine.example/size": given}), "mine.example/size")[1] == "annotation.empty"


def test_each_value_sets_its_own() -> None:
    house = rows(internal=INTERNAL)

    assert told(run(house, {"mine.example/internal": "true"}), "mine.example/internal")[1] == "access.closed"
    assert told(run(house, {"mine.example/internal": "false"}), "mine.example/internal") == (
        "inert",
        "house.nothing",
        "This value sets nothing.",
    )


def test_a_value_that_nobody_knows_is_lost() -> None:
    found = entry(run(rows(timeout=TIMEOUT), {"mine.example/timeout": "5 min"}), "mine.example/timeout")

    assert (found.verdict, found.code, found.also) == (Verdict.UNTRANSLATED, "house.value", ())
    assert found.message == "own.yaml says what the values {value}s mean, and nothing about this one."
    assert found.advice == "Add the value to own.yaml."


@pytest.mark.parametrize(
    ("row", "value"), [(INTERNAL, "yes"), (Means((Meaning(VALUE, {"allowlist-source-range": VALUE}),), FILE), "office")]
)
def test_a_value_that_nobody_knows_opens_no_door(row: Means, value: str) -> None:
    found = run(rows(internal=row), {"mine.example/internal": value})

    (route,) = [each for each in found.objects if each["kind"] == "HTTPRoute"]
    assert [each.get("backendRefs") for each in route["spec"]["rules"]] == [None]
    assert entry(found, "spec.rules.http.paths").code == "path.refused"


def test_what_ingress_nginx_does_not_take_is_lost_where_the_platform_took_it() -> None:
    found = run(rows(size=SIZE), {"mine.example/size": "50MB"})

    assert told(found, "mine.example/size") == (
        "untranslated",
        "house.value",
        "own.yaml makes proxy-body-size: 50MB of it, which ingress-nginx does not take.",
    )
    # A fork reads as ingress-nginx does.
    of_fork = run(CORP, {"ingress.corp.example/proxy-body-size": "50MB"})
    assert told(of_fork, "ingress.corp.example/proxy-body-size")[1] == "annotation.invalid"


def test_a_problem_names_what_was_written() -> None:
    house = rows(limit=Means((Meaning(VALUE, {"limit-rps": VALUE}),), FILE))
    found = run(house, {"mine.example/limit": "many"})

    (problem,) = found.problems
    assert problem.message == (
        "ingress-nginx does not serve Ingress web: it refuses the value of mine.example/limit; it was left out."
    )
    assert told(found, "mine.example/limit")[:2] == ("inert", "ingress.dropped")


@pytest.mark.parametrize(
    ("form", "value", "part"),
    [
        ("true", "true", ""),
        ("true", "True", None),
        (VALUE, "a b", "a b"),
        ("{value}s", "30s", "30"),
        ("{value}s", "30", None),
        ("{value}s", "s", ""),
        ("https://{value}/", "https://a/", "a"),
        ("aa{value}aa", "aaa", None),
    ],
)
def test_the_form_of_a_value(form: str, value: str, part: str | None) -> None:
    assert Meaning(form, {}).read(value) == part


def test_a_whole_value_counts_before_one_with_an_open_part() -> None:
    meanings = (Meaning(VALUE, {"proxy-body-size": VALUE}), Meaning("none", {"proxy-body-size": "0"}))
    house = rows(size=Means(meanings, FILE))

    assert told(run(house, {"mine.example/size": "none"}), "mine.example/size")[1] == "body-size.none"
    assert told(run(house, {"mine.example/size": "8m"}), "mine.example/size")[1] == "body-size"


def test_the_worst_of_what_one_annotation_sets_is_its_verdict() -> None:
    sets = {"limit-connections": "8", "limit-rps": "5"}
    found = entry(
        run(rows(tier=Means((Meaning("gold", sets),), FILE)), {"mine.example/tier": "gold"}, "envoy-gateway"),
        "mine.example/tier",
    )

    assert (found.code, [remark.code for remark in found.also]) == ("limit-connections", ["rate-limit"])
    assert {result.kind for result in found.results} >= {"BackendTrafficPolicy"}


def test_what_is_said_to_be_harmless_or_lost() -> None:
    house = rows(
        team=Settled(Verdict.INERT, "Read by people."),
        log=Settled(Verdict.BUILTIN, "The Gateway logs."),
        waf=Settled(Verdict.UNTRANSLATED, "It inspected requests.", "Ask the platform team."),
    )
    found = run(house, {f"mine.example/{name}": "a" for name in ("team", "log", "waf", "other")})

    assert [
        (e.origin.key, str(e.verdict), e.code, e.message, e.advice) for e in found.entries if "mine" in e.origin.key
    ] == [
        ("mine.example/team", "inert", "house.inert", "Read by people.", ""),
        ("mine.example/log", "builtin", "house.builtin", "The Gateway logs.", ""),
        ("mine.example/waf", "untranslated", "house.untranslated", "It inspected requests.", "Ask the platform team."),
        (
            "mine.example/other",
            "inert",
            "annotation.foreign",
            "ingress-nginx does not read it.",
            "If another program reads it here, see to it there.",
        ),
    ]


def test_a_row_of_its_own_counts_before_one_for_all_below_a_prefix() -> None:
    house = House(
        rows={"mine.example/*": Settled(Verdict.INERT, "All."), "mine.example/waf": Settled(Verdict.BUILTIN, "One.")}
    )
    found = run(house, {"mine.example/waf": "a", "mine.example/b": "a", "other.example/b": "a"})

    assert [told(found, f"{key}")[2] for key in ("mine.example/waf", "mine.example/b", "other.example/b")] == [
        "One.",
        "All.",
        "ingress-nginx does not read it.",
    ]


def test_a_row_may_be_about_what_the_program_knows() -> None:
    house = House(
        rows={
            f"{PREFIX}limit-rps": Settled(Verdict.INERT, "Off in our fork."),
            "prometheus.io/*": Settled(Verdict.INERT, "Unused."),
        }
    )
    found = run(house, {"limit-rps": "5", "prometheus.io/scrape": "true"}, "envoy-gateway")

    assert told(found, f"{PREFIX}limit-rps") == ("inert", "house.inert", "Off in our fork.")
    assert told(found, "prometheus.io/scrape") == ("inert", "house.inert", "Unused.")
    assert "BackendTrafficPolicy" not in {each["kind"] for each in found.objects}


def test_the_class_is_no_affair_of_the_house() -> None:
    house = House(rows={"kubernetes.io/*": Settled(Verdict.INERT, "All.")})
    found = run(house, {"kubernetes.io/ingress.class": "nginx", "kubernetes.io/b": "a"}, ingressClassName=None)

    assert told(found, "kubernetes.io/ingress.class")[1] == "class"
    assert told(found, "kubernetes.io/b")[2] == "All."


def test_what_another_program_reads_goes_along() -> None:
    house = rows(issuer=Carried("gateway", "cert-manager.io/cluster-issuer"), page=Carried("route"))
    secured = {"tls": [{"hosts": ["shop.example.com"], "secretName": "shop"}]}
    found = run(house, {"mine.example/issuer": "acme", "mine.example/page": "shop"}, **secured)

    annotations = {each["kind"]: each["metadata"].get("annotations") for each in found.objects}
    assert annotations["Gateway"] == {"cert-manager.io/cluster-issuer": "acme"}
    assert annotations["HTTPRoute"] == {"mine.example/page": "shop"}


def test_a_canary_by_an_annotation_of_the_house() -> None:
    """Of a canary only what concerns its Service counts, by whichever name."""
    house = rows(share=Means((Meaning("{value}%", {"canary": "true", "canary-weight": VALUE}),), FILE), size=SIZE)
    main = ingress("web", rule("shop.example.com", path("/")))
    canary = ingress(
        "new",
        rule("shop.example.com", path("/", "new")),
        foreign={"mine.example/share": "20%", "mine.example/size": "9m"},
    )
    found = convert(reading(main, canary), target("standard", release("1.6", "standard")), Options(house=house))

    assert told(found, "mine.example/share")[:2] == ("translated", "canary")
    assert told(found, "mine.example/size")[:2] == ("inert", "canary.ignored")
    (route,) = [each for each in found.objects if each["kind"] == "HTTPRoute"]
    assert [each["weight"] for each in route["spec"]["rules"][0]["backendRefs"]] == [80, 20]


def test_without_rows_nothing_is_different() -> None:
    annotations = {"mine.example/size": "50m", "ingress.corp.example/limit-rps": "5"}

    assert {told[1] for key, told in verdicts(run(House(), annotations)).items() if key in ("size", "limit-rps")} == {
        "annotation.foreign"
    }
