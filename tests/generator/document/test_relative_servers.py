"""A server that is a path alone is on the host of the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.document.location import Url
from generator.document.relative_servers import complete_servers


@pytest.mark.parametrize(
    ("location", "url", "found"),
    [
        (Url("https://a.example/api/v3/openapi.json"), "/api/v3", "https://a.example/api/v3"),
        (Url("https://a.example/api/v3/openapi.json"), "../v2", "https://a.example/api/v2"),
        (Url("https://a.example/o.json"), "/{tenant}", "https://a.example/{tenant}"),
        (Url("https://a.example/o.json"), "https://b.example", "https://b.example"),
        (Url("https://a.example/o.json"), "//b.example", "//b.example"),
        (Url("https://a.example/o.json"), "{base}/v1", "{base}/v1"),
        (Url("http://127.0.0.1:8000/openapi.json"), "/api", "/api"),
        (Url("http://localhost:8000/openapi.json"), "/api", "/api"),
        (Path("o.json"), "/api", "/api"),
    ],
)
def test_servers(location: Any, url: str, found: str) -> None:
    """Only what a public URL completes changes: a document of this machine says nothing about hosts."""
    item: dict[str, Any] = {"servers": [{"url": url}], "get": {"servers": [{"url": url}]}}
    data = {"servers": [{"url": url}], "paths": {"/a": item}}
    complete_servers(data, location)
    owners: tuple[dict[str, Any], ...] = (data, item, item["get"])
    assert [owner["servers"][0]["url"] for owner in owners] == [found] * 3
