"""Spans and metrics of calls, by OpenTelemetry: `instrument()` switches them on."""

from __future__ import annotations

from ._core.telemetry.instrument import instrument as instrument
from ._core.telemetry.instrument import uninstrument as uninstrument
