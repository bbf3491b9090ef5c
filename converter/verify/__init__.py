"""Requests: what either side answers, predicted without a proxy."""
