"""Structured output: ask for an answer of a type, and read it. Decided once for all forms of `parse`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..client.default import client_of
from ..errors import APIResponseError, RefusalError, RequestError
from ..errors.attempt import RequestInfo
from ..lazy import resolve
from ..model import text_at
from ..reply.response import APIResponse
from ..unset import UNSET
from .schema import DoesNotFit, OutputType

if TYPE_CHECKING:
    from ..request.data import RequestData

Wire = dict[str, Any]
Path = tuple[Any, ...]


class AnswerLayout(NamedTuple):
    """Where an API takes the schema, and where its answer, a refusal, and the reason of a cut stand."""

    nested: bool  # whether name, schema and strict stand one level deeper
    texts: Callable[[Any], list[str]]  # what may be the answer, the most likely text first
    refusal: Path
    ends: Path
    whole: Callable[[str], bool]  # whether what `ends` says means an answer that is complete
    reasons: tuple[Path, ...]


_output_types: dict[Any, OutputType] = {}


def output_type_of(kind: Any) -> OutputType:
    """Return what is known of a type; each is described once."""
    try:
        found = _output_types.get(kind)
        if found is None:
            found = _output_types[kind] = OutputType(kind)
    except TypeError:  # not hashable
        return OutputType(kind)
    return found


class ParseRequest:
    """A request for an answer of a type."""

    def __init__(self, kind: Any, request: RequestData[Any, Any]) -> None:
        """Put the type's schema into a request. Raises: RequestError if there is one already."""
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
        about = {"name": self._type.name, "schema": self._type.schema, "strict": self._type.strict}
        inner[key] = {"type": "json_schema", **({"json_schema": about} if self._layout.nested else about)}
        request.body = body

    def detailed(self, response: APIResponse[Any]) -> APIResponse[Any]:
        """Return a response with the value in place of the typed reply."""
        details = {
            "request": RequestInfo(self.request.method, self.client._context.url(self.request)),
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
        layout = self._layout
        refusal = text_at(reply, *layout.refusal)
        if refusal:
            error = RefusalError(f"the model refused: {refusal}")
            error.refusal, error.reply = refusal, reply
            raise error
        texts, end = list(filter(None, layout.texts(reply))), text_at(reply, *layout.ends)
        if not layout.whole(end):
            why = next(filter(None, (text_at(reply, *path) for path in layout.reasons)), "")
            problem = f"the answer was cut: {layout.ends[-1]} is {end}{f', because of {why}' if why else ''}"
            raise APIResponseError(problem, code=why or end, body=next(iter(texts), ""), **details)
        if not texts:
            raise APIResponseError("the reply holds no text to read: did the model ask for a tool?", **details)
        misfit: DoesNotFit | None = None
        for text in texts:
            try:
                return self._type.read(text)
            except DoesNotFit as error:
                misfit = misfit or error
        raise APIResponseError(f"the answer is no {self._type.name}: {misfit}", body=texts[0], **details) from misfit
