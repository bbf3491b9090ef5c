"""How time and memory grow with the number of Ingresses: ``python tests/benchmarks/scale.py``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from measure import CONVERT, measure

COUNTS = (1, 100, 1_000, 10_000)
PER_FILE = 50
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app-{number}
  namespace: team-{team}
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
    nginx.ingress.kubernetes.io/limit-rps: "20"
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
spec:
  ingressClassName: nginx
  tls:
    - hosts: [app-{number}.example.com]
      secretName: app-{number}-tls
  rules:
    - host: app-{number}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {{ service: {{ name: web, port: {{ number: 80 }} }} }}
          - path: /api
            pathType: Prefix
            backend: {{ service: {{ name: api, port: {{ number: 8080 }} }} }}
"""


def write(directory: Path, count: int) -> None:
    """As a repository would have them: many files of many documents, in twenty namespaces."""
    directory.mkdir()
    for first in range(0, count, PER_FILE):
        numbers = range(first, min(first + PER_FILE, count))
        documents = [INGRESS.format(number=number, team=number % 20) for number in numbers]
        (directory / f"{first:05}.yaml").write_text("---\n".join(documents))


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        commands = {}
        for count in COUNTS:
            folder = Path(temporary) / str(count)
            write(folder, count)
            report = str(Path(temporary) / "report.json")
            commands[str(count)] = [*CONVERT, "--target", "envoy-gateway", "--report", report, str(folder)]
        figures = measure(commands, rounds=3)
    one, thousand = figures["1"], figures["1000"]
    print("| Ingresses | time, one Ingress = 1 | time for each further one, at 1,000 = 1 | memory, one Ingress = 1 |")
    print("|---|---|---|---|")
    for count in COUNTS:
        found = figures[str(count)]
        each = (found.seconds - one.seconds) / max(1, count - 1)
        at_thousand = (thousand.seconds - one.seconds) / 999
        further = f"{each / at_thousand:.2f}" if count > 1 else ""
        print(f"| {count:,} | {found.seconds / one.seconds:.1f} | {further} | {found.megabytes / one.megabytes:.1f} |")
    print(f"\n10,000 took {figures['10000'].seconds:.1f} s and {figures['10000'].megabytes:.0f} MB on this machine.")


if __name__ == "__main__":
    main()
