"""What Kong does with its plugins, and with routes that take https alone."""
