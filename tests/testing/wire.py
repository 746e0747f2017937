"""Read what comes over the wire, without the help of the SDK."""

import json
from typing import Any

import httpx

USER = {"role": "user", "content": "three little words"}
CHAT: dict[str, Any] = {"model": "gpt-4o-mini", "messages": [USER]}


def events(reply: httpx.Response) -> list[Any]:
    """Return the events of a stream; `[DONE]` stays a string."""
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    found = []
    for block in reply.text.removesuffix("\n\n").split("\n\n"):
        data = block.split("data: ", 1)[1]
        found.append(data if data == "[DONE]" else json.loads(data))
    return found


def event_names(reply: httpx.Response) -> list[str]:
    """Return what the `event:` lines of a stream say."""
    return [line.removeprefix("event: ") for line in reply.text.splitlines() if line.startswith("event: ")]


def chat(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the body of a chat request."""
    return {"model": "gpt-4o-mini", "messages": list(messages), **more}


def user(text: str) -> dict[str, Any]:
    """Return a user's message."""
    return {"role": "user", "content": text}


def error(reply: httpx.Response) -> tuple[int, str | None, str | None]:
    """Return the status, the param and the code of an error, whose object has exactly the API's four fields."""
    found = reply.json()["error"]
    assert set(found) == {"message", "type", "param", "code"}
    return reply.status_code, found["param"], found["code"]
