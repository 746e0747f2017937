"""Telemetry of calls of models, of tools and of runs, by OpenTelemetry's conventions for generative AI."""
