"""The data of bulk work: a row that goes in, and a result that comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from attrs import frozen

from ..._core.errors import Attempt
from ..._core.public import expose
from ..usage import Usage, usage_of

R = TypeVar("R")


@frozen
class Row:
    """One line of a source: its number from 0, its identity, and the arguments of the operation."""

    index: int
    custom_id: str
    input: dict[str, Any]


@frozen(kw_only=True, eq=False)
class Result(Generic[R]):
    """What became of one input: a reply, or the error that its call raised."""

    #: The place of the input, from 0, and the input itself.
    index: int
    input: Mapping[str, Any]
    #: The typed reply, None for a failure. With `parse=`, `value` is the answer as a value of that type.
    reply: R | None = None
    value: Any = None
    error: Exception | None = None
    #: The attempts that failed before the last one.
    attempts: tuple[Attempt, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is a reply."""
        return self.error is None

    @property
    def usage(self) -> Usage | None:
        """What the call used, by its reply; None where the reply does not say."""
        found = wire_usage(self.reply)
        return None if found is None else usage_of(found)


def wire_usage(reply: Any) -> Any:
    """Return the `usage` of a reply as it came from the server; None if there is none."""
    wire = getattr(reply, "_wire", None)
    return wire.get("usage") if isinstance(wire, dict) else None


expose(globals(), "bulk", "Result")
