"""All 389 operations, called from arguments made out of the document and judged by the document."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from collections.abc import Collection, Iterator
from typing import Any

import httpx
import pytest
from attrs import evolve

from sdk import Client

from .arguments import FILE, Arguments, Call
from .document import EVENTS, FORM, JSON, MULTIPART, Operation, pinned
from .recorder import BASE, Recorder
from .surface import endpoint, endpoints

FORMS = [pytest.param(full, id="all fields" if full else "required fields") for full in (False, True)]


def every(kind: str | None = None) -> list[Any]:
    """Return all operations, or those that declare a kind of reply, as parameters of a test."""
    return [pytest.param(o, id=str(o)) for o in pinned().operations if kind is None or kind in o.replies]


def replying() -> list[Any]:
    """Return all operations but those that only stream, as parameters of a test."""
    return [pytest.param(o, id=str(o)) for o in pinned().operations if list(o.replies) != [EVENTS]]


@pytest.fixture(autouse=True)
def _deprecations_are_fine() -> Iterator[None]:
    """Deprecated operations and arguments are called here too; that they warn is tested elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def client_of(recorder: Recorder, **options: Any) -> Client:
    """Return a client whose requests the recorder answers."""
    transport = httpx.MockTransport(recorder.answer)
    return Client(api_base=BASE, api_key="key", admin_api_key="admin-key", transport=transport, strict=True, **options)


def check(recorder: Recorder, call: Call, called: Any, kinds: Collection[str]) -> None:
    """Assert that the last request was valid, and said what the arguments said; `kinds` are those of the body."""
    assert recorder.problems == []
    seen = recorder.seen[-1]
    assert (seen.path, seen.query, seen.header) == (call.path, call.query, call.header)
    if asks := called._spec.body_defaults:
        call = evolve(call, body={**asks, **call.body})
    alone = seen.kind not in (JSON, MULTIPART, FORM) and isinstance(call.body, dict)
    assert seen.body == (next(iter(call.body.values())) if alone else call.body)
    if len(kinds) > 1 and seen.kind in (JSON, MULTIPART, FORM):  # of several content types a file decides
        assert seen.kind == (MULTIPART if holds_file(call.body) or JSON not in kinds else JSON)


def holds_file(body: Any) -> bool:
    """Tell whether bytes are among the fields of a body."""
    return any(isinstance(v, bytes) or (isinstance(v, list) and FILE in v) for v in body.values())


def check_reply(operation: Operation, reply: Any, replied: Any) -> None:
    """Assert that a reply is of the named type and holds what was sent."""
    settings = endpoint(operation)._spec
    if settings.reply_kind == "json":
        model = settings.model(settings.reply)
        if inspect.isclass(model):
            assert type(reply) is model
        assert reply.to_dict() == replied
    else:
        assert reply == replied


def test_every_operation_is_there() -> None:
    """The SDK has the document's 389 operations, each once."""
    assert {operation.key for operation in pinned().operations} == set(endpoints())
    assert len(endpoints()) == 389


@pytest.mark.parametrize("full", FORMS)
@pytest.mark.parametrize("operation", replying())
def test_calls(operation: Operation, full: bool) -> None:
    """Sync and asyncio calls send what the document accepts, and return the typed reply."""
    called = endpoint(operation)
    for call in Arguments(pinned(), operation, called).calls(full=full):
        recorder = Recorder(pinned(), operation, full=full)
        with client_of(recorder) as client:
            reply = called.sync(client=client, **call.keywords)
            check(recorder, call, called, operation.bodies())
            check_reply(operation, reply, recorder.replied)
        recorder = Recorder(pinned(), operation, full=full)
        reply = asyncio.run(_acall(recorder, called, call))
        check(recorder, call, called, operation.bodies())
        check_reply(operation, reply, recorder.replied)
        admin = any("admin" in scheme.lower() for one in operation.raw.get("security", ()) for scheme in one)
        assert {seen.key for seen in recorder.seen} == {"Bearer admin-key" if admin else "Bearer key"}


def test_lists_and_objects_of_a_query_have_brackets() -> None:
    """The API reads name[] and name[key]; the overlay has this rule for every parameter of the document."""
    found: set[str] = set()
    for operation in pinned().operations:
        called = endpoint(operation)
        (call, *_) = Arguments(pinned(), operation, called).calls(full=True)
        names = {name for name, _ in called.request(**call.keywords).query}
        for name, value in call.query.items():
            if isinstance(value, dict | list):
                wanted = {f"{name}[{key}]" for key in value} if isinstance(value, dict) else {f"{name.rstrip('[]')}[]"}
                assert wanted <= names, f"{operation}: {name}"
                found |= wanted
    assert {"include[]", "group_by[]", "event_types[]", "metadata[a_key]", "effective_at[gt]"} <= found


async def _acall(recorder: Recorder, called: Any, call: Call) -> Any:
    async with client_of(recorder) as client:
        return await called.asyncio(client=client, **call.keywords)


@pytest.mark.parametrize("full", FORMS)
@pytest.mark.parametrize("operation", every(EVENTS))
def test_streams(operation: Operation, full: bool) -> None:
    """A stream's request is valid with its switch on, and its event comes out typed."""
    called: Any = endpoint(operation)
    call = Arguments(pinned(), operation, called).calls(full=full)[0]
    recorder = Recorder(pinned(), operation, full=full)
    # One event, which need not be a last one.
    with (
        client_of(recorder, require_stream_end=False) as client,
        called.stream(client=client, **call.keywords) as stream,
    ):
        chunks = list(stream)
    assert recorder.problems == []
    assert [chunk.to_dict() for chunk in chunks] == [recorder.replied]


@pytest.mark.parametrize("operation", every("text/plain"))
def test_text_replies(operation: Operation) -> None:
    """Where the document allows text beside JSON, a text comes back as it is."""
    called = endpoint(operation)
    call = Arguments(pinned(), operation, called).calls(full=False)[0]
    recorder = Recorder(pinned(), operation, full=False, reply="text/plain")
    with client_of(recorder) as client:
        assert called.sync(client=client, **call.keywords) == recorder.replied
    check(recorder, call, called, operation.bodies())
