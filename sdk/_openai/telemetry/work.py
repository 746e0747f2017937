"""The spans of work within a session: a run, and each call of a tool."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, Self

from opentelemetry.trace import Status, StatusCode

from ..._core.telemetry.convention import CANCELLED
from ..._core.telemetry.names import ERROR_TYPE, Metric
from ..._core.telemetry.tracer import CallTracer
from ..service import OPENAI
from . import names

Attributes = dict[str, Any]


class WorkSpan:
    """The span of a run or of a tool call: the block of `with` is the work, and `within()` its parts."""

    def __init__(self, tracer: CallTracer, name: str, attributes: Attributes, metric: Metric) -> None:
        self._tracer, self._metric, self._began = tracer, metric, time.monotonic()
        self._span = tracer.begin(OPENAI, name, attributes)
        self._of_metric = {
            key: attributes[key]
            for key in (names.OPERATION_NAME, names.TOOL_NAME, names.TOOL_TYPE)
            if key in attributes
        }
        self._error: str | None = None

    def within(self) -> AbstractContextManager[None]:
        """Return a block whose calls and tools are children of this span."""
        return self._tracer.current(self._span)

    def failed(self, error: str) -> None:
        """Note what the work failed of."""
        self._error = error

    def set(self, attributes: Mapping[str, Any]) -> None:
        """Set attributes."""
        self._span.set_attributes(attributes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self._error = type(error).__name__
        if self._error is not None:
            self._span.set_status(Status(StatusCode.ERROR, self._error))
        elif error is not None:
            self._error = CANCELLED
        found = {} if self._error is None else {ERROR_TYPE: self._error}
        self._span.set_attributes(found)
        seconds, convention = time.monotonic() - self._began, self._tracer.convention(OPENAI)
        convention.instruments.record(self._metric, seconds, {**self._of_metric, **found})
        self._span.end()


def run_span(tracer: CallTracer, model: str) -> WorkSpan:
    """Begin the span of a run of a session."""
    attributes = {names.OPERATION_NAME: "invoke_agent", names.REQUEST_MODEL: model}
    return WorkSpan(tracer, "invoke_agent", attributes, names.INVOKE_AGENT_DURATION)


@contextmanager
def tool_span(
    tracer: CallTracer, name: str, call_id: str, description: str | None, arguments: str
) -> Iterator[WorkSpan]:
    """Begin the span of a tool call, which is current in the block."""
    attributes: Attributes = {
        names.OPERATION_NAME: "execute_tool",
        names.TOOL_NAME: name,
        names.TOOL_TYPE: "function",
    }
    if call_id:
        attributes[names.TOOL_CALL_ID] = call_id
    if description:
        attributes[names.TOOL_DESCRIPTION] = description
    if tracer.convention(OPENAI).capture_content:
        attributes[names.TOOL_CALL_ARGUMENTS] = arguments
    with WorkSpan(tracer, f"execute_tool {name}", attributes, names.EXECUTE_TOOL_DURATION) as span, span.within():
        yield span


def tool_result(tracer: CallTracer, span: WorkSpan, text: str) -> None:
    """Note the result of a tool call, if content is captured."""
    if tracer.convention(OPENAI).capture_content:
        span.set({names.TOOL_CALL_RESULT: text})
