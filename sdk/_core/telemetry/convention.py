"""What spans and metrics of calls are called: a convention has a recorder for each call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from . import names

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter

    from ..options.call_events import CallEnded, CallInfo
    from ..request.data import RequestData

Attributes = dict[str, Any]
#: The `error.type` of a call that its caller ended.
CANCELLED = "cancelled"


class Server(NamedTuple):
    """The server of a call."""

    address: str
    port: int

    @classmethod
    def of(cls, url: str) -> Server:
        """Return the server of a URL."""
        from urllib.parse import urlsplit

        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))

    @property
    def attributes(self) -> Attributes:
        """The attributes of spans and metrics."""
        return {names.SERVER_ADDRESS: self.address, names.SERVER_PORT: self.port}


def error_type(ended: CallEnded) -> str | None:
    """Return the `error.type` of a call; None for one that succeeded."""
    if ended.error is not None:
        return type(ended.error).__name__
    return CANCELLED if ended.cancelled else None


class Instruments:
    """The instruments of a meter, each made once."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._made: dict[str, Any] = {}

    def record(self, metric: names.Metric, value: float, attributes: Mapping[str, Any]) -> None:
        """Record a value."""
        found = self._made.get(metric.name)
        if found is None:
            found = self._made.setdefault(metric.name, self._make(metric))
        found(value, attributes)

    def _make(self, metric: names.Metric) -> Any:
        if metric.instrument == "counter":
            return self._meter.create_counter(metric.name, metric.unit, metric.description).add
        return self._meter.create_histogram(
            metric.name, metric.unit, metric.description, explicit_bucket_boundaries_advisory=metric.boundaries or None
        ).record


class Recorder:
    """What is recorded of one call: here by the conventions of HTTP clients.

    `name` and `attributes` are those of the span as it begins; `captures` says that `reply` is wanted at the end.
    """

    captures = False

    def __init__(self, instruments: Instruments, request: RequestData[Any, Any], info: CallInfo) -> None:
        self._instruments, self._info, self.server = instruments, info, Server.of(info.url)
        self.name = f"{info.method} {request.spec.path}"
        self.attributes: Attributes = {
            names.METHOD: info.method,
            names.URL_TEMPLATE: request.spec.path,
            names.URL_FULL: info.url,
            **self.server.attributes,
        }

    def note(self, wires: Iterable[Any]) -> None:
        """Take the JSON of a reply, or of chunks of a stream that arrived in one read."""

    def first_piece(self, elapsed: float) -> Attributes:
        """Record the first piece of a reply, and return attributes of the span."""
        return {}

    def attempt(self, seconds: float, attributes: Attributes) -> None:
        """Record one request; `attributes` are those of its event."""
        known = {key: value for key, value in attributes.items() if key not in (names.URL_FULL, names.RESEND_COUNT)}
        self._instruments.record(names.REQUEST_DURATION, seconds, {**known, **self.server.attributes})

    def end(self, ended: CallEnded, usage: object, reply: Any) -> Attributes:
        """Record the end of the call, and return attributes of the span. `usage` is what the reply says of it."""
        found: Attributes = {}
        if ended.status_code is not None:
            found[names.STATUS_CODE] = ended.status_code
        if ended.attempts > 1:
            found[names.RESEND_COUNT] = ended.attempts - 1
        error = error_type(ended)
        return found if error is None else {**found, names.ERROR_TYPE: error}


class Convention:
    """The conventions of an API; this class has those of HTTP clients."""

    def __init__(self, instruments: Instruments, *, capture_content: bool) -> None:
        self.instruments, self.capture_content = instruments, capture_content

    def recorder(self, request: RequestData[Any, Any], info: CallInfo) -> Recorder:
        """Return the recorder of a call."""
        return Recorder(self.instruments, request, info)
