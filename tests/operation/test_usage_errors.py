"""Calls that are wrong: the error says what to do, before anything is sent, in sync and asyncio alike."""

from __future__ import annotations

import asyncio
import inspect
import pydoc
from collections.abc import Callable
from typing import Any

import pytest

import sdk
from sdk import Client
from sdk._core.client.default import client_of
from sdk._openai.client_options import OpenAIClientOptions
from sdk._openai.options import OpenAIOptions
from sdk.errors import RequestError

from ..faults.raw import Raw, always, reply

_MESSAGES: Any = [{"role": "user", "content": "x"}]


@pytest.mark.parametrize("form", ["sync", "asyncio", "stream", "asyncio_stream", "request"])
@pytest.mark.parametrize(
    ("given", "reported"),
    [
        ({"max_retries": -1}, r"max_retries= must be at least 0, not -1"),
        ({"max_retries": None}, r"max_retries= must be a number, not None"),
        ({"max_retries": "1"}, r"max_retries= must be a whole number, not str"),
        ({"timeout": "5"}, r"timeout= must be a number of seconds, not str"),
        ({"timeout": 0}, r"timeout= must be more than 0"),
        ({"timeout": float("nan")}, r"timeout= must be"),
        ({"timeout": float("inf")}, r"timeout= must be"),
        ({"deadline": -1}, r"deadline= must be more than 0"),
        ({"stall_timeout": 1e30}, r"stall_timeout= must be"),
        ({"extra_body": "x"}, r"extra_body= must be a dict, not str"),
        ({"extra_headers": [1]}, r"extra_headers= must be a dict, not list"),
        ({"idempotency_key": 3}, r"idempotency_key= must be a str, not int"),
        ({"client": "x"}, r"client= takes a Client of this SDK, not str"),
    ],
    ids=str,
)
def test_an_option_that_cannot_be(form: str, given: dict[str, Any], reported: str) -> None:
    """Each is refused with its name and value's kind; the server hears nothing."""
    with Raw(always(reply(b"{}"))) as server, Client(api_base=server.url, api_key="k") as client:
        create = sdk.api.chat.create if "client" in given else client.chat.create
        arguments: dict[str, Any] = {"model": "m", "messages": _MESSAGES, **given}

        async def main() -> None:
            if form == "asyncio":
                await create.asyncio(**arguments)
            async with create.asyncio_stream(**arguments):
                pass

        with pytest.raises(RequestError, match=reported):
            if form == "sync":
                create.sync(**arguments)
            elif form == "stream":
                with create.stream(**arguments):
                    pass
            elif form == "request":
                request = create.request(**arguments)
                (given.get("client") or client) and client_of(request.options, "sdk").send(request)
            else:
                asyncio.run(main())
        assert server.requests == []


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        (
            lambda c: c.chat.create.sync(mesages=[]),
            r"chat\.create has no argument 'mesages'; did you mean 'messages'\?",
        ),
        (lambda c: c.chat.create.sync(model="m", messages=[], top_k=1), r"'top_p'\? If not, .* goes into extra_body="),
        (lambda c: c.chat.create.sync(model="m", messages=[], zzz=1), r"'zzz'; what the API .* goes into extra_body="),
        (lambda c: c.chat.create.sync("m", []), r"takes its arguments by name: messages=, model="),
        (lambda c: c.chat.create.sync(model="m"), r"chat\.create: missing a required .*argument: 'messages'"),
        (lambda c: c.chat.create.sync(model="m", messages=[], stream=True), r"use chat\.create\.stream\(\.\.\.\)"),
        (lambda c: sdk.ChatSession(c, max_rounds=3).send("x"), r"'max_rounds'; it belongs to run\("),
        (lambda c: c.models.retrieve.sync(), r"models\.retrieve: missing a required .*argument: 'model'"),
    ],
)
def test_arguments_that_do_not_fit(call: Callable[[Client], Any], reported: str) -> None:
    """The error names the operation and what was meant."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k") as client, pytest.raises(TypeError, match=reported):
        call(client)


@pytest.mark.parametrize(
    ("form", "reported"),
    [
        ("embeddings.create.stream", "embeddings.create does not stream; it has asyncio, asyncio_detailed, request"),
        ("embeddings.create.asyncio_stream", "embeddings.create does not stream"),
        ("chat.create.iter", "chat.create does not list in pages"),
        ("models.list.parse", "models.list does not answer with a value of your type"),
        ("chat.create.download", "chat.create does not reply with bytes"),
        ("chat.create.call", "chat.create has no form 'call'"),
    ],
)
def test_a_form_that_an_operation_does_not_have(form: str, reported: str) -> None:
    """It says why, and which forms there are."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k") as client, pytest.raises(AttributeError) as raised:
        found: Any = client
        for name in form.split("."):
            found = getattr(found, name)
    assert reported in str(raised.value)


def test_the_typed_options_are_the_options() -> None:
    """Type checkers know each option of a client, `help` tells each, and no other."""
    names = {name for cls in OpenAIOptions.__mro__ for name in inspect.get_annotations(cls)}
    names -= {"table", "other_names", "_sources"}
    assert OpenAIClientOptions.__annotations__.keys() == OpenAIOptions.table.keys() == names
    assert [name for name in names if name not in (Client.__doc__ or "")] == []


def test_the_package_shows_its_public_names() -> None:
    """`dir(sdk)` holds what users import, and no module that is private."""
    assert {"Client", "ChatSession", "api", "errors", "__version__"} <= set(dir(sdk))
    assert [name for name in dir(sdk) if name.startswith("_") and name != "__version__"] == []


def test_all_is_what_dir_shows() -> None:
    """`from sdk import *` and help(sdk) give the public names; the local server, which needs an extra, stays out."""
    assert vars(sdk)["__all__"] == sorted({*dir(sdk)} - {"testing"})


def test_help_tells_what_a_resource_has() -> None:
    """help(client.files) lists the operations, not the class that holds them."""
    with Client(api_key="k") as client:
        text = pydoc.plain(pydoc.render_doc(client.files))
    assert "`retrieve`: GET /files/{file_id}" in text
    assert "__getattr__" not in text


def test_a_resource_that_is_called() -> None:
    """As other clients have `client.chat(...)`: the error names what there is to call."""
    with Client(api_key="k") as client:
        for resource in (client.chat, client.audio.speech):
            call: Any = resource
            with pytest.raises(TypeError, match=r"is a resource and .* its endpoints: create"):
                call(_MESSAGES, model="m")
