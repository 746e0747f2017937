"""Calls of the public functions: each is made of right arguments, some of which are replaced by odd values."""

from __future__ import annotations

import asyncio
import functools
import inspect
import itertools
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx

import sdk
from sdk import ChatSession, Client, ResponsesSession, Tool, UploadState, errors, models, sse, tools, webhooks
from sdk._core.request.data import OPTION_NAMES
from sdk._openai.options import OpenAIOptions
from sdk.errors import SDKError
from sdk.session import within_tokens
from sdk.testing import LocalServer

from ..conformance.arguments import Arguments
from ..conformance.document import pinned
from ..conformance.surface import endpoint
from .values import Values

_CALL_OPTIONS = sorted(OPTION_NAMES - {"client"})


class Target(NamedTuple):
    """What to call, and whether it takes paths, for which it raises what the file system raises."""

    call: Callable[[Values, Client, Path], Any]
    paths: bool = False


def client_of(values: Values, **options: Any) -> Client:
    """Return a client whose server is odd."""
    transport = httpx.MockTransport(values.reply)
    return Client(**{"api_base": "http://h/v1", "api_key": "k", "max_retries": 0, "transport": transport, **options})


@functools.cache
def _operations() -> list[tuple[Any, dict[str, Any]]]:
    """Return every operation with right arguments, of each body that it takes."""
    document = pinned()
    found = []
    for operation in document.operations:
        made = endpoint(operation)
        for full in (False, True):
            calls = Arguments(document, operation, made).calls(full=full)
            found += [(made, call.keywords) for call in calls]
    return found


def _operation(values: Values, client: Client, folder: Path) -> None:
    operation, right = values.chance.choice(_operations())
    bound, given = operation.bind(client), dict(right)
    for _ in range(values.chance.randint(0, 2)):
        name = values.chance.choice(list(inspect.signature(operation._build).parameters))
        if name == "options":
            name = values.chance.choice(_CALL_OPTIONS)
        given[name] = values.changed(given[name]) if name in given else values.odd()
    form = values.chance.choice([name for name in _FORMS if hasattr(bound, name)])
    if "parse" in form:
        given["type"] = values.chance.choice((int, dict, list[int], str | None, models.ChatCompletion, values.odd(2)))
    if form == "download":
        given["path"] = folder / "file"
    _finish(getattr(bound, form)(**given), values)


_FORMS = (
    *("sync", "sync_detailed", "asyncio", "request", "stream", "asyncio_stream", "iter", "asyncio_iter", "parse"),
    *("parse_stream", "download"),
)


def _finish(found: Any, values: Values) -> None:
    """Use what a call returned: await it, read it, look at it."""
    if isinstance(found, sdk.Stream):
        with found:
            for _ in found.events() if values.chance.random() < 0.5 else found:
                pass
            found.final()
    elif isinstance(found, sdk.operation.Request):
        for look in (found.content, repr, lambda: (found.url, found.headers)):
            look(found) if look is repr else look()  # type: ignore[call-arg]
    elif inspect.isasyncgen(found) or isinstance(found, Awaitable | sdk.AsyncStream):
        asyncio.run(_await(found))
    elif inspect.isgenerator(found):
        list(itertools.islice(found, 20))
    elif hasattr(found, "to_dict"):
        found.to_dict()


async def _await(found: Any) -> None:
    if isinstance(found, sdk.AsyncStream):
        async with found:
            async for _ in found:
                pass
            await found.final()
    elif inspect.isasyncgen(found):
        async for number in found:
            if number is None:
                break
    else:
        await found


def _client(values: Values, client: Client, folder: Path) -> None:
    options = {values.chance.choice(sorted(OpenAIOptions.table)): values.odd()} if values.chance.random() < 0.7 else {}
    with client_of(values, **options) as made:
        repr(made)
        repr(made.options)
        with suppress(SDKError, TypeError):
            made.with_options(**{values.chance.choice(sorted(OpenAIOptions.table)): values.odd()}).close()
        made.models.list.sync()


