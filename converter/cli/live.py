"""A live cluster as a source of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.read import Document, Reading

CLUSTER_OPTIONS = (
    click.option("--cluster", is_flag=True, help="Read a live cluster as well; nothing in it is changed."),
    click.option("--context", metavar="NAME", default="", help="Of the kubeconfig.  [default: the current one]"),
    click.option("-A", "--all-namespaces", "everywhere", is_flag=True, help="Read the Ingresses of the whole cluster."),
)


def check(options: Mapping[str, Any]) -> None:
    """Refuse options that do not fit together."""
    if options["everywhere"] and options["namespace"]:
        message = "-A reads all namespaces and -n one of them; choose one of the two."
        raise click.UsageError(message)
    for name, given in (("--context", options["context"]), ("-A", options["everywhere"])):
        if given and not options["cluster"]:
            message = f"{name} is about a cluster; add --cluster to read one."
            raise click.UsageError(message)
    if options["cluster"] and options.get("in_place"):
        message = "Objects of a cluster have no file to stand beside; choose one of --cluster and --in-place."
        raise click.UsageError(message)


def read_live(options: Mapping[str, Any]) -> Reading:
    """What the options say, from the cluster that they name."""
    from converter.controllers.ingress_nginx.discovery import USUAL_NAMESPACE
    from converter.read.cluster import Scope, read_cluster

    controllers = "" if options["controller_values"] else USUAL_NAMESPACE
    scope = Scope(options["context"], options["namespace"], options["everywhere"], controllers)
    try:
        return read_cluster(scope, lambda workloads: _config_maps(workloads, options))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("kubernetes", "urllib3"):
            raise
        message = "Reading a cluster needs one more package; install it with pip install 'ingress-migrate[cluster]'."
        raise click.UsageError(message) from None


def _config_maps(controllers: Sequence[Document] | None, options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Those that a conversion needs: ports serve all namespaces, so they are read only with all of them."""
    from converter.controllers.ingress_nginx.discovery import option_config_maps, port_config_maps
    from converter.inventory import take_stock

    workloads = None if controllers is None else take_stock(controllers)[0].workloads
    ports = port_config_maps(workloads or ()) if options["everywhere"] else ()
    named = options["controller_config"]
    return [*([named] if named[1] else []), *option_config_maps(workloads), *ports]
