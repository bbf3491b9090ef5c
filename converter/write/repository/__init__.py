"""A repository changed in place: what stands in it stays, and what a run makes stands beside its source."""
