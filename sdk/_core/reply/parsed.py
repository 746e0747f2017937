"""The response of a call that asks for a value of a type: the value, and the reply that it was read from."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from attrs import field, frozen

from ..public import expose
from .response import APIResponse

T = TypeVar("T")
R = TypeVar("R")


@frozen(slots=False)
class ParsedResponse(APIResponse[T], Generic[T, R]):
    """A detailed response: `parsed` is the value of your type, `reply` the typed reply with its usage and ids."""

    reply: R = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        made, values = super().__reduce__()
        return made, (*values, self.reply)


expose(globals(), "response", "ParsedResponse")
