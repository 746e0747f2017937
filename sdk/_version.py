"""The version of the SDK. The build reads it, and the user agent contains it."""

__version__ = "0.1.0"
