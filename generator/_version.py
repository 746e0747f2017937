"""The version of the generator, and of the runtime that it copies: the SDK's (tests compare them)."""

__version__ = "0.1.0"
