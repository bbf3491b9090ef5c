"""Answers in place of others: ``envoy.filters.http.custom_response``.

Envoy Gateway: ``BackendTrafficPolicy.spec.responseOverride``, after ``internal/xds/translator/custom_response.go``.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from converter.verify.proxies.envoy.extension import ENVOY, extension

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]
_NAME = "envoy.filters.http.custom_response"
_STATUS = "HttpResponseStatusCodeMatchInput"
_LOCAL = "HttpResponseLocalReplyMatchInput"


def is_shown(overrides: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all are for statuses that are named, and say what the answer is."""
    return all(
        "response" in each and all("value" in code for code in each["match"]["statusCodes"]) for each in overrides
    )


def override(overrides: Sequence[Mapping[str, Any]]) -> Json:
    """The filter, which is disabled; the first override that fits is taken."""
    matchers = [
        {"predicate": _predicate(each), "on_match": {"action": _response(each["response"])}} for each in overrides
    ]
    told = json.dumps(overrides, sort_keys=True)
    return {
        **extension(
            f"{_NAME}/{sha256(told.encode()).hexdigest()[:12]}",
            f"{ENVOY}.extensions.filters.http.custom_response.v3.CustomResponse",
            custom_response_matcher={"matcher_list": {"matchers": matchers}},
        ),
        "disabled": True,
    }


def _predicate(override: Mapping[str, Any]) -> Json:
    codes = [_exactly(_STATUS, str(code["value"])) for code in override["match"]["statusCodes"]]
    found = codes[0] if len(codes) == 1 else {"or_matcher": {"predicate": codes}}
    source = override.get("source", "Any")
    if source == "Any":
        return found
    return {"and_matcher": {"predicate": [found, _exactly(_LOCAL, "true" if source == "Local" else "false")]}}


def _exactly(what: str, value: str) -> Json:
    return {
        "single_predicate": {
            "input": extension(what, f"{ENVOY}.type.matcher.v3.{what}"),
            "value_match": {"exact": value},
        }
    }


def _response(response: Mapping[str, Any]) -> Json:
    """Commands in a header are those of Envoy."""
    headers = [
        {"header": {"key": each["name"], "value": each["value"]}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
        for each in response.get("header", {}).get("set", [])
    ]
    return extension(
        "answer",
        f"{ENVOY}.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy",
        **({"status_code": response["statusCode"]} if "statusCode" in response else {}),
        **({"response_headers_to_add": headers} if headers else {}),
    )
