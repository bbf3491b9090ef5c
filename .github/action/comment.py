"""A step of the action: put the report on the pull request, in one comment that every run brings up to date.

A token that may not write, as that of a pull request from a fork, fails nothing: the job summary has the report too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

LONGEST = 65_536
"""What GitHub takes for a comment."""


class RefusedError(Exception):
    """GitHub did not do what was asked."""


def main() -> None:
    marker = f"<!-- ingress-migrate: {re.sub(r'[^A-Za-z0-9._]+', '-', os.environ['INPUT_NAME'])} -->"
    body = f"{marker}\n{Path(os.environ['REPORT']).read_text('utf-8')}"[:LONGEST]
    repository, number = os.environ["GITHUB_REPOSITORY"], os.environ["PULL_REQUEST"]
    try:
        comment = _ours(f"repos/{repository}/issues/{number}/comments?per_page=100", marker)
        if comment:
            _send("PATCH", f"repos/{repository}/issues/comments/{comment}", body)
        else:
            _send("POST", f"repos/{repository}/issues/{number}/comments", body)
    except RefusedError as refusal:
        _tell(str(refusal))


def _ours(address: str, marker: str) -> int | None:
    """The number of the comment of an earlier run; anybody can write the marker, so the author counts too."""
    try:
        myself = _gh("user", "--jq", ".login").strip()
    except RefusedError:
        # The token of a workflow belongs to no user.
        myself = ""
    for line in _gh("--paginate", address, "--jq", ".[]").splitlines():
        comment = json.loads(line)
        author = comment["user"] or {}
        mine = author.get("login") == myself if myself else author.get("type") == "Bot"
        if mine and comment["body"].partition("\n")[0].rstrip() == marker:
            return int(comment["id"])
    return None


def _send(method: str, address: str, body: str) -> None:
    _gh("--method", method, address, "--input", "-", "--silent", stdin=json.dumps({"body": body}))


def _gh(*arguments: str, stdin: str = "") -> str:
    environment = {**os.environ, "GH_HOST": urlsplit(os.environ["GITHUB_SERVER_URL"]).netloc, "GH_PROMPT_DISABLED": "1"}
    try:
        result = subprocess.run(
            ["gh", "api", *arguments],
            input=stdin,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        raise RefusedError("The runner has no program gh.") from None
    if result.returncode:
        raise RefusedError(result.stderr.strip())
    return result.stdout


def _tell(reason: str) -> None:
    text = "The report is not on the pull request, but in the summary of this job."
    word = f"{text} {reason}".replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::notice title=ingress-migrate::{word}")
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as summary:
        summary.write(f"\n{text} The token may need `pull-requests: write`; that of a fork cannot have it.\n")


if __name__ == "__main__":
    main()
