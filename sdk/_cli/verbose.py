"""What --verbose shows of the calls of a command, on stderr: attempts, times, request ids, limits."""

from __future__ import annotations

from typing import Any

import click

from .._core.options.call_events import CallEnded, CallWaits, FirstPiece, ResponseStarted


def report(event: Any) -> None:
    """Write one moment of a call; the client calls this as its hook `on_event`."""
    for line in _lines(event):
        click.echo(line, err=True)


def _lines(event: Any) -> list[str]:
    match event:
        case ResponseStarted():
            lines = [f"status {event.status_code} after {event.elapsed:.3f} s, attempt {event.attempt}"]
            if event.request_id:
                lines.append(f"request id {event.request_id}")
            return lines + [f"{n}: {value}" for n, value in event.headers.items() if n.startswith("x-ratelimit-")]
        case CallWaits(reason="turn"):
            return ["waits for its turn"]
        case CallWaits():
            why = f": attempt {event.attempt} failed: {event.error}" if event.error is not None else ""
            return [f"waits {event.seconds or 0:.1f} s{why}"]
        case FirstPiece() if event.call.streamed:
            return [f"first event after {event.elapsed:.3f} s"]
        case CallEnded():
            used = getattr(event, "usage", None)  # of clients that count it
            tokens = f", {used.input_tokens} + {used.output_tokens} tokens" if used and used.input_tokens else ""
            return [f"done after {event.elapsed:.3f} s, {event.received_bytes:,} bytes{tokens}"]
    return []
