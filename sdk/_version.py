"""The version, here and nowhere else: the build reads it, the user agent sends it."""

__version__ = "0.1.0"
