"""Errors whose bodies the document declares have them as models: `error.parsed`."""

from __future__ import annotations

import asyncio
import importlib
import pickle
from typing import Any

import pytest

from ...faults.raw import Raw, always, reply
from ..packages import Packages

PROBLEM = "{type: object, required: [code], properties: {code: {type: string}, since: {type: string, format: date}}}"
OTHER = "{$ref: '#/components/schemas/Other'}"
SCHEMAS = f"components: {{schemas: {{Problem: {PROBLEM}, Other: {PROBLEM.replace('since', 'until')}}}}}"


def _document(responses: str) -> str:
    return f"paths: {{/a: {{get: {{responses: {{'204': {{description: ok}}, {responses}}}}}}}}}\n{SCHEMAS}"


def _response(
    status: str, schema: str = "{$ref: '#/components/schemas/Problem'}", kind: str = "application/json"
) -> str:
    return f"'{status}': {{description: no, content: {{'{kind}': {{schema: {schema}}}}}}}"


def _error(made: Any, status: str, body: bytes) -> Any:
    """Return the error of a call, the same from `sync` and from `asyncio`."""
    answer = reply(body, status, "Content-Type: application/json\r\n")
    failed = importlib.import_module(f"{made.__name__}.errors").APIStatusError
    with Raw(always(answer)) as server, made.Client(api_base=server.url, max_retries=0) as client:
        with pytest.raises(failed) as caught:
            client.a.retrieve.sync()

        async def call() -> None:
            async with made.Client(api_base=server.url, max_retries=0) as one:
                await one.a.retrieve.asyncio()

        with pytest.raises(failed) as again:
            asyncio.run(call())
    assert again.value.parsed == caught.value.parsed
    return caught.value


@pytest.mark.parametrize(
    ("declared", "status", "model"),
    [
        (_response("404"), "404 Not Found", "Problem"),
        (_response("404", kind="application/problem+json"), "404 Not Found", "Problem"),
        (_response("4XX"), "409 Conflict", "Problem"),
        (_response("default"), "500 Internal Server Error", "Problem"),
        (f"{_response('default')}, {_response('4XX')}, {_response('404', OTHER)}", "404 Not Found", "Other"),
        (_response("404", PROBLEM), "404 Not Found", "AError404"),
    ],
)
def test_the_body_is_the_model_of_its_status(packages: Packages, declared: str, status: str, model: str) -> None:
    """The status comes before its range, and that before `default`; an inline schema has a class of its own."""
    error = _error(
        packages(_document(declared).replace("get: {", "get: {operationId: a, ")),
        status,
        b'{"code": "gone", "since": "2026-01-31"}',
    )
    assert (type(error.parsed).__name__, error.parsed.code) == (model, "gone")
    assert error.body == {"code": "gone", "since": "2026-01-31"}


def test_the_message_comes_from_the_body(packages: Packages) -> None:
    """A body without a key that is known as a message shows its values."""
    body = b'{"reasonCode": "gone", "since": "2026-01-31"}'
    error = _error(packages(_document(_response("404"))), "404 Not Found", body)
    assert error.message == "reasonCode: gone; since: 2026-01-31"
    assert "404 Not Found: reasonCode: gone" in str(error)


def test_another_body_is_no_model(packages: Packages) -> None:
    """A page, or a status that the document does not declare, has no model."""
    made = packages(_document(_response("404")))
    assert _error(made, "404 Not Found", b"<html>").parsed is None
    assert _error(made, "403 Forbidden", b'{"code": "no"}').parsed is None


def test_a_pickled_error_keeps_its_model(packages: Packages) -> None:
    """An error that crosses processes reads its body there."""
    error = pickle.loads(pickle.dumps(_error(packages(_document(_response("404"))), "404 Not Found", b'{"code": "x"}')))
    assert error.parsed.code == "x"


def test_a_long_name_of_an_inline_body(packages: Packages) -> None:
    """A class whose name is shortened is found by its new name."""
    document = _document(_response("404", PROBLEM)).replace("get: {", f"get: {{operationId: {'veryLongWords' * 6}, ")
    assert _error(packages(document), "404 Not Found", b'{"code": "gone"}').parsed.code == "gone"
