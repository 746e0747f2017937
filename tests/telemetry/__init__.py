"""Spans and metrics, read from the exporters of OpenTelemetry that keep them in memory."""
