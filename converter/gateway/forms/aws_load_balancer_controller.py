"""The forms of what the AWS Load Balancer Controller adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms.words import NETWORK, Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.gateway.forms.words import Fields

GROUPS = ("gateway.k8s.aws",)
_LOGIN: Fields = {
    "onUnauthenticatedRequest": str,
    "authorizationEndpoint": str,
    "userPoolDomain": str,
    "issuer": str,
}
_ACTION = Typed(
    {
        "type!": str,
        "fixedResponseConfig": {"statusCode!": int},
        "redirectConfig": {"query": str},
        **dict.fromkeys(("authenticateOIDCConfig", "authenticateCognitoConfig", "jwtValidationConfig"), _LOGIN),
    },
    {"fixed-response": "fixedResponseConfig"},
)
_CONDITION: Fields = {"field!": str, "matchIndexes": [int], "sourceIPConfig!": {"values!": [NETWORK]}}
FORMS: Mapping[str, Any] = {
    "ListenerRuleConfiguration": {"conditions": [_CONDITION], "actions": [_ACTION], "tags": object},
}
