"""python -m benchmarks extras: what pacing, hooks and telemetry cost a call, switched on and off."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from .limit import MESSAGES
from .report import machine

#: Calls of one measurement, and how often each variant is measured, in turn.
_CALLS, _ROUNDS = 50, 60
#: Calls before that, and the seconds after which a new client holds nothing back.
_WARM, _STARTED = 300, 1.1
#: The variant that is no client of its own.
LOGGED = "log at INFO"
#: The variants, the first of which is what the others are compared with.
VARIANTS = {
    "defaults": "pacing on, no hooks, no telemetry",
    "pace=False": "no pacing",
    "on_request": "a hook for each request",
    "on_event": "a hook for each moment",
    LOGGED: "one record for each call, to no handler",
    "telemetry, no SDK": "instrumented, with the API of OpenTelemetry alone",
    "telemetry": "instrumented, spans and metrics are kept in memory",
}


def page(found: dict[str, list[float]]) -> str:
    """Return the results as Markdown: medians, and the medians of the ratios within a round."""
    base = found["defaults"]
    lines = [
        "# What pacing, hooks and telemetry cost",
        "",
        "From `make bench ARGS=extras`: CPU time of one blocking chat call, all variants in turn in one process, so",
        "that what slows the machine slows all of them.",
        "",
        "| variant | | µs a call | ÷ defaults |",
        "|---|---|---|---|",
    ]
    for name, what in VARIANTS.items():
        if name in found:
            ratio = statistics.median(one / other for one, other in zip(found[name], base, strict=True))
            lines.append(f"| {name} | {what} | {statistics.median(found[name]):.1f} | {ratio:.3f} |")
    return "\n".join([*lines, "", f"Machine: {machine()}.", ""])


def measure() -> str:
    """Run the variants in a process of their own."""
    worker = [sys.executable, "-m", "benchmarks.extras"]
    done = subprocess.run(worker, stdout=subprocess.PIPE, text=True, check=True)
    return page(json.loads(done.stdout))


def _variants(url: str) -> dict[str, Any]:
    """Return a client for each variant that can be measured here."""
    from sdk import Client, telemetry

    def client(**options: Any) -> Client:
        return Client(api_base=url, api_key="k", **options)

    found = {
        "defaults": client(),
        "pace=False": client(pace=False),
        "on_request": client(on_request=lambda view: None),
        "on_event": client(on_event=lambda event: None),
    }
    if importlib.util.find_spec("opentelemetry") is None:
        return found
    found["telemetry, no SDK"] = client()
    telemetry.instrument(found["telemetry, no SDK"])
    if importlib.util.find_spec("opentelemetry.sdk") is not None:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import InMemoryMetricReader
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        spans = TracerProvider()
        spans.add_span_processor(SimpleSpanProcessor(InMemorySpanExporter()))
        found["telemetry"] = client()
        meters = MeterProvider([InMemoryMetricReader()])
        telemetry.instrument(found["telemetry"], tracer_provider=spans, meter_provider=meters)
    return found


def _times(calls: dict[str, Callable[[], None]]) -> dict[str, list[float]]:
    """Return the microseconds of CPU of a call, for each variant and round."""
    for call in calls.values():
        for _ in range(_WARM):
            call()
    time.sleep(_STARTED)
    found: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(_ROUNDS):
        for name in list(calls)[:: 1 if turn % 2 else -1]:
            call = calls[name]
            with _logged() if name == LOGGED else nullcontext():
                call()
                began = time.thread_time()
                for _ in range(_CALLS):
                    call()
                found[name].append((time.thread_time() - began) / _CALLS * 1e6)
    return found


def _worker() -> None:
    from .trip import Server

    with Server() as server:
        clients = _variants(server.url)
        calls = {name: _call(client) for name, client in clients.items()}
        calls[LOGGED] = calls["defaults"]
        print(json.dumps(_times(calls)))
        for client in clients.values():
            client.close()


def _call(client: Any) -> Callable[[], None]:
    return lambda: client.chat.create.sync(model="m", messages=MESSAGES)


@contextmanager
def _logged() -> Iterator[None]:
    """Log each call in the block, to a handler that drops what it gets."""
    import logging

    logger, handler = logging.getLogger("sdk"), logging.NullHandler()
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)


if __name__ == "__main__":
    _worker()
