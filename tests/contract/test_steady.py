"""All 389 operations against Steady, which knows the document and judges each request by it."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import Any

import pytest
import yaml

from sdk import Client
from sdk.errors import BadRequestError
from sdk.response import APIResponse

from ..conformance.arguments import Arguments, Call
from ..conformance.document import EVENTS, Operation, pinned
from ..conformance.surface import AnyEndpoint, endpoint
from .node import HERE

_KNOWN = yaml.safe_load((HERE / "known.yaml").read_text(encoding="utf-8"))
_FAULTS: dict[str, dict[str, Any]] = {entry["operation"]: entry for entry in _KNOWN if "field" in entry}
_ONLY: dict[str, set[str]] = {entry["operation"]: set(entry["only"]) for entry in _KNOWN if "only" in entry}
_OPERATIONS = {str(operation): operation for operation in pinned().operations}
#: Those that do not only stream.
_REPLYING = [name for name, operation in _OPERATIONS.items() if list(operation.replies) != [EVENTS]]


def _client(url: str, **options: Any) -> Client:
    keys: Any = {"api_key": "sk-contract-test-key", "admin_api_key": "sk-contract-admin-key"}
    return Client(api_base=url, max_retries=0, http_options={"trust_env": False}, **keys, **options)


def _calls(operation: Operation, *, full: bool) -> list[Call]:
    only = _ONLY.get(str(operation))
    calls = Arguments(pinned(), operation, endpoint(operation)).calls(full=full or only is not None)
    if only is not None:
        for call in calls:
            call.keywords = {name: value for name, value in call.keywords.items() if name in only}
    return calls


def _sync(url: str, called: AnyEndpoint, call: Call) -> APIResponse[Any]:
    with _client(url) as client:
        return called.sync_detailed(client=client, **call.keywords)


def _asyncio(url: str, called: AnyEndpoint, call: Call) -> APIResponse[Any]:
    async def run() -> APIResponse[Any]:
        async with _client(url) as client:
            return await called.asyncio_detailed(client=client, **call.keywords)

    return asyncio.run(run())


_WAYS = pytest.mark.parametrize("send", [_sync, _asyncio], ids=["sync", "asyncio"])


def _check(operation: Operation, reply: APIResponse[Any]) -> None:
    """Assert that Steady took the request as valid for this operation, and that its reply was read, all of it."""
    assert reply.headers["x-steady-request-valid"] == "true"
    assert reply.headers["x-steady-matched-path"] == operation.path
    assert reply.status_code == int(operation.status)
    settings = endpoint(operation)._spec
    if settings.reply_kind == "json":
        model = settings.model(settings.reply)
        assert not inspect.isclass(model) or type(reply.parsed) is model
        assert reply.parsed.to_dict() == json.loads(reply.content)
    else:
        kinds = {"none": None, "text": reply.content.decode(errors="replace"), "binary": reply.content}
        assert reply.parsed == kinds[settings.reply_kind]


def test_389_operations_are_called() -> None:
    """None is left out, and every known fault is one of an operation that exists."""
    assert len(_OPERATIONS) == 389
    assert _OPERATIONS.keys() >= _FAULTS.keys() | _ONLY.keys()
    assert all(entry["reason"] for entry in _KNOWN)


@_WAYS
@pytest.mark.parametrize("name", _REPLYING)
def test_required_fields(steady: str, name: str, send: Any) -> None:
    """Steady calls the request with the required fields valid, and its reply decodes."""
    operation = _OPERATIONS[name]
    for call in _calls(operation, full=False):
        _check(operation, send(steady, endpoint(operation), call))


@_WAYS
@pytest.mark.parametrize("name", [name for name in _REPLYING if name not in _FAULTS])
def test_all_fields(steady: str, name: str, send: Any) -> None:
    """Steady calls the request with every field valid, and its reply decodes."""
    operation = _OPERATIONS[name]
    for call in _calls(operation, full=True):
        _check(operation, send(steady, endpoint(operation), call))


@_WAYS
@pytest.mark.parametrize("name", _FAULTS)
def test_known_faults_are_all_that_is_refused(steady: str, name: str, send: Any) -> None:
    """Of a listed operation Steady refuses the field that is listed, and nothing else; the entry is still needed."""
    operation, fault = _OPERATIONS[name], _FAULTS[name]
    calls = [call for call in _calls(operation, full=True) if fault["field"] in call.keywords]
    assert calls != []
    for call in calls:
        with pytest.raises(BadRequestError) as caught:
            send(steady, endpoint(operation), call)
        body: Any = caught.value.body
        assert [one["code"] for one in body["steady"]["errors"]] == fault["codes"]
        del call.keywords[fault["field"]]
        _check(operation, send(steady, endpoint(operation), call))


@pytest.mark.parametrize("name", [name for name, operation in _OPERATIONS.items() if EVENTS in operation.replies])
def test_streams_are_asked_for_validly(steady: str, name: str) -> None:
    """The request for a stream is valid. Of the stream itself Steady is no judge: it makes one up, without an end."""
    operation = _OPERATIONS[name]
    called: Any = endpoint(operation)
    (call, *_) = _calls(operation, full=False)
    seen: list[int] = []
    client = _client(steady, on_response=lambda reply: seen.append(reply.status_code))
    # Entering sends the request; Steady refuses with 400 what is not valid.
    with client, called.stream(client=client, **call.keywords):
        assert seen == [int(operation.status)]
