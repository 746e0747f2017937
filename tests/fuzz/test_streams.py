"""Streams of any bytes, cut anywhere: the same chunks and the same end in either world, and no error but the SDK's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from sdk import Client
from sdk.errors import APIError

from ..sse.test_decoder import decode, reference
from ..streams.wire import ARGUMENTS, DONE, chunk, event
from .mutations import mutated, segments
from .scale import Tally, cases


def _call(**fields: Any) -> bytes:
    return event(chunk({"tool_calls": [{"index": 0, **fields}]}))


_RESPONSE = {"id": "r", "object": "response", "output": [], "status": "completed"}
_TEXT = {"output_index": 0, "content_index": 0, "item_id": "i"}
#: The events of each kind of stream, in an order that makes a reply.
_EVENTS: dict[str, list[bytes]] = {
    "chat.create": [
        event(chunk({"role": "assistant", "content": ""})),
        event(chunk({"content": "Hé"})),
        event(chunk({"content": [{"type": "text", "text": "llo"}]})),
        event(chunk({"reasoning": [{"index": 0, "text": "a"}]})),
        _call(id="c", type="function", function={"name": "f", "arguments": '{"a"'}),
        _call(function={"arguments": ": 1}"}),
        event(chunk({}, "stop", usage={"total_tokens": 3})),
        event({"error": {"message": "m", "code": 5}}),
        event({"message": "m"}, "error"),
        event(None),
    ],
    "completions.create": [
        event({"id": "c", "choices": [{"index": 0, "text": "a", "finish_reason": None}]}),
        event({"id": "c", "choices": [{"index": 0, "text": "", "finish_reason": "stop"}]}),
    ],
    "responses.create": [
        event({"type": "response.created", "response": {**_RESPONSE, "status": "in_progress"}}),
        event({"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "content": []}}),
        event({"type": "response.output_text.delta", "delta": "hi", **_TEXT}),
        event({"type": "response.function_call_arguments.delta", "delta": "{}", **_TEXT}),
        event({"type": "response.completed", "response": _RESPONSE}),
        event({"type": "error", "message": "m", "code": "c"}),
    ],
    "images.generate": [
        event({"type": "image_generation.partial_image", "b64_json": "AA==", "partial_image_index": 0}),
        event({"type": "image_generation.completed", "b64_json": "AA==", "created_at": 1}),
    ],
    "audio.speech.create": [
        event({"type": "speech.audio.delta", "audio": "AA=="}),
        event({"type": "speech.audio.done"}),
    ],
    "audio.transcriptions.create": [
        event({"type": "transcript.text.delta", "delta": "a"}),
        event({"type": "transcript.text.done", "text": "a"}),
    ],
    "threads.create_and_run": [
        event({"id": "r", "object": "thread.run", "status": "queued"}, "thread.run.created"),
        event({"delta": {"content": [{"index": 0, "text": {"value": "hi"}}]}}, "thread.message.delta"),
        event({"id": "r", "object": "thread.run", "status": "completed"}, "thread.run.completed"),
        b"event: done\n" + DONE,
    ],
}
_PIECES = st.sampled_from(
    [
        *(b"\n", b"\r", b"\r\n", b"\n\n", b"data:", b"data: ", b"event: x\n", b"id: 1\n", b"retry: 0\n", b": ping\n\n"),
        *(
            b":",
            b" ",
            b"\0",
            b"\xef\xbb\xbf",
            b"\xff",
            b"\xe2\x82\xac",
            b"\\ud800",
            b"{}",
            b"[]",
            b"null",
            b'""',
            b"true",
        ),
        *(
            b'"',
            b"}",
            b"{",
            b",",
            b"[{}]",
            b"1" * 30,
            b"9" * 5000,
            b"1e999",
            b"NaN",
            b"[" * 2000,
            b'{"a":' * 1200,
            DONE,
        ),
        *(b'"error":', b'"index":', b'"delta": 5,', b'"choices": null,', b'"type":', b'"response":', b'"message": {},'),
    ]
)


@st.composite
def _body(draw: st.DrawFn, events: list[bytes]) -> bytes:
    """Draw events in order or not, with an end or without."""
    chosen = draw(st.one_of(st.just(events), st.lists(st.sampled_from(events), max_size=6)))
    whole = b"".join([*chosen, *draw(st.sampled_from(([], [DONE])))])
    return whole.replace(b"\n", b"\r\n") if draw(st.integers(0, 9)) == 0 else whole


_OPTIONS = st.sampled_from([*[{}] * 6, {"require_stream_end": False}, {"max_line_bytes": 60}, {"strict": True}])
_KINDS = st.sampled_from([*["text/event-stream"] * 6, "application/json", "text/plain", ""])


class Reading:
    """Read one body as a stream, in any pieces; what came of it."""

    def __init__(self, operation: str, kind: str, options: dict[str, Any]) -> None:
        self._operation, self._headers, self._options = operation, {"content-type": kind} if kind else {}, options

    def _open(self, client: Client, form: str) -> Any:
        found: Any = client
        for name in self._operation.split("."):
            found = getattr(found, name)
        return getattr(found, form)(**ARGUMENTS[self._operation])

    def _client(self, body: Any) -> Client:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=self._headers, content=body))
        return Client(api_base="http://h/v1", api_key="k", max_retries=0, transport=transport, **self._options)

    def blocking(self, pieces: list[bytes]) -> list[Any]:
        """Return the chunks, then the reply or the error."""
        found: list[Any] = []
        try:
            with self._client(iter(pieces)) as client, self._open(client, "stream") as stream:
                for one in stream:
                    found.append(_plain(one))  # noqa: PERF401  # those before an error count
                found.append(("reply", _plain(stream.final())))
        except APIError as error:
            found.append(_told(error))
        return found

    def coroutine(self, pieces: list[bytes]) -> list[Any]:
        """Return the same of an asynchronous stream."""
        found: list[Any] = []

        async def body() -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

        async def main() -> None:
            async with self._client(body()) as client, self._open(client, "asyncio_stream") as stream:
                async for one in stream:
                    found.append(_plain(one))  # noqa: PERF401
                found.append(("reply", _plain(await stream.final())))

        try:
            asyncio.run(main())
        except APIError as error:
            found.append(_told(error))
        return found

    def events(self, pieces: list[bytes]) -> None:
        """Read the helper events."""
        try:
            with self._client(iter(pieces)) as client, self._open(client, "stream") as stream:
                for _ in stream.events():
                    pass
        except APIError as error:
            assert error.request is not None


def _plain(value: Any) -> str:
    # The repr, since NaN is not equal to itself.
    return repr(value.to_dict() if hasattr(value, "to_dict") else value)


def _told(error: APIError) -> tuple[str, str, str]:
    return type(error).__name__, str(error), _plain(getattr(error, "partial", None))


def test_any_bytes_in_any_pieces(tally: Tally) -> None:
    """Whole, cut, and from a coroutine, a stream gives the same chunks, and the same reply or error."""

    @cases(200)
    @given(st.sampled_from(sorted(_EVENTS)), st.data(), _KINDS, _OPTIONS)
    def check(operation: str, draw: st.DataObject, kind: str, options: dict[str, Any]) -> None:
        data = draw.draw(mutated(_body(_EVENTS[operation]), _PIECES))
        reading = Reading(operation, kind, options)
        pieces = draw.draw(segments(data))
        whole = reading.blocking([data])
        tally["streams"] += 1
        tally["replies"] += whole[-1][0] == "reply"
        assert reading.blocking(pieces) == whole
        if tally["streams"] % 5 == 0:
            assert reading.coroutine(pieces) == whole
        if tally["streams"] % 5 == 1:
            reading.events(pieces)

    check()


def test_any_bytes_as_the_specification_says(tally: Tally) -> None:
    """The decoder gives the events of a literal reading of the specification."""
    every = st.sampled_from([one for events in _EVENTS.values() for one in events])

    @cases(200)
    @given(mutated(st.lists(every, max_size=3).map(b"".join), _PIECES), st.data())
    def check(data: bytes, draw: st.DataObject) -> None:
        tally["streams"] += 1
        assert decode(*draw.draw(segments(data))) == reference(data)

    check()
