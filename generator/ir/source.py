"""One operation of the document, with its name in the SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen


@frozen(eq=False)
class OperationSource:
    """The input of the builders of an operation.

    `raw` includes the summary and the description of the path. `path` may end with a query, and with a fragment, by
    which some documents define several operations for one path and method.
    """

    name: str
    method: str
    path: str
    item: Mapping[str, Any]
    raw: Mapping[str, Any]
    pointer: str

    @property
    def title(self) -> str:
        """Method and path, for the report."""
        return f"{self.method} {self.path}"

    @property
    def owner(self) -> str:
        """The prefix of the names of its inline types."""
        return str(self.raw.get("operationId") or self.name)
