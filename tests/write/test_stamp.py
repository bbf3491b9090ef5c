"""A file says by itself who wrote it, and whether somebody has been there since."""

from __future__ import annotations

import pytest

from converter.write import stamp

BODY = "kind: HTTPRoute\nmetadata:\n  name: web\n"


def test_what_was_written_is_found_as_it_was() -> None:
    text = stamp.stamped(BODY)

    assert text.splitlines()[0] == "# Written by ingress-migrate; edits are kept and shown. sha256:0b48633a09d423cc"
    assert stamp.find(text) == stamp.Written(0, len(text), BODY, "ours")


def test_other_line_ends_are_no_edit() -> None:
    written = stamp.find(stamp.stamped(BODY).replace("\n", "\r\n"))

    assert written
    assert (written.body, written.state) == (BODY, "ours")


@pytest.mark.parametrize("edit", [("web", "shop"), ("\nmetadata", "\n# mine\nmetadata"), ("  name", "    name")])
def test_an_edit_shows(edit: tuple[str, str]) -> None:
    written = stamp.find(stamp.stamped(BODY).replace(*edit))

    assert written
    assert written.state == "edited"


def test_the_rest_of_a_file_is_not_ours() -> None:
    head, tail = "kind: Ingress\n---\n", "---\nkind: Service\n"
    ours = stamp.closed(stamp.stamped(BODY))

    assert stamp.find(head + ours + tail) == stamp.Written(len(head), len(head + ours), BODY, "ours")


def test_what_was_released_is_nobodys_to_change() -> None:
    written = stamp.find(stamp.released(BODY))

    assert written
    assert (written.body, written.state) == (BODY, "done")


@pytest.mark.parametrize("text", ["", BODY, "# Written by somebody else.\n", "# Written by ingress-migrate; edits\n"])
def test_other_files_are_not_ours(text: str) -> None:
    assert stamp.find(text) is None
