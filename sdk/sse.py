"""Decode server-sent events from bytes. Pure: no I/O, no clock, no JSON.

Source: WHATWG HTML, sections 9.2.5 and 9.2.6 (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

from __future__ import annotations

from ._core.sse import Decoder as Decoder
from ._core.sse import ServerSentEvent as ServerSentEvent
