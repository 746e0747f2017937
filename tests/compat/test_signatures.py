"""What `inspect.signature` and `help` show of the methods."""

from __future__ import annotations

import asyncio
import functools
import inspect
import pydoc
import subprocess
import sys
import typing
from inspect import Parameter
from typing import Any

import pytest

import sdk.compat.openai as face
from sdk.compat.openai import AsyncOpenAI, OpenAI, omit
from sdk.compat.openai.private import assert_signatures_in_sync
from sdk.compat.openai.resource import resource_class
from sdk.compat.openai.table import methods

OPTIONS = ["extra_headers", "extra_query", "extra_body", "timeout"]


def _shown(method: Any) -> str:
    """Return a signature as text, without the annotations of arguments and the options of every call."""
    signature = inspect.signature(method)
    bare = [one.replace(annotation=Parameter.empty) for one in signature.parameters.values() if one.name not in OPTIONS]
    return f"{signature.replace(parameters=bare, return_annotation=signature.empty)} {signature.return_annotation}"


def test_a_method_shows_its_arguments(client: OpenAI) -> None:
    """Arguments are those of our operation by keyword, then `stream` and the options of every call."""
    signature = inspect.signature(client.chat.completions.create)
    names = list(signature.parameters)
    assert names[:2] == ["messages", "model"]
    assert names[-5:] == ["stream", *OPTIONS]
    assert {"temperature", "tools", "response_format"} < set(names)
    assert {one.kind for one in signature.parameters.values()} == {Parameter.KEYWORD_ONLY}
    assert signature.parameters["model"].default is Parameter.empty
    temperature = signature.parameters["temperature"]
    assert (temperature.default, temperature.annotation) == (omit, "float | None | Omit")
    assert signature.return_annotation == "ChatCompletion | Stream[ChatCompletionChunk]"


@pytest.mark.parametrize(
    ("method", "shown"),
    [
        ("files.content", "(file_id) HttpxBinaryResponseContent"),
        ("vector_stores.files.retrieve", "(file_id, *, vector_store_id) VectorStoreFile"),
        ("batches.list", "(*, after=omit, limit=omit) SyncCursorPage[Batch]"),
        ("beta.agents.automations.create", "(**body) Automation"),
    ],
)
def test_a_kind_of_method_shows_its_arguments(client: OpenAI, method: str, shown: str) -> None:
    """The last name of a path has a position, a reply is named as it is here, a body of several kinds is open."""
    assert _shown(functools.reduce(getattr, method.split("."), client)) == shown


def test_an_async_method_shows_its_arguments(options: dict[str, Any]) -> None:
    """It has the same arguments, is a coroutine function still, and gives the classes for coroutines."""
    client = AsyncOpenAI(**options)
    create, raw = client.chat.completions.create, client.files.with_raw_response.content
    entered = client.files.with_streaming_response.content
    assert inspect.iscoroutinefunction(create)
    assert inspect.iscoroutinefunction(raw)
    assert inspect.signature(create).return_annotation == "ChatCompletion | AsyncStream[ChatCompletionChunk]"
    assert _shown(client.batches.list) == "(*, after=omit, limit=omit) AsyncPaginator[Batch]"
    assert _shown(raw) == "(file_id) LegacyAPIResponse"
    assert _shown(entered) == "(file_id) AsyncResponseContextManager"
    asyncio.run(client.close())


def test_the_forms_of_a_method_show_its_arguments(client: OpenAI) -> None:
    """A method that gives the response has the same arguments."""
    assert _shown(client.files.with_raw_response.content) == "(file_id) LegacyAPIResponse"
    assert _shown(client.files.with_streaming_response.content) == "(file_id) ResponseContextManager"
    assert client.files.with_raw_response.content.__name__ == "content"


@pytest.mark.parametrize("asynchronous", [False, True])
def test_every_method_has_a_signature(asynchronous: bool) -> None:
    """Each begins with `self`, names no argument twice, and takes the options of every call."""
    count = 0
    for path, verbs in methods().items():
        for verb in verbs:
            names = list(inspect.signature(getattr(resource_class(path, asynchronous=asynchronous), verb)).parameters)
            assert names[0] == "self"
            assert set(OPTIONS) < set(names), f"{path}.{verb}"
            count += 1
    assert count == sum(len(verbs) for verbs in methods().values()) > 350


