"""The object that a Gateway names for what else its implementation is to know: one for each, beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.gateway import objects
from converter.gateway.policies import merged
from converter.gateway.releases import KindForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.gateway.drafts import GatewayParameters
    from converter.gateway.listeners import Holder
    from converter.gateway.names import Names
    from converter.gateway.objects import Json
    from converter.ledger import Settlement


def parameters_of(
    holder: Holder, wanted: Sequence[GatewayParameters], names: Names
) -> tuple[Json, Json, list[Settlement]]:
    """``spec.infrastructure`` of the Gateway, the object that it names, and what that settles.

    Raises:

        ValueError: They want different values in one field; whoever made them has to say them in one.
    """
    form, namespace, spec = KindForm(wanted[0].kind, wanted[0].api_version), holder.namespace, dict(wanted[0].spec)
    for parameters in wanted[1:]:
        spec = merged(spec, parameters.spec)
    name = names.take(form.kind, namespace, holder.name, repr(holder.identity))
    meta = objects.metadata(namespace, name)
    settled = [note.settle(form.kind, namespace, name, "") for parameters in wanted for note in parameters.notes]
    reference = {"parametersRef": {"group": form.group, "kind": form.kind, "name": name}}
    return reference, {"apiVersion": form.api_version, "kind": form.kind, "metadata": meta, "spec": spec}, settled
