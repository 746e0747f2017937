"""Odd values of any type, by chance: what a caller may pass by mistake, and what a server may send."""

from __future__ import annotations

import datetime
import decimal
import enum
import io
import json
import random
import uuid
from typing import Any

import httpx

from sdk import UNSET, Client, models


class Kind(enum.Enum):
    """An enum of mixed values."""

    TEXT = "x"
    NUMBER = 5


class Hostile:
    """An object that can be neither shown, compared, hashed nor tested for truth."""

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise ValueError("no repr")

    def __eq__(self, other: object) -> bool:
        raise TypeError("no comparison")

    def __bool__(self) -> bool:
        raise TypeError("no truth")


class Text(str):
    """A str that is not a plain one."""

    __slots__ = ()


def _cycle() -> Any:
    found: dict[str, Any] = {}
    found["a"] = [found]
    return found


def _deep() -> Any:
    found: Any = []
    for _ in range(5000):
        found = [found]
    return found


_MESSAGES: list[Any] = [
    {"role": "user", "content": "hi"},
    {"role": "user"},
    {"role": []},
    {"role": "assistant", "content": None},
    {
        "role": "assistant",
        "tool_calls": [{"id": "a", "type": "function", "function": {"name": "add", "arguments": "{}"}}],
    },
    {"role": "tool", "tool_call_id": "a", "content": "x"},
    {"type": "function_call", "call_id": "c", "name": "add", "arguments": "{"},
    {"type": "message", "content": [{"type": "output_text"}]},
    {"type": "function", "function": {"name": "add"}},
]
_TEXTS = [
    *("", " ", "x", "é", "€", "\0", "\ud800", "x\r\ny: z", "\ufeff", "a" * 3000, "nan", "1e999", "[", "{}", "[DONE]"),
    *(
        "..",
        "a/b",
        "%2e%2e",
        "http://",
        "http://[v1.example]",
        "http://h^x",
        "http://h/\x85",
        "file:///etc",
        "https://\0",
    ),
    *("data:image/png;base64,", "auto", "none", "json", "text", "required", "user"),
]
_NUMBERS = [
    0,
    1,
    -1,
    1.5,
    10**5000,
    -(10**5000),
    2**63,
    2**64,
    1e308,
    -0.0,
    float("nan"),
    float("inf"),
    1j,
    True,
    False,
]
#: Values of many types, each odd in its own way.
ODD: list[Any] = [
    *_TEXTS,
    *_NUMBERS,
    *_MESSAGES,
    *(
        None,
        ...,
        NotImplemented,
        UNSET,
        object(),
        Hostile(),
        Text("x"),
        Kind.TEXT,
        Kind.NUMBER,
        Kind,
        _cycle(),
        _deep(),
    ),
    *(b"", b"x", b"\xff\xfe", bytearray(b"x"), memoryview(b"x"), [], [None], {}, {1: "x"}, {"a": object()}, set(), ()),
    *(datetime.datetime(2020, 1, 1), datetime.date(1, 1, 1), decimal.Decimal("nan"), uuid.UUID(int=1), frozenset({1})),
    *(io.BytesIO(b"x"), io.StringIO("x"), range(3), iter(()), json, json.loads, print, len, lambda: 1, type, str, list),
    *(ValueError, ValueError("x"), Client, httpx.Client, httpx.MockTransport, httpx.Limits(), models.ChatCompletion),
]
_KEYS = [
    *(
        "role",
        "content",
        "type",
        "id",
        "name",
        "function",
        "tool_calls",
        "arguments",
        "text",
        "data",
        "object",
        "error",
    ),
    *(
        "message",
        "stream",
        "url",
        "output",
        "choices",
        "status",
        "usage",
        "finish_reason",
        "index",
        "has_more",
        "last_id",
    ),
    *("first_id", "next_page", "call_id", "summary", "", "é", "\ud800"),
]
_JSON: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.5, 1e300, 10**30, "", "x", "é", [], {}, [None], [[]], [{}]),
    *({"id": "x"}, {"data": []}, {"error": {"message": "m"}}, {"object": "error"}),
]
_CALL = {"id": "a", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
_DEEPEST = 4


class Values:
    """Values, and replies of a server, by one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def odd(self, depth: int = 0) -> Any:
        """Return any value."""
        kind = self.chance.random()
        if depth < _DEEPEST and kind < 0.15:
            return [self.odd(depth + 1) for _ in range(self.chance.randint(0, 3))]
        if depth < _DEEPEST and kind < 0.35:
            keys = [*_KEYS, 1, None, b"x", True]
            return {self.chance.choice(keys): self.odd(depth + 1) for _ in range(self.chance.randint(0, 4))}
        if kind < 0.4:
            return "".join(chr(self.chance.randrange(0x110000)) for _ in range(self.chance.randint(0, 9)))
        if kind < 0.45:
            return self.chance.randbytes(self.chance.randint(0, 20))
        return self.chance.choice(ODD)

    def json(self, depth: int = 0) -> Any:
        """Return any JSON."""
        kind = self.chance.random()
        if depth < _DEEPEST and kind < 0.2:
            return [self.json(depth + 1) for _ in range(self.chance.randint(0, 3))]
        if depth < _DEEPEST and kind < 0.6:
            return {self.chance.choice(_KEYS[:-1]): self.json(depth + 1) for _ in range(self.chance.randint(0, 5))}
        return self.chance.choice(_JSON)

    def changed(self, value: Any, depth: int = 0) -> Any:
        """Return a value that is odd in one place."""
        if depth < 6 and value and self.chance.random() < 0.7:
            if isinstance(value, dict):
                key = self.chance.choice([*value, self.chance.choice(_KEYS)])
                return {**value, key: self.changed(value.get(key), depth + 1)}
            if isinstance(value, list):
                place = self.chance.randrange(len(value))
                return [*value[:place], self.changed(value[place], depth + 1), *value[place + 1 :]]
        return self.odd(1)

    def often(self, usual: Any) -> Any:
        """Return the usual value, or any other."""
        return usual if self.chance.random() < 0.5 else self.odd()

    def reply(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as a server may that is odd, broken or of another kind."""
        status = self.chance.choice((200, 200, 200, 200, 201, 204, 302, 304, 400, 404, 429, 500))
        kinds = ("application/json", "application/json", "application/json", "text/event-stream", "text/plain")
        headers = {
            "content-type": self.chance.choice((*kinds, "text/html", "audio/mpeg", "x;;", "text/plain; charset=x"))
        }
        for name, values in _HEADERS.items():
            if self.chance.random() < 0.08:
                headers[name] = self.chance.choice(values)
        return httpx.Response(status, headers=headers, content=self._body())

    def _body(self) -> bytes:
        kind = self.chance.random()
        if kind < 0.4:
            message = {
                "role": "assistant",
                "content": "hi",
                "tool_calls": [_CALL] if self.chance.random() < 0.5 else None,
            }
            message[self.chance.choice((*message, "audio", "x"))] = self.json(2)
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            return _encoded({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})
        if kind < 0.7:
            return _encoded(self.json())
        if kind < 0.8:
            return self.chance.randbytes(self.chance.randint(0, 50))
        events = [b"data: %b\n\n" % _encoded(self.json()) for _ in range(self.chance.randint(0, 4))]
        return b"".join([*events, *self.chance.choice(([], [b"data: [DONE]\n\n"]))])


_HEADERS = {
    "x-request-id": ("\x1b[1m", "\xff", "r"),
    "retry-after": ("0", "nan", "-1", "x", "9" * 30),
    "location": ("/x", "http://[", "\xff", "//", "http://other/"),
    "content-disposition": ('attachment; filename=".."', "filename*=utf-8''%ff", "\xff"),
}


def _encoded(wire: Any) -> bytes:
    return json.dumps(wire).encode("utf-8", "surrogatepass")
