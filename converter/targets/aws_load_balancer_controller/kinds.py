"""The kind of object that says of one rule what the Gateway API cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import Extension

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.drafts import Note

API_VERSION = "gateway.k8s.aws/v1"


def rule_configuration(word: str, spec: Mapping[str, Any], notes: tuple[Note, ...] = ()) -> Extension:
    """``ListenerRuleConfiguration``: the controller looks at no more than one for a rule."""
    return Extension("ListenerRuleConfiguration", API_VERSION, "filter", word, spec, notes, once="rule")
