"""The kinds that are read, and where an API server has them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resource:
    kind: str
    plural: str
    versions: tuple[str, ...]
    """The apiVersions it may be served as, the best first; an old cluster has only the later ones."""
    loss: str
    """What cannot be known without it, as the end of a sentence."""
    namespaced: bool = True

    @property
    def group(self) -> str:
        """Empty for the core group."""
        return self.versions[0].rpartition("/")[0]

    @property
    def full_name(self) -> str:
        """As kubectl takes it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


INGRESSES = Resource(
    "Ingress",
    "ingresses",
    ("networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"),
    "there is nothing to convert",
)
INGRESS_CLASSES = Resource(
    "IngressClass",
    "ingressclasses",
    ("networking.k8s.io/v1", "networking.k8s.io/v1beta1"),
    "only the class nginx is taken to be served",
    namespaced=False,
)
SERVICES = Resource("Service", "services", ("v1",), "ports that have a name cannot be resolved")
WORKLOADS = tuple(
    Resource(kind, plural, ("apps/v1",), "the version and the flags of the controller may not be known")
    for kind, plural in (("Deployment", "deployments"), ("DaemonSet", "daemonsets"))
)
CONFIG_MAPS = Resource("ConfigMap", "configmaps", ("v1",), "the options of the controller are not known")
SECRETS = Resource("Secret", "secrets", ("v1",), "whether the Secrets of TLS exist was not checked")


def path(resource: Resource, version: str, namespace: str, name: str = "") -> str:
    """Of the URL; an empty namespace stands for all of them."""
    root = "apis" if "/" in version else "api"
    inside = f"/namespaces/{namespace}" if namespace and resource.namespaced else ""
    return f"/{root}/{version}{inside}/{resource.plural}" + (f"/{name}" if name else "")
