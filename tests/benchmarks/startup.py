"""What a short run costs, against Python alone: ``python tests/benchmarks/startup.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from measure import CONVERT, measure

EXAMPLE = Path(__file__).resolve().parents[2] / "golden" / "first-example" / "input" / "ingress.yaml"
IN_PROCESS = f"""
import sys, time
from click.testing import CliRunner
from converter.cli import group
def run(): CliRunner().invoke(group, ["convert", "-q", {str(EXAMPLE)!r}])
run()
start = time.perf_counter()
run()
print(time.perf_counter() - start)
"""


def main() -> None:
    import subprocess

    python = [sys.executable, "-c"]
    figures = measure(
        {
            "Python itself": [*python, "pass"],
            "Python with click and yaml": [*python, "import click, yaml"],
            "`--version`": [sys.executable, "-m", "converter", "--version"],
            "`convert` with one Ingress": [*CONVERT, str(EXAMPLE)],
        },
        rounds=15,
    )
    base = figures["Python itself"].seconds
    whole = figures["`convert` with one Ingress"].seconds
    again = float(subprocess.run([*python, IN_PROCESS], capture_output=True, check=True, text=True).stdout)
    print("| run | time, Python itself = 1 |\n|---|---|")
    for name, found in figures.items():
        print(f"| {name} | {found.seconds / base:.1f} |")
    print(f"\nOnce everything is loaded, the same conversion takes {100 * again / whole:.0f} % of the whole run.")


if __name__ == "__main__":
    main()
