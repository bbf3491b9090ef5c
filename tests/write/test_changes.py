"""The patch of what a run would change: Git takes it, and makes exactly those files of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from converter.write.changes import patch

GATEWAY = "kind: Gateway\nspec:\n  listeners: []\n"
CASES = {
    "new": ({}, {"gateway.yaml": GATEWAY}),
    "new in a folder": ({}, {"team-a/route.yaml": GATEWAY}),
    "changed": ({"a.yaml": GATEWAY}, {"a.yaml": GATEWAY.replace("[]", "[x]")}),
    "deleted": ({"a.yaml": GATEWAY, "b.yaml": GATEWAY}, {"b.yaml": GATEWAY}),
    "without a last line end": ({"a.yaml": "one\ntwo"}, {"a.yaml": "one\nthree\n"}),
    "no line end on either side": ({"a.yaml": "one\ntwo"}, {"a.yaml": "one\nthree"}),
    "a name with a space": ({"b c.yaml": "one\n"}, {"b c.yaml": "two\n", "d e.yaml": "three\n"}),
    "lines that look like headers": ({"a.yaml": "-- x\n++ y\n"}, {"a.yaml": "++ y\n-- z\n"}),
    "other line breaks": ({"a.yaml": "a\x0bb\u2028c\n"}, {"a.yaml": "a\x0bb\u2028d\n"}),
    "a file that was empty": ({"a.yaml": "\n"}, {"a.yaml": "one\n"}),
}


def test_a_new_file_is_a_patch_of_added_lines() -> None:
    assert patch({}, {"gateway.yaml": "kind: Gateway\nspec: {}\n"}) == [
        "diff --git a/gateway.yaml b/gateway.yaml",
        "new file mode 100644",
        "--- /dev/null",
        "+++ b/gateway.yaml",
        "@@ -0,0 +1,2 @@",
        "+kind: Gateway",
        "+spec: {}",
    ]


def test_nothing_changes_so_nothing_is_said() -> None:
    assert patch({"a.yaml": GATEWAY}, {"a.yaml": GATEWAY}) == []


@pytest.mark.parametrize("case", CASES)
def test_git_makes_the_new_files_of_the_old_ones(case: str, tmp_path: Path) -> None:
    before, after = CASES[case]
    for path, text in before.items():
        (tmp_path / path).write_bytes(text.encode())
    lines = patch(before, after)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn"],
        cwd=tmp_path,
        input="".join(f"{line}\n" for line in lines).encode(),
        check=True,
    )
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes().decode() for path in tmp_path.rglob("*.yaml")}
    assert found == after
