from __future__ import annotations

import re

from report.probed import REPORT, SAME, row

from converter.report.probe_markdown import probe_markdown
from converter.report.probe_model import ProbeReport
from converter.verify.live.compared import Compared


def test_something_of_everything() -> None:
    text = re.sub("(<li>|<p>|<ul>)", r"\n\1", probe_markdown(REPORT))
    assert (
        text
        == """\
## Two addresses asked the same

13 probes on 4 hosts: 3 same, 5 announced, 3 not announced, 1 unsteady, 1 no answer.

- old: <code>192.0.2.1 (lb.example.com), http on port 80, https on port 443</code>
- new: <code>198.51.100.7, http on port 80, https on port 443</code>

| host | asked | same | announced | not announced | unsteady | no answer |
| --- | --: | --: | --: | --: | --: | --: |
| <code>blog.example.com</code> | 2 | 0 | 0 | 0 | 1 | 1 |
| <code>shop.example.com</code> | 9 | 1 | 5 | 3 | 0 | 0 |

### Not announced: the conversion says nothing of these differences

<details><summary>status: 200 → 404 (3 probes)</summary>
<ul>
<li><code>GET http://shop.example.com/a</code> the path itself</li>
<li><code>GET http://shop.example.com/a/ with X-Canary: always</code> /a with a slash at the end</li>
<li><code>GET https://shop.example.com/b</code> the path itself</li></ul></details>
<details><summary>redirect: none → /&lt;b&gt;&#124;&#42; (1 probe)</summary>
<ul>
<li><code>GET https://shop.example.com/b</code> the path itself</li></ul></details>

### Unsteady: a side gave another answer when it was asked again

<details><summary>backend: web → api (1 probe)</summary>
<ul>
<li><code>GET http://blog.example.com/c</code> the path itself</li></ul></details>

### Announced: the report of the conversion says so

<details><summary>strict-transport-security: max-age=1 → none &#91;hsts&#93; (5 probes)</summary>
<ul>
<li><code>GET https://shop.example.com/0</code> the path itself</li>
<li><code>GET https://shop.example.com/1</code> the path itself</li>
<li><code>GET https://shop.example.com/2</code> the path itself</li>
<li><code>GET https://shop.example.com/3</code> the path itself</li>
<li><code>GET https://shop.example.com/4</code> the path itself</li></ul></details>

### No answer from either side

<details><summary>old: no answer in time; new: connection reset (1 probe)</summary>
<p>→ The proxy or its backend is slow or stuck; --timeout waits longer.</p>
<ul>
<li><code>GET http://blog.example.com/d</code> the path itself</li></ul></details>

### The same on both sides, but not well

<details><summary>both sides: 503 (1 probe)</summary>
<ul>
<li><code>GET http://api.example.com/e</code> the path itself</li></ul></details>

- Not sent: 3 probes that might change something; --allow-unsafe sends them.
- Certificates were not checked.
"""
    )


def test_nothing_differs() -> None:
    assert (
        probe_markdown(SAME)
        == """\
## Two addresses asked the same

2 probes on 2 hosts: 2 same.

- old: <code>192.0.2.1</code>
- new: <code>198.51.100.7</code>
"""
    )


def test_nothing_that_a_server_says_is_markdown_or_html() -> None:
    evil = row("unannounced", "/", Compared("location", "</details><script>", "[a](b)`|"))
    text = probe_markdown(ProbeReport("1", "a", "b", (evil,)))

    assert "<script>" not in text
    assert "&lt;/details&gt;&lt;script&gt; → &#91;a&#93;(b)&#96;&#124;" in text


def test_what_is_too_long_for_a_comment_is_counted() -> None:
    rows = [row("unannounced", f"/{n}", Compared("location", f"/{n}/{'x' * 90}", "")) for n in range(400)]
    text = probe_markdown(ProbeReport("1", "a", "b", tuple(rows)))

    assert len(text) < 65_536
    assert " more differences; the JSON report has them all.\n" in text
