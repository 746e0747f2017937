"""What a stream keeps: no more than max_response_bytes, and nothing where nobody wants it."""

from __future__ import annotations

import asyncio
import base64
import json
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import httpx
import pytest

from sdk import ChatSession, Client
from sdk._core.reply.kept import kept_size
from sdk.errors import APIResponseError, RequestError, StreamError, StreamIncompleteError, StreamTooLargeError
from sdk.stream_events import TextDelta

from .wire import ARGUMENTS, DONE, Wire, chunk, event

LIMIT = 10_000


class Served:
    """The events of one stream, which a client reads in process."""

    def __init__(self, events: Iterable[bytes | Wire], operation: str = "chat.create", **client: Any) -> None:
        self._events, self._operation = events, operation
        self._client: dict[str, Any] = {"max_response_bytes": LIMIT, **client}

    def _body(self) -> Iterator[bytes]:
        for item in self._events:
            yield item if isinstance(item, bytes) else event(item)

    async def _abody(self) -> AsyncIterator[bytes]:
        for item in self._body():
            yield item

    def open(self, world: str, **options: Any) -> tuple[Any, Client]:
        """Return the stream, not yet opened, and its client."""

        def answer(request: httpx.Request) -> httpx.Response:
            body: Any = self._body() if world == "sync" else self._abody()
            return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)

        client = Client(api_base="http://h/v1", api_key="k", transport=httpx.MockTransport(answer), **self._client)
        found: Any = client
        for name in self._operation.split("."):
            found = getattr(found, name)
        form = found.stream if world == "sync" else found.asyncio_stream
        return form(**{**ARGUMENTS[self._operation], **options}), client

    def read(self, world: str, **options: Any) -> tuple[list[Any], Any, Exception | None]:
        """Return the chunks, `partial`, and the error."""
        stream, client = self.open(world, **options)
        chunks: list[Any] = []

        async def main() -> None:
            async with client, stream:
                async for one in stream:
                    chunks.append(one)  # noqa: PERF401  # those before an error count

        try:
            if world == "asyncio":
                asyncio.run(main())
            else:
                with client, stream:
                    chunks.extend(stream)
        except Exception as error:
            return chunks, stream.partial, error
        return chunks, stream.partial, None


@pytest.fixture(params=["sync", "asyncio"])
def world(request: pytest.FixtureRequest) -> str:
    """Which of the two kinds of stream a test is about."""
    return str(request.param)


def _tool(piece: str) -> Wire:
    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": piece}}
    return chunk({"tool_calls": [call]})


def _logprobs(piece: str) -> Wire:
    found = chunk({"content": "x"})
    token = {"token": piece, "logprob": -1.5, "bytes": None, "top_logprobs": []}
    found["choices"][0]["logprobs"] = {"content": [token]}
    return found


def _response(kind: str) -> Any:
    return lambda piece: {"type": kind, "output_index": 0, "content_index": 0, "delta": piece, "item_id": "i"}


def _sound(piece: str) -> Wire:
    return {"type": "speech.audio.delta", "audio": base64.b64encode(piece.encode()).decode()}


#: Events of every kind of stream that keeps texts, each with a piece: (operation, event of a piece).
KINDS: dict[str, tuple[str, Any]] = {
    "content": ("chat.create", lambda piece: chunk({"content": piece})),
    "refusal": ("chat.create", lambda piece: chunk({"refusal": piece})),
    "a vendor's field": ("chat.create", lambda piece: chunk({"reasoning_content": piece})),
    "parts": ("chat.create", lambda piece: chunk({"content": [{"type": "text", "text": piece}]})),
    "tool call": ("chat.create", _tool),
    "log probabilities": ("chat.create", _logprobs),
    "completion": ("completions.create", lambda piece: {"id": "c", "choices": [{"index": 0, "text": piece}]}),
    "response text": ("responses.create", _response("response.output_text.delta")),
    "response arguments": ("responses.create", _response("response.function_call_arguments.delta")),
    "transcript": ("audio.transcriptions.create", lambda piece: {"type": "transcript.text.delta", "delta": piece}),
    "sound": ("audio.speech.create", _sound),
}
kinds = pytest.mark.parametrize(("operation", "of"), KINDS.values(), ids=KINDS)


