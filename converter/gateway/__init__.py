"""The Gateway API itself: what an object looks like, what a release allows, and how objects belong together."""
