"""The spans of a session's work. Without telemetry there are none, and nothing of it is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from ..._core.call.context import CallContext

if TYPE_CHECKING:
    from ..._core.client.base import BaseClient
    from .tool_calls import Call
    from .tools import Outcome, Tool


class Run(Protocol):
    """The span of a run."""

    def within(self) -> AbstractContextManager[Any]:
        """Return a block whose calls and tools are children of the span."""

    def __enter__(self) -> Self:
        """Begin the run."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the span."""


class _NoRun:
    """A run without telemetry."""

    def within(self) -> AbstractContextManager[Any]:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return None


class _NoTool:
    """A tool call without telemetry."""

    def ended(self, outcome: Outcome) -> Outcome:
        return outcome


class _TracedTool:
    """A tool call with a span."""

    def __init__(self, tracer: Any, span: Any) -> None:
        self._tracer, self._span = tracer, span

    def ended(self, outcome: Outcome) -> Outcome:
        """Note the outcome in the span, and return it."""
        from ..telemetry.work import tool_result

        if outcome.good:
            tool_result(self._tracer, self._span, outcome.text)
        else:
            self._span.failed(outcome.error or "ToolError")
        return outcome


_NO_RUN, _NO_TOOL = _NoRun(), _NoTool()


def _tracer(client: BaseClient | None) -> Any:
    return CallContext.everywhere if client is None else client._context.tracer or CallContext.everywhere


def run_of(client: BaseClient | None, model: str) -> Run:
    """Begin the span of a run, whose calls and tools are its children."""
    tracer = _tracer(client)
    if tracer is None:
        return _NO_RUN
    from ..telemetry.work import run_span

    return run_span(tracer, model)


@contextmanager
def tool_of(client: BaseClient | None, call: Call, tool: Tool | None) -> Iterator[Any]:
    """Begin the span of a tool call, which is current in the block."""
    tracer = _tracer(client)
    if tracer is None:
        yield _NO_TOOL
        return
    from ..telemetry.work import tool_span

    with tool_span(tracer, call.name, call.id, None if tool is None else tool.description, call.arguments) as span:
        yield _TracedTool(tracer, span)
