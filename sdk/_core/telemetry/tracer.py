"""What makes the spans of calls: one tracer and one meter for each API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import metrics, trace

from ..lazy import resolve
from ..public import ROOT
from .convention import Convention, Instruments
from .trace import CallTrace

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Span, TracerProvider

    from ..options.call_events import CallInfo
    from ..request.data import RequestData
    from ..service import Service


class CallTracer:
    """Make the spans of calls, with the providers that are given, else with the global ones."""

    def __init__(
        self,
        tracer_provider: TracerProvider | None,
        meter_provider: MeterProvider | None,
        *,
        capture_content: bool,
    ) -> None:
        self._providers, self._capture_content = (tracer_provider, meter_provider), capture_content
        self._known: dict[int, tuple[Service, trace.Tracer, Convention]] = {}

    def start(self, service: Service, request: RequestData[Any, Any], info: CallInfo) -> CallTrace:
        """Begin the span of a call."""
        _, tracer, convention = self._of(service)
        return CallTrace(tracer, convention.recorder(request, info))

    def convention(self, service: Service) -> Convention:
        """Return the conventions of an API."""
        return self._of(service)[2]

    @contextmanager
    def current(self, span: Span) -> Iterator[None]:
        """Make a span the parent of what the block begins; its end is not the end of the span."""
        with trace.use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False):
            yield

    def begin(self, service: Service, name: str, attributes: dict[str, Any]) -> Span:
        """Begin a span of work within this process."""
        return self._of(service)[1].start_span(name, attributes=attributes)

    def _of(self, service: Service) -> tuple[Service, trace.Tracer, Convention]:
        known = self._known.get(id(service))
        if known is None:
            name, _, version = service.product.partition("/")
            tracers, meters = self._providers
            tracer = trace.get_tracer(name or ROOT, version or None, tracers)
            instruments = Instruments(metrics.get_meter(name or ROOT, version, meters))
            make = resolve(service.telemetry) if service.telemetry else Convention
            convention = make(instruments, capture_content=self._capture_content)
            known = self._known.setdefault(id(service), (service, tracer, convention))
        return known
