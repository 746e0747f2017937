"""Switch the telemetry of one client, or of all, on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..call.context import CallContext
from ..client.base import BaseClient
from ..errors import ConfigError
from ..public import expose

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider


def instrument(
    client: BaseClient | None = None,
    *,
    capture_content: bool = False,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
) -> None:
    """Make a span and metrics of each call of a client; without one, of all clients of this process, later ones too.

    Args:
        client: the client; its `with_options` makes clients that are instrumented as well.
        capture_content: True records what is sent to models and what they answer, as attributes of spans.
        tracer_provider: what makes the spans; by default the global one, also if it is set later.
        meter_provider: what makes the metrics; by default the global one.

    Raises: ConfigError without the package opentelemetry-api.
    """
    _check(client)
    try:
        from .tracer import CallTracer
    except ImportError as error:
        raise ConfigError(
            f"telemetry needs the package opentelemetry-api ({error}): pip install opentelemetry-api"
        ) from error
    _set(client, CallTracer(tracer_provider, meter_provider, capture_content=capture_content))


def uninstrument(client: BaseClient | None = None) -> None:
    """End the telemetry of a client; without one, that of all clients that are not instrumented by themselves."""
    _check(client)
    _set(client, None)


def _check(client: Any) -> None:
    if client is not None and not isinstance(client, BaseClient):
        raise TypeError(f"client= must be a Client, not {type(client).__name__}")


def _set(client: BaseClient | None, tracer: Any) -> None:
    if client is None:
        CallContext.everywhere = tracer
        return
    client._context.tracer = tracer
    for other in client.__dict__.get("_elsewhere", {}).values():
        other._context.tracer = tracer


expose(globals(), "telemetry", "instrument", "uninstrument")
