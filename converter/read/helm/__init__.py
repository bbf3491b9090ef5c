"""Helm charts: recognised in a walk, rendered when they are asked for."""
