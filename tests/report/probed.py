"""A report about probes with something of everything."""

from __future__ import annotations

from converter.report.probe_model import ProbeReport
from converter.verify.live.compared import CheckedProbe, Compared, Fault, Outcome
from converter.verify.live.selection import LeftOut
from converter.verify.messages import Request
from converter.verify.probes import Probe


def row(
    outcome: Outcome,
    target: str = "/",
    *differences: Compared,
    host: str = "shop.example.com",
    reason: str = "the path itself",
    faults: tuple[Fault, ...] = (),
    **fields: object,
) -> CheckedProbe:
    return CheckedProbe(Probe(Request(host, target, **fields), reason), outcome, differences, faults)


MISSING = Compared("status", "200", "404")
HSTS = Compared("response-headers", "strict-transport-security: max-age=1", "no strict-transport-security", ("hsts",))
BOTH_503 = (Fault("old", "503"), Fault("new", "503"))
SLOW = (Fault("old", "no answer in time"), Fault("new", "connection reset"))
CANARY = (("X-Canary", "always"),)

REPORT = ProbeReport(
    tool_version="1.2.3",
    old="192.0.2.1 (lb.example.com), http on port 80, https on port 443",
    new="198.51.100.7, http on port 80, https on port 443",
    rows=(
        row("same"),
        row("unannounced", "/a", MISSING),
        row("unannounced", "/a/", MISSING, reason="/a with a slash at the end", headers=CANARY),
        row("unannounced", "/b", MISSING, Compared("location", "", "/<b>|*"), scheme="https"),
        *(row("announced", f"/{number}", HSTS, scheme="https") for number in range(5)),
        row("unsteady", "/c", Compared("backend", "web", "api"), host="blog.example.com"),
        row("fault", "/d", host="blog.example.com", faults=SLOW),
        row("same", "/e", host="api.example.com", faults=BOTH_503),
        row("same", "/", host="quiet.example.com"),
    ),
    left_out=(LeftOut(3, "that might change something; --allow-unsafe sends them"),),
    notes=("Certificates were not checked.",),
)
SAME = ProbeReport("1.2.3", "192.0.2.1", "198.51.100.7", (row("same"), row("same", host="blog.example.com")))
NOTHING = ProbeReport("1.2.3", "192.0.2.1", "198.51.100.7", ())
