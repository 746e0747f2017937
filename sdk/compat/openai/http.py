"""Requests and responses as objects of httpx, for programs that read them. Loaded with the first one."""

from __future__ import annotations

import json
from typing import Any

import httpx


class _Request(httpx.Request):
    def __str__(self) -> str:  # as errors show it
        return f"{self.method} {self.url}"


def request_of(info: Any, headers: Any = None, content: bytes | None = None) -> httpx.Request:
    """Return a request from what has a method and a URL."""
    return _Request(info.method, info.url, headers=headers, content=content)


def response_of(status: int, headers: Any, body: Any, request: Any) -> httpx.Response:
    """Return a response; a body that is not bytes is written as JSON."""
    content = body.encode() if isinstance(body, str) else body
    if not isinstance(content, bytes | None):
        content = json.dumps(body).encode()
    shown = {
        name: text
        for name, text in headers.items()
        if name.lower() not in ("content-encoding", "content-length", "transfer-encoding")
    }
    return httpx.Response(
        status, headers=shown, content=content, request=request if isinstance(request, httpx.Request) else None
    )
