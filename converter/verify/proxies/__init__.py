"""Real proxies on this machine, set up from either side of a migration."""
