"""Group JSON of the fault table: whole replies that are not what they should be."""

from __future__ import annotations

from typing import Any

import pytest

from sdk._core.reply.decode import parse
from sdk.errors import APIResponseError, APIStatusError, BadRequestError

from .conftest import Call
from .raw import CHAT, Raw, always, reply

_JSON = "Content-Type: application/json\r\nX-Request-Id: req_1\r\n"


@pytest.mark.parametrize("body", [b'{"id":', b'{"id": "\xff\xfe"}', b"{'id': 1}"], ids=["j1", "j2", "quotes"])
def test_j1_j2_not_json(call: Call, body: bytes) -> None:
    """A reply that is no JSON, or no UTF-8, is told with its body and request id, and not asked for again."""
    with Raw(always(reply(body, headers=_JSON))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert "not JSON" in str(outcome.failed)
    assert (outcome.failed.body, outcome.failed.request_id, outcome.failed.status_code) == (body, "req_1", 200)
    assert outcome.failed.request is not None
    assert outcome.failed.request_sent is True
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


def test_j3_web_page(call: Call) -> None:
    """A login page in place of a reply is told with its content type."""
    with Raw(always(reply(b"<!doctype html><title>Log in</title>", headers="Content-Type: text/html\r\n"))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert "not JSON (text/html)" in str(outcome.failed)
    assert "looks like a web page" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


def test_j4_error_with_200(call: Call) -> None:
    """An error that comes as a success is an error."""
    with Raw(always(reply(b'{"error":{"message":"overloaded","code":"busy","type":"server"}}'))) as server:
        outcome = call(server, open=1)
    failed = outcome.failed
    assert type(failed) is APIResponseError
    assert (failed.message, failed.code, failed.type) == ("overloaded", "busy", "server")
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize("body", [b"[1,2]", b'"text"', b"null", b"7"])
def test_j5_wrong_top_level(call: Call, body: bytes) -> None:
    """A reply that is no object where one was expected is an error."""
    with Raw(always(reply(body))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert "where an object was expected" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"a":' * 200_000, b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"]
)
def test_j6_deep(call: Call, body: bytes) -> None:
    """A reply nested without end is an error, and no crash."""
    with Raw(always(reply(body))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1, -(2**64), 10**40, 9_999_999_999_999_999_999])
def test_j7_huge_integers_are_kept(call: Call, number: int) -> None:
    """A whole number beyond 64 bits comes out as it was sent, not rounded to a float."""
    with Raw(always(reply(CHAT.replace(b'"created":1', b'"huge":%d' % number)))) as server:
        outcome = call(server, open=1)
    kept = outcome.reply.parsed.additional_properties["huge"]
    assert (kept, type(kept)) == (number, int)
    assert outcome.open == 1


def test_j7_too_many_digits(call: Call) -> None:
    """A number of 5,000 digits is typed or kept, never wrong."""
    with Raw(always(reply(CHAT.replace(b'"created":1', b'"huge":' + b"9" * 5000)))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.12345678901234567890123", 0.12345678901234568),
        ("12345678901234567890.5", 12345678901234567890.5),
        ("1e0000000000000000000001", 10.0),
        ("1e-0000000000000000000001", 0.1),
        ('"12345678901234567890"', "12345678901234567890"),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775809", -(2**63) - 1),
        ("100000000000000000000", 10**20),
        ("[1,100000000000000000000]", [1, 10**20]),
    ],
)
def test_j7_long_digits(text: str, value: Any) -> None:
    """Digits in a row are read for what they are: fraction, exponent, text or whole number; from text and bytes."""
    for content in (text, text.encode()):
        found = parse(content, "", {})
        assert (found, type(found)) == (value, type(value))


def test_j8_unknown_and_missing(call: Call) -> None:
    """Fields and values nobody knows are kept; fields that are missing read as None."""
    with Raw(always(reply(b'{"object":"new.kind","novel":{"a":[1]},"service_tier":"turbo"}'))) as server:
        outcome = call(server, open=1)
    parsed = outcome.reply.parsed
    assert (parsed.object, parsed.id, parsed.service_tier) == ("new.kind", None, "turbo")
    assert parsed.to_dict() == {"object": "new.kind", "novel": {"a": [1]}, "service_tier": "turbo"}
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        (b'{"error":"no such model"}', "no such model", None),
        (b"<html><title>Bad gateway</title></html>", 'an HTML page titled "Bad gateway"', None),
        (b'{"error":{"message":"m","code":40012}}', "m", "40012"),
        (b"", "", None),
        (b"\xff\xfe", "", None),
    ],
)
def test_j9_error_bodies(call: Call, body: bytes, message: str, code: str | None) -> None:
    """Whatever the body of a refusal is, its message and the body are kept."""
    with Raw(always(reply(body, "400 Bad Request"))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is BadRequestError
    assert isinstance(outcome.failed, APIStatusError)
    assert (outcome.failed.message, outcome.failed.code) == (message, code)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)
