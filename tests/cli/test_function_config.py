"""The functionConfig of a KRM function: which keys there are, and how a wrong one is named."""

from __future__ import annotations

import pytest

from converter.cli.function_config import FunctionConfigError, settings
from converter.ledger import Verdict
from converter.read.located import load
from converter.targets import NAMES, OTHERS

TARGETS = ", ".join(f"'{name}'" for name in (*NAMES, *OTHERS))


def read(text: str):
    return settings(load(text, 1)[0])


def of_kind(kind: str, text: str):
    return read(f"kind: {kind}\nmetadata: {{name: edge}}\n{text}")


def test_without_a_configuration_the_defaults_of_convert_hold() -> None:
    found = settings(None)

    assert (found.options["target_name"], found.options["version"], found.options["lost_access"]) == (
        "standard",
        None,
        "omit",
    )
    assert (found.paths, found.failing, found.owner) == ((), (), "ingress-migrate")


def test_the_options_of_convert_are_keys_of_spec() -> None:
    found = of_kind(
        "IngressMigrate",
        "spec:\n  target: envoy-gateway\n  gatewayApi: 1.5\n  class: [nginx, edge]\n  strictSource: true\n"
        "  defaultCertificate: certs/wild\n  onLostAccessControl: emit\n",
    )

    assert {key: value for key, value in found.options.items() if value != settings(None).options[key]} == {
        "target_name": "envoy-gateway",
        "version": "1.5",
        "classes": ("nginx", "edge"),
        "strict_source": True,
        "default_certificate": ("certs", "wild"),
        "lost_access": "emit",
    }
    assert found.owner == "edge"


def test_a_config_map_has_texts_in_which_commas_part_a_list() -> None:
    text = 'data: {class: "nginx, edge", strictSource: "true", gatewayApi: "1.5", paths: "a.yaml,b.yaml"}\n'
    found = of_kind("ConfigMap", text)

    assert (found.options["classes"], found.options["strict_source"], found.options["version"], found.paths) == (
        ("nginx", "edge"),
        True,
        "1.5",
        ("a.yaml", "b.yaml"),
    )


def test_names_as_on_the_command_line_are_taken_too() -> None:
    assert of_kind("ConfigMap", "data: {gateway-class: eg}\n").options["gateway_class"] == "eg"


def test_verdicts_can_be_made_errors() -> None:
    assert of_kind("IngressMigrate", "spec: {failOn: approximated}\n").failing == (
        Verdict.UNTRANSLATED,
        Verdict.APPROXIMATED,
    )


@pytest.mark.parametrize("text", ["", "spec: {}\n", "spec:\n"])
def test_an_empty_configuration_is_none(text: str) -> None:
    assert of_kind("IngressMigrate", text).options == settings(None).options


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: IngressMigrate\nspec: {targt: x}\n", "functionConfig.spec.targt is no option; did you mean target?"),
        (
            "kind: ConfigMap\ndata: {gatewayClas: x}\n",
            "functionConfig.data.gatewayClas is no option; did you mean gatewayClass?",
        ),
        (
            "kind: IngressMigrate\nspec: {target: nginx}\n",
            f"functionConfig.spec.target: 'nginx' is not one of {TARGETS}.",
        ),
        (
            "kind: IngressMigrate\nspec: {gatewayApi: 7}\n",
            "functionConfig.spec.gatewayApi: 7 is not known; choose one of 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6.",
        ),
        (
            "kind: IngressMigrate\nspec: {gatewayName: A_B}\n",
            "functionConfig.spec.gatewayName: A_B cannot be a name; use lower case letters, digits, dashes and dots.",
        ),
        ("kind: IngressMigrate\nspec: {target: [a]}\n", "functionConfig.spec.target: a single value is wanted."),
        ("kind: IngressMigrate\nspec: {target: }\n", "functionConfig.spec.target: a single value is wanted."),
        ("kind: IngressMigrate\nspec: text\n", "functionConfig.spec is no mapping."),
        (
            "kind: Deployment\n",
            "functionConfig is of kind Deployment; use IngressMigrate with spec, or ConfigMap with data.",
        ),
    ],
)
def test_a_wrong_key_is_named(text: str, message: str) -> None:
    with pytest.raises(FunctionConfigError) as error:
        read(text)
    assert str(error.value) == message


def test_an_unlike_name_gets_the_list_of_all() -> None:
    known = r"there are allowSnippets, channel, class, .*, target\.$"
    with pytest.raises(FunctionConfigError, match=rf"spec.zzz is no option; {known}"):
        read("kind: IngressMigrate\nspec: {zzz: 1}\n")
