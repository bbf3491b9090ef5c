"""Move Kubernetes traffic configuration from the Ingress API to the Gateway API.

The road is in :mod:`converter.pipeline`; importing this package loads nothing else.
"""

from converter._version import __version__

__all__ = ["__version__"]
