"""The requests at which the two sides of a migration could differ, each with its reason."""

from converter.verify.probes.model import Probe

__all__ = ["Probe"]
