"""What snippets say for some requests only, and answers without a backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import Conditional, FixedAnswer, Redirect, ResponseHeaders
from converter.verify.proxies.nginx.redirects import redirect_line
from converter.verify.proxies.nginx.words import Lines, block, joined, mapping, quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.routing import Condition, Location

_VARIABLES = {"header": "http_", "query": "arg_", "method": "request_method", "host": "host"}


def answer_lines(location: Location) -> Iterator[str]:
    """In their order: the first that a request meets ends the turn of the rewrite module."""
    for behaviour in location.behaviours:
        if isinstance(behaviour, Conditional) and behaviour.answer:
            yield from block(f"if ({_words(behaviour.condition)})", (_answer(behaviour.answer),))
        elif isinstance(behaviour, Redirect | FixedAnswer):
            yield _answer(behaviour)


def _answer(answer: Redirect | FixedAnswer) -> str:
    if isinstance(answer, Redirect):
        return redirect_line(answer)
    return f"return {answer.status} {text(answer.body)};" if answer.body else f"return {answer.status};"


def _words(condition: Condition) -> str:
    variable = f"${_VARIABLES[condition.subject]}{condition.name.lower().replace('-', '_')}"
    if not condition.pattern and not condition.value:
        return f'{variable} {"=" if condition.negated else "!="} ""'
    sign = ("~*" if condition.ignores_case else "~") if condition.pattern else "="
    return f"{variable} {'!' if condition.negated else ''}{sign} {quoted(condition.value)}"


def header_lines(location: Location, name: str) -> Lines:
    """Of several that a request meets the last counts, as it does for blocks of nginx's ``if``."""
    conditional = [each for each in location.behaviours if isinstance(each, Conditional) and not each.answer]
    if not conditional:
        return Lines()
    met = f"met_{name}"
    lines = [f'set ${met} "";']
    for number, each in enumerate(conditional):
        lines.extend(block(f"if ({_words(each.condition)})", (f'set ${met} "{number}";',)))
    return joined([Lines(location=tuple(lines)), *_headers(conditional, met)])


def _headers(conditional: Sequence[Conditional], met: str) -> Iterator[Lines]:
    """A header that nobody asked for is that of the backend."""
    found: dict[str, list[tuple[str, str]]] = {}
    for number, each in enumerate(conditional):
        for behaviour in each.then:
            if isinstance(behaviour, ResponseHeaders):
                pairs = (*behaviour.values, *((removed, "") for removed in behaviour.removed))
                for name, value in pairs:
                    found.setdefault(name.lower(), []).append((quoted(str(number)), text(value)))
    for index, (name, values) in enumerate(found.items()):
        said = f"{met}_{index}"
        pairs = (*values, ("default", f"$upstream_http_{name.replace('-', '_')}"))
        own = (f"proxy_hide_header {quoted(name)};", f"add_header {quoted(name)} ${said} always;")
        yield Lines(http=mapping(f"${met}", said, pairs), location=own)