@kinds
@pytest.mark.parametrize("size", [50, 4000])
def test_a_reply_that_is_too_large(world: str, operation: str, of: Any, size: int) -> None:
    """However small the pieces, the stream raises once it holds too much, with what came; the chunks come first."""
    events = [of("x" * size) for _ in range(100_000 // size)]
    chunks, partial, error = Served(events, operation).read(world)
    assert type(error) is StreamTooLargeError
    assert isinstance(error, APIResponseError)
    assert isinstance(error, StreamError)
    reported = f"the reply of the stream is larger than max_response_bytes={LIMIT}; the reply so far is in .partial"
    assert error.message == reported
    assert "keep_reply=False" in (error.hint or "")
    assert len(chunks) * size <= 1.3 * LIMIT + 2 * size
    assert type(error.partial) is type(partial) is not type(None)


@kinds
def test_what_is_kept_counts_and_not_what_was_sent(world: str, operation: str, of: Any) -> None:
    """A reply that is small enough is read, however many bytes its events have."""
    events = [of("xy") for _ in range(60)]
    kept = 4_500 if of is _logprobs else 1_000
    assert sum(len(event(one)) for one in events) > 2 * kept
    assert Served(events, operation, max_response_bytes=kept, require_stream_end=False).read(world)[2] is None


def test_the_limit_is_exact(world: str) -> None:
    """A text of as many bytes as are left is taken, and one byte more is not."""
    events = [chunk({"content": "x" * 100}) for _ in range(50)]
    end: list[Any] = [chunk(finish="stop"), DONE]
    size = next(n for n in range(5_000, 5_200) if Served([*events, *end], max_response_bytes=n).read(world)[2] is None)
    one_more: list[Any] = [*events, chunk({"content": "x"}), chunk({"content": ""}), *end]
    assert type(Served(one_more, max_response_bytes=size).read(world)[2]) is StreamTooLargeError


@pytest.mark.parametrize("size", [1, 7, 50, 1000])
@pytest.mark.parametrize("end", [[DONE], [chunk(finish="stop")], []])
def test_the_limit_holds_wherever_tcp_cuts(world: str, size: int, end: list[Any]) -> None:
    """A reply of many small values that is a little too large is too large at its end, if not before."""
    calls = [{"index": n, "id": "", "type": "function", "function": {"name": "f", "arguments": ""}} for n in range(60)]
    data = b"".join(map(event, [chunk({"tool_calls": [call]}) for call in calls])) + b"".join(
        one if isinstance(one, bytes) else event(one) for one in end
    )
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    options: Any = {"require_stream_end": False}
    limits = range(100, 8_000, 100)
    fits = next(n for n in limits if Served([data], max_response_bytes=n, **options).read(world)[2] is None)
    assert Served(pieces, max_response_bytes=fits, **options).read(world)[2] is None
    error = Served(pieces, max_response_bytes=fits - 100, **options).read(world)[2]
    assert type(error) is StreamTooLargeError


def test_an_event_of_many_lines(world: str) -> None:
    """One event is held whole, too: it may be no larger than a reply."""
    data = b"".join(b"data: %s\n" % (b"x" * 100) for _ in range(200))
    error = Served([data, b"\n"]).read(world)[2]
    assert isinstance(error, StreamError)
    assert error.message == f"one event of the stream is longer than {LIMIT} bytes (max_response_bytes)"


def test_no_limit(world: str) -> None:
    """None is no limit, as for a reply that comes whole."""
    events: list[Any] = [*(chunk({"content": "x" * 1000}) for _ in range(100)), chunk(finish="stop"), DONE]
    chunks, _, error = Served(events, max_response_bytes=None).read(world)
    assert (len(chunks), error) == (101, None)


def _wires(chunks: list[Any]) -> list[Any]:
    return [one.to_dict() for one in chunks]


@kinds
def test_a_stream_that_keeps_nothing(world: str, operation: str, of: Any) -> None:
    """The chunks are the same, there is no limit to them, and no reply."""
    events = [of("x" * 1000) for _ in range(50)]
    kept, _, _ = Served(events, operation, require_stream_end=False, max_response_bytes=None).read(world)
    chunks, partial, error = Served(events, operation, require_stream_end=False).read(world, keep_reply=False)
    assert (_wires(chunks), partial, error) == (_wires(kept), None, None)


ENDS: dict[str, tuple[list[Any], str | None]] = {
    "done": ([chunk({"content": "x"}), chunk(finish="stop"), DONE], None),
    "done alone": ([chunk({"content": "x"}), DONE], None),
    "finish reason alone": ([chunk({"content": "x"}), chunk(finish="stop")], None),
    "cut": ([chunk({"content": "x"})], "the stream ended without [DONE]"),
    "empty": ([], "the stream ended before its first event"),
}


@pytest.mark.parametrize(("events", "message"), ENDS.values(), ids=ENDS)
def test_how_a_stream_that_keeps_nothing_ends(world: str, events: list[Any], message: str | None) -> None:
    """Whether a stream is complete is known without its text."""
    error = Served(events).read(world, keep_reply=False)[2]
    if message is None:
        assert error is None
    else:
        assert isinstance(error, StreamIncompleteError)
        assert (error.message, error.partial) == (message, None)


@pytest.mark.parametrize("ended", [True, False])
def test_several_choices(world: str, ended: bool) -> None:
    """Each of the choices that were asked for has to end."""
    events = [chunk({"content": "x"}, index=0), chunk({"content": "y"}, index=1), chunk(finish="stop", index=0)]
    events += [chunk(finish="stop", index=1)] if ended else []
    error = Served(events).read(world, n=2, keep_reply=False)[2]
    assert (error is None) is ended


@pytest.mark.parametrize("terminal", [True, False])
def test_images_that_are_not_kept(world: str, terminal: bool) -> None:
    """A partial image is no reply, though [DONE] follows it."""
    events: list[Any] = [{"type": "image_generation.partial_image", "b64_json": "aGk=", "partial_image_index": 0}]
    events += [{"type": "image_generation.completed", "b64_json": "aGk="}] if terminal else []
    error = Served([*events, DONE], "images.generate").read(world, keep_reply=False)[2]
    assert (error is None) is terminal


SHORT: list[Any] = [chunk({"content": "x"}), chunk(finish="stop"), DONE]


def test_what_needs_the_reply_says_so_at_once() -> None:
    """Nothing is read before."""
    stream, client = Served(SHORT).open("sync", keep_reply=False)
    with client, stream:
        for use in (stream.final, lambda: stream.each(print), lambda: next(stream.events())):
            with pytest.raises(RuntimeError, match="keep_reply=False"):
                use()
        assert "".join(stream.text()) == "x"


def test_what_needs_the_reply_says_so_at_once_in_coroutines() -> None:
    """The same for asynchronous streams."""
    stream, client = Served(SHORT).open("asyncio", keep_reply=False)

    async def main() -> str:
        async with client, stream:
            for use in (stream.final, lambda: stream.each(print)):
                with pytest.raises(RuntimeError, match="keep_reply=False"):
                    await use()
            with pytest.raises(RuntimeError, match="keep_reply=False"):
                stream.events()
            return "".join([text async for text in stream.text()])

    assert asyncio.run(main()) == "x"


def test_a_stream_that_keeps_its_reply() -> None:
    """True is the default, said aloud."""
    stream, client = Served(SHORT).open("sync", keep_reply=True)
    with client, stream:
        assert next(stream.events()) == TextDelta("x")
        assert stream.final().choices[0].message.content == "x"


@pytest.mark.parametrize("value", [None, "no", 0, 1])
def test_it_is_true_or_false(value: Any) -> None:
    """Neither None nor 0 is False."""
    stream, client = Served([]).open("sync", keep_reply=value)
    with client, pytest.raises(RequestError, match=r"^chat\.create: keep_reply= must be True or False, not "):
        stream.final()


def _fail(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.url} was asked")


@pytest.mark.parametrize("value", [True, False])
def test_a_call_without_a_stream_does_not_take_it(value: bool) -> None:
    """An option without effect would be a mistake that nobody hears of."""
    client = Client(api_key="k", transport=httpx.MockTransport(_fail))
    with client, pytest.raises(RequestError, match=r"^models\.list: keep_reply= is for streams"):
        client.models.list.sync(keep_reply=value)


def test_parsing_needs_the_reply() -> None:
    """A stream whose answer becomes a value keeps it."""
    client = Client(api_key="k", transport=httpx.MockTransport(_fail))
    given: Any = {**ARGUMENTS["chat.create"], "keep_reply": False}
    with client, pytest.raises(TypeError, match=r"parse_stream\(\) reads the reply"):
        client.chat.create.parse_stream(dict[str, str], **given)


def test_a_session_keeps_replies() -> None:
    """A turn whose reply is thrown away could not be in the history."""
    with Client(api_key="k", transport=httpx.MockTransport(_fail)) as client:
        session = ChatSession(client, "m")
        with pytest.raises(ValueError, match=r"^keep_reply=False: a session keeps the replies"):
            session.send("Hi", print, keep_reply=False)
        assert session.messages == []


@pytest.mark.parametrize("limit", [LIMIT, None])
def test_memory_is_flat(limit: int | None) -> None:
    """Thirty megabytes of text go through in less than three, where the reply is not kept."""

    def events() -> Iterator[Wire]:
        for _ in range(300):
            yield chunk({"content": "x" * 100_000})
        yield chunk(finish="stop")

    stream, client = Served(events(), max_response_bytes=limit).open("sync", keep_reply=False)
    with client, stream:
        next(stream)
        tracemalloc.start()
        try:
            read = sum(len(text) for text in stream.text())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert read == 29_900_000
    assert peak < 3_000_000


@pytest.mark.parametrize(
    "value",
    [None, True, 5, "text", "é", [], {}, [[]], ["a", 1, None], {"a": {"b": ["c", 1.5]}}, [{"token": "x"}] * 9],
)
def test_a_value_is_no_larger_than_its_json(value: Any) -> None:
    """So that a stream is measured only when it has sent as many bytes as it may keep."""
    size, count = kept_size(value)
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    assert size <= len(written)
    assert 1 <= count <= len(written)


def test_a_stream_is_measured_seldom() -> None:
    """To measure costs no more than to read: what is kept near the limit is not walked for each event."""
    events: list[Any] = [_logprobs("t") for _ in range(3_000)]
    stream, client = Served([*events, chunk(finish="stop"), DONE], max_response_bytes=400_000).open("sync")
    measured: list[int] = []
    with client, stream:
        size = stream._accumulator.size

        def counted() -> tuple[int, int]:
            found: tuple[int, int] = size()
            measured.append(found[1])
            return found

        stream._accumulator.size = counted
        for _ in stream:
            pass
    assert 0 < sum(measured) < 2 * sum(len(event(one)) for one in events)
