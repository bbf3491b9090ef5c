"""An entry comes into a kustomization, or goes, and nothing else in the file changes."""

from __future__ import annotations

import io

import pytest
from ruamel.yaml import YAML

from converter.write.repository.listing import NotEditableError, listed, with_entry, without_entry, without_item

STYLED = """\
# The shop.
resources:
  - 'service.yaml'   # quoted

  # The way in:
  - &in ingress.yaml
namespace: shop   # not the default
images: [{name: shop, newTag: "1"}]
"""

ADDED = {
    "below the entry named": (STYLED, STYLED.replace("  - &in ingress.yaml\n", "  - &in ingress.yaml\n  - new.yaml\n")),
    "in a list on one line": ("resources: [a.yaml, ingress.yaml, 'b.yaml'] # all\n", None),
    "in a list without blanks": (
        "resources: [ingress.yaml,'b.yaml']\n",
        "resources: [ingress.yaml, new.yaml,'b.yaml']\n",
    ),
    "with other line ends": ("resources:\r\n- ingress.yaml\r\n- b.yaml\r\n", None),
    "without a line end": ("resources:\n- a.yaml\n- ingress.yaml", "resources:\n- a.yaml\n- ingress.yaml\n- new.yaml"),
    "below the last": (
        "resources:\n- a.yaml # x\n\nimages: []\n",
        "resources:\n- a.yaml # x\n- new.yaml\n\nimages: []\n",
    ),
    "into an empty list": ("resources: []\nnamespace: a\n", "resources: [new.yaml]\nnamespace: a\n"),
    "into a file without": ("namespace: a\n", "namespace: a\nresources:\n- new.yaml\n"),
    "once": ("resources:\n- new.yaml\n", "resources:\n- new.yaml\n"),
}
EXPECTED = {
    "in a list on one line": "resources: [a.yaml, ingress.yaml, new.yaml, 'b.yaml'] # all\n",
    "with other line ends": "resources:\r\n- ingress.yaml\r\n- new.yaml\r\n- b.yaml\r\n",
}


@pytest.mark.parametrize("case", ADDED)
def test_an_entry_is_added(case: str) -> None:
    before, after = ADDED[case]

    assert with_entry(before, "new.yaml", "ingress.yaml") == (after or EXPECTED[case])


@pytest.mark.parametrize("case", [case for case in ADDED if case != "once"])
def test_taking_it_out_again_leaves_what_was(case: str) -> None:
    before, _ = ADDED[case]
    added = with_entry(before, "new.yaml", "ingress.yaml")

    assert without_entry(added, "new.yaml").replace("resources: []\n", "") == before.replace("resources: []\n", "")


def test_another_reader_finds_every_comment_and_quote_in_its_place() -> None:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    found = yaml.load(with_entry(STYLED, "new.yaml", "ingress.yaml"))
    found["resources"].remove("new.yaml")
    out = io.StringIO()
    yaml.dump(found, out)

    original = io.StringIO()
    yaml.dump(yaml.load(STYLED), original)
    assert out.getvalue() == original.getvalue()


@pytest.mark.parametrize(
    "text", ["- a\n", "resources: *x\n", "resources: {a: b}\n", "resources: [a\n", "resources: ${ALL}\n"]
)
def test_a_list_that_is_none_is_left_alone(text: str) -> None:
    with pytest.raises(NotEditableError):
        with_entry(text, "new.yaml", "")


def test_what_is_listed() -> None:
    assert listed("bases: [../base]\nresources:\n- a.yaml\n- b.yaml\n") == ("a.yaml", "b.yaml", "../base")


PATCHES = """\
patches:
  - target: {kind: Ingress, name: shop}
    patch: |-
      - op: remove
        path: /spec/tls
  # The other one.
  - path: replicas.yaml
# After all.
namespace: shop
"""


def test_an_entry_of_several_lines_goes_as_a_whole() -> None:
    assert without_item(PATCHES, "patches", 0) == (
        "patches:\n  # The other one.\n  - path: replicas.yaml\n# After all.\nnamespace: shop\n"
    )


def test_the_last_entry_goes_without_what_follows() -> None:
    assert without_item(PATCHES, "patches", 1) == PATCHES.replace("  - path: replicas.yaml\n", "")


def test_the_only_entry_leaves_an_empty_list() -> None:
    assert without_item("patches:\n- path: a.yaml\n\nnamespace: b\n", "patches", 0) == "patches: []\n\nnamespace: b\n"


def test_a_list_on_one_line_is_left_alone() -> None:
    with pytest.raises(NotEditableError):
        without_item("patches: [{path: a.yaml}, {path: b.yaml}]\n", "patches", 0)
