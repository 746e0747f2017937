"""Structured output: request an answer of a type, and decode it. All forms of `parse` share this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..client.default import client_of
from ..errors import APIResponseError, RefusalError, RequestError
from ..errors.attempt import RequestInfo
from ..errors.redact import redact
from ..errors.variables import hide_variables
from ..lazy import resolve
from ..model import text_at
from ..reply.parsed import ParsedResponse
from ..reply.response import APIResponse
from ..unset import UNSET
from .schema import DoesNotFit, OutputType

if TYPE_CHECKING:
    from ..request.data import RequestData

Wire = dict[str, Any]
Path = tuple[Any, ...]


class AnswerLayout(NamedTuple):
    """The places of an API for the schema, the answer, a refusal, and the reason for a truncated answer."""

    nested: bool  # whether name, schema and strict are one level deeper
    texts: Callable[[Any], list[str]]  # the texts that may be the answer, the most likely one first
    refusal: Path
    stop_reason: Path
    is_complete: Callable[[str], bool]  # whether a stop reason means that the answer is complete
    causes: tuple[Path, ...]


_output_types: dict[Any, OutputType] = {}


def output_type_of(kind: Any) -> OutputType:
    """Return the output type of a Python type; each is described once."""
    try:
        found = _output_types.get(kind)
        if found is None:
            found = _output_types[kind] = OutputType(kind)
    except TypeError:  # not hashable
        return OutputType(kind)
    return found


class ParseRequest:
    """A request whose answer is a value of a type."""

    def __init__(self, kind: Any, request: RequestData[Any, Any]) -> None:
        """Add the type's schema to a request. Raises: RequestError if the request has a schema."""
        self._type, self.request = output_type_of(kind), request
        place = request.spec.structured
        self.client = client_of(request.options, request.spec.root)
        self._layout: AnswerLayout = resolve(self.client._context.service.answer_layouts)[place]
        body: Wire = dict(request.body)
        holder, _, key = place.rpartition(".")
        inner = body
        if holder:
            given = body.get(holder)
            inner = body[holder] = dict(given) if isinstance(given, Mapping) else {}
        if inner.get(key, UNSET) is not UNSET:
            raise RequestError(f"{request.spec.name}: parse() writes {place} itself; leave it out, or use sync()")
        schema = {"name": self._type.name, "schema": self._type.schema, "strict": self._type.strict}
        inner[key] = {"type": "json_schema", **({"json_schema": schema} if self._layout.nested else schema)}
        request.body = body

    def detailed(self, response: APIResponse[Any]) -> ParsedResponse[Any, Any]:
        """Return the response with the value, which is `parsed`, beside the typed reply."""
        details = {
            "request": RequestInfo(self.request.method, self.client._context.url(self.request)),
            "attempts": response.attempts,
            "request_id": response.request_id,
            "status_code": response.status_code,
            "request_sent": True,
        }
        try:
            value = self.value(response.parsed, details)
        except APIResponseError as error:
            redact(error, self.client._context.secrets(self.request))
            hide_variables(error)
            raise
        return ParsedResponse(
            response.status_code, response.headers, response.content, value, response.request_id, response.attempts,
            response.elapsed, response.request, response.parsed,
        )  # fmt: skip

    def value(self, reply: Any, details: dict[str, Any]) -> Any:
        """Return the value in a reply.

        Raises: RefusalError; APIResponseError for an answer that was cut off, or that is not a value of the type.
        """
        layout = self._layout
        refusal = text_at(reply, *layout.refusal)
        if refusal:
            error = RefusalError(f"the model refused: {refusal}")
            error.refusal, error.reply = refusal, reply
            raise error
        texts, reason = list(filter(None, layout.texts(reply))), text_at(reply, *layout.stop_reason)
        if not layout.is_complete(reason):
            cause = next(filter(None, (text_at(reply, *path) for path in layout.causes)), "")
            because = f", because of {cause}" if cause else ""
            problem = f"the answer was cut: {layout.stop_reason[-1]} is {reason}{because}"
            raise APIResponseError(problem, code=cause or reason, body=next(iter(texts), ""), **details)
        if not texts:
            raise APIResponseError("the reply contains no text: did the model call a tool?", **details)
        misfit: DoesNotFit | None = None
        for text in texts:
            try:
                return self._type.read(text)
            except DoesNotFit as error:
                misfit = misfit or error
        problem = f"the answer is not of type {self._type.name}: {misfit}"
        raise APIResponseError(problem, body=texts[0], **details) from misfit
