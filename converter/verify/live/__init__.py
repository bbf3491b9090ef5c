"""Requests that are really sent."""
