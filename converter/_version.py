"""The version, in a module of its own: reading it must not import the package."""

__version__ = "0.1.0"
