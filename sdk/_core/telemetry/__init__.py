"""Spans and metrics of calls by OpenTelemetry, whose API is imported when a client is instrumented.

`CallTrace` is the hook of one call: it makes the span, and a `Recorder` says what the span and the metrics are called.
The recorder of this room follows the conventions of HTTP clients; `Service.telemetry` names the convention of an API.
"""

from __future__ import annotations

from .convention import Convention as Convention
from .convention import Recorder as Recorder
from .convention import Server as Server
from .instrument import instrument as instrument
from .instrument import uninstrument as uninstrument
