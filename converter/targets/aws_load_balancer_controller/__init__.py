"""AWS Load Balancer Controller, for Application Load Balancers: what its own kinds say of rules and Services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import standard
from converter.targets.aws_load_balancer_controller import access, answers, backends, canary
from converter.targets.aws_load_balancer_controller.access import by_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.targets.carry import Carrier

__all__ = ["CARRIERS", "by_address"]

CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.Refusal: answers.refusal,
    routing.FixedAnswer: answers.fixed_answer,
    routing.Redirect: answers.redirect,
    routing.Split: canary.split,
    routing.Affinity: backends.affinity,
    routing.BackendProtocol: backends.backend_protocol,
}
