"""``--mappings FILE``: rows of the user's own for the tables, checked as strictly as ours."""
