"""nginx as ingress-nginx would set it up for a routing table.

Whatever nginx does by itself is left to its own directives: the choice of server and location, normal forms of paths,
slashes, rewrites, passwords, certificates, sizes. A rendering that computed any of it would only repeat what
:mod:`converter.verify.source` predicts, and show nothing.
"""

from converter.verify.proxies.nginx.headers import response_names
from converter.verify.proxies.nginx.proxy import HOW_TO_INSTALL, Proxy, find_nginx, serving
from converter.verify.proxies.nginx.shown import left_out

__all__ = ["HOW_TO_INSTALL", "Proxy", "find_nginx", "left_out", "response_names", "serving"]
