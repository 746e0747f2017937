"""A typed SDK for every server that speaks the OpenAI HTTP API."""

from ._version import __version__

__all__ = ["__version__"]
