"""The response of a call that asks for a value of a type: the value, and the reply that it was read from."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from ..public import expose
from .response import APIResponse

T = TypeVar("T")
R = TypeVar("R")


class ParsedResponse(APIResponse[T], Generic[T, R]):
    """A detailed response: `parsed` is the value of your type, `reply` the typed reply with its usage and ids."""

    reply: R

    def __init__(self, *values: Any) -> None:
        """Take the values of an APIResponse in its order, then the reply."""
        *response, reply = values
        super().__init__(*response)
        self.__dict__["reply"] = reply

    def __reduce__(self) -> tuple[Any, ...]:
        made, values = super().__reduce__()
        return made, (*values, self.reply)


expose(globals(), "response", "ParsedResponse")
