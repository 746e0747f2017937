"""Errors of bulk work: of its source, of its target."""

from __future__ import annotations

from ..._core.errors import SDKError
from ..._core.public import expose


class BulkError(SDKError):
    """Bulk work that cannot begin or continue. What is in the target stays, and the same call continues from there."""


class SourceError(BulkError, ValueError):
    """A source that cannot be read, or a line of it that is not a request; the message has its place."""


class TargetError(BulkError):
    """A target that cannot be written, that another process writes, or that is another file."""


class UnreachableError(BulkError):
    """No server answers: too many lines in a row got no response, so the rest was not sent. `__cause__` is the last."""


expose(globals(), "bulk", "BulkError", "SourceError", "TargetError", "UnreachableError")