def _request(values: Values, client: Client, folder: Path) -> None:
    given: dict[str, Any] = {"method": "POST", "path": "/x"}
    names = ["method", "path", "query", "headers", "json", "files", "returns", "nonsense", *_CALL_OPTIONS]
    given |= {values.chance.choice(names): values.odd() for _ in range(values.chance.randint(1, 3))}
    if values.chance.random() < 0.7:
        client.request(**given)
    else:
        asyncio.run(client.arequest(**given))


def add(a: int = 1, b: str | None = None) -> int:
    """Add."""
    return a


def _session(values: Values, client: Client, folder: Path) -> None:
    kind = values.chance.choice((ChatSession, ResponsesSession))
    right: dict[str, Any] = {
        "model": "m", "messages": [{"role": "user", "content": "x"}], "tools": [add], "temperature": 1,
        "tool_choice": "auto", "extra_body": {}, "functions": [], "instructions": "x", "previous_response_id": "r",
    }  # fmt: skip
    own = inspect.signature(kind).parameters
    right = {name: value for name, value in right.items() if name in own or name not in _OF_ONE}
    given = {name: value for name, value in right.items() if values.chance.random() < 0.3}
    if values.chance.random() < 0.5:
        name = values.chance.choice(list(right))
        given[name] = values.changed(right[name])
    session = kind(client, **given)
    for _ in range(values.chance.randint(1, 4)):
        with suppress(SDKError, TypeError, ValueError):
            session = _step(session, values, client, folder)


_OF_ONE = frozenset({"functions", "instructions", "previous_response_id"})


def _step(session: Any, values: Values, client: Client, folder: Path) -> Any:
    """Call a method of a session, and return the session to go on with."""
    name = values.chance.choice(_METHODS)
    message = values.often("hi")
    options = {}
    if values.chance.random() < 0.3:
        options[values.chance.choice(_TURN_OPTIONS)] = values.odd()
    if name == "messages":
        session.messages = values.often([values.odd(), values.odd()])
    elif name == "load":
        kind = "chat" if isinstance(session, ChatSession) else "responses"
        saved = {"version": 1, "kind": kind, "model": "m", "messages": [], "tools": [], "functions": [], "params": {}}
        saved |= {"known": 0, "instructions": None, "previous_response_id": None}
        saved[values.chance.choice(list(saved))] = values.json()
        (folder / "session").write_text(json.dumps(saved), encoding="utf-8")
        return type(session).load(folder / "session", client)
    elif name == "save":
        session.save(folder / "session")
    elif name == "fork":
        return session.fork()
    elif name == "append_message":
        session.append_message(message)
    elif name in ("repair", "last_message"):
        getattr(session, name)()
    else:
        arguments = [] if "generate" in name else [message]
        _finish(getattr(session, name)(*arguments, **options), values)
    return session


_METHODS = (
    *(
        "send",
        "asend",
        "run",
        "arun",
        "generate_response",
        "agenerate_response",
        "append_message",
        "messages",
        "repair",
    ),
    *("last_message", "fork", "save", "load"),
)
_TURN_OPTIONS = (
    *("on_chunk", "max_rounds", "approve", "temperature", "tools", "tool_choice", "model", "timeout", "keep_reply"),
    *("append", "extra_body", "messages", "input", "store", "include"),
)


def _tool(values: Values, client: Client, folder: Path) -> None:
    def made(x=None, y=None):  # type: ignore[no-untyped-def]
        return x

    kinds = [int, str, list[int], dict[str, int], None, "nope", "int", float | None, values.odd(2)]
    made.__annotations__.update(x=values.chance.choice(kinds), y=values.chance.choice(kinds))
    made.__doc__ = values.often("Make it.")
    if values.chance.random() < 0.5:
        made.__defaults__ = (values.odd(), None)
    options = {values.chance.choice(("name", "description")): values.often("x")} if values.chance.random() < 0.3 else {}
    tool = Tool(values.often(made), **options)
    tool.definition()
    arguments = values.often('{"x": 1.0}')
    tool.call(arguments)
    asyncio.run(tool.acall(arguments))


