"""One operation as the document writes it, under the name that it gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen


@frozen(eq=False)
class OperationSource:
    """What the builders of an operation read.

    `raw` has the summary and the description of its path, too; `path` may end with a query, and with a fragment that
    tells two uses of a path apart.
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
