"""Options from ``.ingress-migrate.yaml`` and from the environment; which there are, the commands themselves say."""
