"""What streams of the local server add up to is what it answers without one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sdk import Client
from sdk.testing import LocalServer

from .wire import ARGUMENTS

# Of the one answer or of the other; the size of an image is told in streams alone where nobody asked for one.
APART = ("id", "created", "size")
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("chat.create", {"n": 2, "logprobs": True, "stream_options": {"include_usage": True}}),
    ("chat.create", {"tools": [TOOL], "tool_choice": "required", "stream_options": {"include_usage": True}}),
    ("images.generate", {"n": 2}),
]


def _told(reply: Any) -> Any:
    def without_ids(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without_ids(inner) for key, inner in value.items() if key not in APART}
        return [without_ids(inner) for inner in value] if isinstance(value, list) else value

    return without_ids(reply.to_dict())


@pytest.mark.parametrize(("operation", "more"), CALLS)
@pytest.mark.parametrize("form", ["sync", "asyncio"])
def test_equals_the_unstreamed_reply(form: str, operation: str, more: dict[str, Any]) -> None:
    """Choices, calls, log probabilities, usage and pictures are those of the plain call, and no other."""
    server = LocalServer()
    arguments = {**ARGUMENTS[operation], **more}
    plain = {key: value for key, value in arguments.items() if key != "stream_options"}
    resource, verb = operation.split(".")

    async def main() -> tuple[Any, Any]:
        async with Client(api_base="http://t/v1", api_key="test-key", transport=server.transport()) as client:
            call = getattr(getattr(client, resource), verb)
            async with call.asyncio_stream(**arguments) as stream:
                return await stream.final(), await call.asyncio(**plain)

    if form == "asyncio":
        streamed, whole = asyncio.run(main())
    else:
        with Client(api_base="http://t/v1", api_key="test-key", transport=server.transport()) as client:
            call = getattr(getattr(client, resource), verb)
            with call.stream(**arguments) as stream:
                streamed, whole = stream.final(), call.sync(**plain)
    assert _told(streamed) == _told(whole)


@pytest.mark.parametrize(
    "operation", ["chat.create", "completions.create", "responses.create", "audio.transcriptions.create"]
)
def test_the_text_of_a_stream(operation: str) -> None:
    """`final().output_text` is the text that was streamed."""
    server = LocalServer()
    with Client(api_base="http://t/v1", api_key="test-key", transport=server.transport()) as client:
        call: Any = client
        for name in operation.split("."):
            call = getattr(call, name)
        with call.stream(**ARGUMENTS[operation]) as stream:
            text = "".join(stream.text())
            assert stream.final().output_text == text != ""
