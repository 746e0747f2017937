"""What records spans and metrics in memory, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sdk import Client, telemetry
from sdk.testing import LocalServer

ASK: Any = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "the secret prompt"}]}


class Telemetry:
    """The spans and the metrics of one test."""

    def __init__(self) -> None:
        self._exporter, self._reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers, self.meters = TracerProvider(shutdown_on_exit=False), MeterProvider([self._reader])
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))

    def instrument(self, client: Client | None = None, **options: Any) -> None:
        """Instrument a client, or all, with the providers of this test."""
        telemetry.instrument(client, tracer_provider=self.tracers, meter_provider=self.meters, **options)

    def spans(self, name: str = "") -> list[ReadableSpan]:
        """Return the spans that have ended, in the order of their ends; those whose name begins so."""
        return [span for span in self._exporter.get_finished_spans() if span.name.startswith(name)]

    def span(self, name: str = "") -> ReadableSpan:
        """Return the only span."""
        (found,) = self.spans(name)
        return found

    def metrics(self) -> dict[str, list[Any]]:
        """Return the points of each metric."""
        data = self._reader.get_metrics_data()
        if data is None:
            return {}
        return {
            metric.name: list(metric.data.data_points)
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def close(self) -> None:
        """End the providers."""
        telemetry.uninstrument()
        self.tracers.shutdown()
        self.meters.shutdown()


@pytest.fixture
def recorded() -> Iterator[Telemetry]:
    """What records in memory."""
    found = Telemetry()
    yield found
    found.close()


@pytest.fixture
def client(openai_server: LocalServer, recorded: Telemetry) -> Iterator[Client]:
    """An instrumented client of a local server."""
    with Client(max_in_flight=60) as made:
        recorded.instrument(made)
        yield made