def test_a_call_with_the_shown_arguments_is_taken(client: OpenAI) -> None:
    """What `bind` accepts, with every default given, a call accepts."""
    create = client.chat.completions.create
    bound = inspect.signature(create).bind(model="m", messages=[{"role": "user", "content": "Hi"}])
    bound.apply_defaults()
    assert bound.kwargs["stream"] is omit
    assert create(*bound.args, **bound.kwargs).object == "chat.completion"
    with pytest.raises(TypeError, match="'model'"):
        inspect.signature(create).bind(messages=[])


def test_help_shows_the_docstring_of_the_operation() -> None:
    """`help` shows what the arguments mean; so does the docstring once the names of a resource are listed."""
    code = """
from sdk.compat.openai import OpenAI
import pydoc
client = OpenAI(api_key="k")
print("Args:" in client.files.list.__doc__)
pydoc.render_doc(client.files.list)
print("Args:" in client.files.list.__doc__)
print("Args:" in client.batches.create.__doc__)
dir(client.batches)
print("Args:" in client.batches.create.__doc__, "`batches.create` of the SDK" in client.batches.create.__doc__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False", "True", "True"]


def test_a_function_stays_what_others_take_it_for(client: OpenAI) -> None:
    """Type hints are read, wrappers show what they wrap, and a call imports no signature."""
    create = client.chat.completions.create

    @functools.wraps(create)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return create(*args, **kwargs)

    assert inspect.signature(wrapper) == inspect.signature(create)
    assert typing.get_type_hints(type(client.files).list)["kwargs"] is Any
    assert "messages" in pydoc.plain(pydoc.render_doc(create)).partition("\n\n")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("helper", "has", "lacks"),
    [
        ("chat.completions.parse", {"response_format", "messages", "model", "timeout"}, {"stream", "arguments"}),
        ("chat.completions.stream", {"response_format", "messages", "stream_options"}, {"stream", "arguments"}),
        ("beta.chat.completions.create", {"messages", "stream"}, {"arguments"}),
        ("responses.stream", {"text_format", "response_id", "starting_after", "input"}, {"stream", "arguments"}),
        ("beta.responses.parse", {"text_format", "betas"}, {"stream", "arguments"}),
        ("beta.threads.runs.poll", {"run_id", "thread_id", "poll_interval_ms"}, {"assistant_id", "arguments"}),
        ("beta.threads.runs.stream", {"thread_id", "event_handler", "assistant_id"}, {"args", "arguments"}),
        ("videos.create_and_poll", {"prompt", "poll_interval_ms"}, {"args", "arguments"}),
        ("vector_stores.files.upload", {"vector_store_id", "file", "attributes"}, {"file_id", "poll_interval_ms"}),
        ("vector_stores.file_batches.upload_and_poll", {"files", "file_ids", "poll_interval_ms"}, {"more"}),
    ],
)
@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
def test_a_helper_shows_what_it_passes_on(kind: Any, helper: str, has: set[str], lacks: set[str]) -> None:
    """It has its own arguments and those of the method that it calls, of this resource."""
    method = functools.reduce(getattr, helper.split("."), kind(api_key="k"))
    names = set(inspect.signature(method).parameters)
    assert has <= names
    assert lacks.isdisjoint({*names, "self"})
    assert method.__name__ == helper.rpartition(".")[2]


@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
def test_a_helper_lacks_nothing_of_its_method(kind: Any) -> None:
    """The check that the official package has of its own helpers finds no difference; it finds one that is there."""
    client = kind(api_key="k")
    assert_signatures_in_sync(client.videos.create, client.videos.create_and_poll)
    assert_signatures_in_sync(client.responses.create, client.responses.parse, exclude_params={"stream"})
    with pytest.raises(AssertionError, match="stream"):
        assert_signatures_in_sync(client.responses.create, client.responses.parse)


def test_a_call_makes_no_signature(options: dict[str, Any]) -> None:
    """Who does not ask for a signature does not load what makes it."""
    code = f"""
import sys
from sdk.compat.openai import OpenAI
with OpenAI(**{options!r}) as client:
    client.chat.completions.create(model="m", messages=[{{"role": "user", "content": "Hi"}}])
print({face.__name__ + ".signatures"!r} in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
