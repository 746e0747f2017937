"""Structured output: ask for an answer of a type, and read it. Decided once for all forms of `parse`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..client.base import client_of
from ..errors import APIResponseError, RefusalError, RequestError
from ..errors.attempt import RequestInfo
from ..model import text_at
from ..reply.response import APIResponse
from ..unset import UNSET
from .schema import Misfit, Shape

if TYPE_CHECKING:
    from ..request.data import Request

Wire = dict[str, Any]
Path = tuple[Any, ...]


class Dialect(NamedTuple):
    """Where an API takes the schema, and where its answer, a refusal, and the reason of a cut stand."""

    nested: bool  # whether name, schema and strict stand one level deeper
    text: Path
    refusal: Path
    ends: Path
    whole: Callable[[str], bool]  # whether what `ends` says means an answer that is complete
    reasons: tuple[Path, ...]


# Servers have words of their own for an answer that has come to its end: eos_token, STOP, end_turn, ...
_CUTS = frozenset({"length", "max_tokens", "model_length", "content_filter"})
_OUTPUT: Path = ("output", {"type": "message"}, "content")
#: By the path of the argument, which the generator takes over from the overlay (x-sdk-structured).
DIALECTS = {
    "response_format": Dialect(
        True,
        ("choices", 0, "message", "content"),
        ("choices", 0, "message", "refusal"),
        ("choices", 0, "finish_reason"),
        lambda reason: reason.lower() not in _CUTS,
        (),
    ),
    "text.format": Dialect(
        False,
        (*_OUTPUT, {"type": "output_text"}, "text"),
        (*_OUTPUT, {"type": "refusal"}, "refusal"),
        ("status",),
        lambda status: status in ("", "completed"),
        (("incomplete_details", "reason"), ("error", "message")),
    ),
}
_shapes: dict[Any, Shape] = {}


def shape_of(kind: Any) -> Shape:
    """Return the shape of a type; each is worked out once."""
    try:
        found = _shapes.get(kind)
        if found is None:
            found = _shapes[kind] = Shape(kind)
    except TypeError:  # not hashable
        return Shape(kind)
    return found


class Asked:
    """A request for an answer of a type."""

    def __init__(self, kind: Any, request: Request[Any, Any]) -> None:
        """Put the type's schema into a request. Raises: RequestError if there is one already."""
        self._shape, self.request = shape_of(kind), request
        place = request.settings.structured
        self._dialect = DIALECTS[place]
        body: Wire = dict(request.body)
        holder, _, key = place.rpartition(".")
        inner = body
        if holder:
            given = body.get(holder)
            inner = body[holder] = dict(given) if isinstance(given, Mapping) else {}
        if inner.get(key, UNSET) is not UNSET:
            raise RequestError(f"{request.settings.name}: parse() writes {place} itself; leave it out, or use sync()")
        about = {"name": self._shape.name, "schema": self._shape.schema, "strict": self._shape.strict}
        inner[key] = {"type": "json_schema", **({"json_schema": about} if self._dialect.nested else about)}
        request.body = body

    def detailed(self, response: APIResponse[Any]) -> APIResponse[Any]:
        """Return a response with the value in place of the typed reply."""
        client = client_of(self.request.options, self.request.settings.root)
        details = {
            "request": RequestInfo(self.request.method, client._url(self.request)),
            "attempts": response.attempts,
            "request_id": response.request_id,
            "status_code": response.status_code,
            "request_sent": True,
        }
        value = self.value(response.parsed, details)
        return APIResponse(
            response.status_code, response.headers, response.content, value, response.request_id, response.attempts,
            response.elapsed, response.request,
        )  # fmt: skip

    def value(self, reply: Any, details: dict[str, Any]) -> Any:
        """Return the value that a reply holds.

        Raises: RefusalError; APIResponseError for an answer that was cut, or that is no value of the type.
        """
        dialect = self._dialect
        refusal = text_at(reply, *dialect.refusal)
        if refusal:
            error = RefusalError(f"the model refused: {refusal}")
            error.refusal, error.reply = refusal, reply
            raise error
        text, end = text_at(reply, *dialect.text), text_at(reply, *dialect.ends)
        if not dialect.whole(end):
            why = next(filter(None, (text_at(reply, *path) for path in dialect.reasons)), "")
            told = f"the answer was cut: {dialect.ends[-1]} is {end}{f', because of {why}' if why else ''}"
            raise APIResponseError(told, code=why or end, body=text, **details)
        if not text:
            raise APIResponseError("the reply holds no text to read: did the model ask for a tool?", **details)
        try:
            return self._shape.read(text)
        except Misfit as error:
            raise APIResponseError(f"the answer is no {self._shape.name}: {error}", body=text, **details) from error