def _model(values: Values, client: Client, folder: Path) -> None:
    model = getattr(models, values.chance.choice([name for name in dir(models) if name[:1].isupper()]))
    if not isinstance(model, type) or not hasattr(model, "from_dict"):
        model = models.ChatCompletion  # a union
    fields = [field.name for field in getattr(model, "__attrs_attrs__", ()) if field.name != "_wire"]
    wire = {name: values.json() if values.chance.random() < 0.5 else values.odd(3) for name in fields[:5]}
    made = model.from_dict(values.often(wire))
    with suppress(ValueError):  # of a value that raises it
        repr(made)
    for name in fields[:3]:
        made.to_dict()
        setattr(made, name, values.odd())
    made.to_json(indent=values.often(None))


def _webhook(values: Values, client: Client, folder: Path) -> None:
    headers = {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,AA=="}
    given = {"secret": "whsec_AAAA", "now": 1, "tolerance": 300, "seen": None}
    given[values.chance.choice(list(given))] = values.odd()
    function: Any = values.chance.choice((webhooks.verify, webhooks.unwrap))
    function(values.often(b"{}"), values.often(values.changed(headers)), **given)


def _upload(values: Values, client: Client, folder: Path) -> None:
    (folder / "data").write_bytes(b"x" * 100)
    names = ("part_size", "resume", "on_progress", "on_state", "mime_type", "filename", "concurrency", "timeout", "x")
    options: Any = {values.chance.choice(names): values.odd()}
    purpose: Any = values.often("batch")
    sdk.upload_large(values.often(folder / "data"), purpose=purpose, client=client, **options)


def _file(values: Values, client: Client, folder: Path) -> None:
    content, name, kind = values.often(b"x"), values.often("x"), values.often("text/plain")
    file = values.chance.choice(((name, content), (name, content, kind), content))
    if values.chance.random() < 0.4:
        file = sdk.File(content, name=name, content_type=kind, on_progress=values.often(None))
    client.files.create.sync(file=file, purpose="batch")


def _decoder(values: Values, client: Client, folder: Path) -> None:
    decoder = sse.Decoder(max_line_bytes=10, max_event_bytes=10)
    if values.chance.random() < 0.3:
        decoder = sse.Decoder(values.odd(), max_event_bytes=values.often(10))
    for _ in range(3):
        decoder.feed(values.often(b"data: x\n\n") if values.chance.random() < 0.3 else values.chance.randbytes(20))


def _server(values: Values, client: Client, folder: Path) -> None:
    server: Any = LocalServer()
    rule = getattr(server, values.chance.choice(_RULES))
    parameters = list(inspect.signature(rule).parameters.values())
    rule(*[values.odd() for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD][: values.chance.randint(1, 3)])


_RULES = ("reply", "reply_json", "reply_bytes", "reply_tool_calls", "fail", "cut_stream", "stall", "on")


def _other(values: Values, client: Client, folder: Path) -> None:
    first, second, third = values.odd(), values.odd(), values.odd()
    calls: tuple[Callable[[], object], ...] = (
        lambda: sdk.image(first, second),
        lambda: UploadState.from_dict(values.often({"upload_id": first, "size": second, "parts": third})),
        lambda: within_tokens(values.often([{"role": "user", "content": first}]), values.often(10), values.often(None)),
        lambda: tools.definitions(first),
        lambda: tools.as_tool(first),
        lambda: tools.find(first, second),
        lambda: tools.name_of(first),
        lambda: errors.error_in_body(first),
        lambda: errors.visible_headers(first),
        lambda: sdk.Reply(models.ChatCompletion.from_dict(values.json())),
    )
    values.chance.choice(calls)()


TARGETS = {
    "operation": Target(_operation, paths=True),
    "client": Target(_client),
    "request": Target(_request),
    "session": Target(_session),
    "tool": Target(_tool),
    "model": Target(_model),
    "webhook": Target(_webhook),
    "upload": Target(_upload, paths=True),
    "file": Target(_file),
    "decoder": Target(_decoder),
    "local server": Target(_server),
    "other": Target(_other),
}
