"""Keys of the local server of any API: they are where the security schemes of an operation want them."""

from __future__ import annotations

import base64

import pytest
from starlette.datastructures import Headers, QueryParams

from sdk.testing.description import document
from sdk.testing.server import keys, recorded_request
from sdk.testing.server.recorded_request import RecordedRequest

_SCHEMES = {
    "token": ("header", "Authorization", "Bearer"),
    "user": ("header", "Authorization", "Basic"),
    "head": ("header", "X-Key", ""),
    "query": ("query", "key", ""),
    "cookie": ("cookie", "sid", ""),
}
_BASIC = base64.b64encode(b"k-1:").decode()
_USER = base64.b64encode(b"ann:k-1").decode()


@pytest.fixture(autouse=True)
def _api(monkeypatch: pytest.MonkeyPatch) -> None:
    operations = {name: {"method": "GET", "path": f"/{name}", "security": [[name]]} for name in _SCHEMES}
    operations["both"] = {"method": "GET", "path": "/both", "security": [["token", "head"], ["query"]]}
    operations["open"] = {"method": "GET", "path": "/open"}
    described = document.Description({"operations": operations, "schemas": {}, "schemes": _SCHEMES})
    monkeypatch.setattr(keys, "description", lambda: described)
    monkeypatch.setattr(keys, "operations", lambda: operations)
    monkeypatch.setattr(recorded_request, "operation_of", lambda method, path, query: path.removeprefix("/"))


def _refused(name: str, query: str = "", **headers: str) -> str | None:
    request = RecordedRequest("GET", f"/{name}", QueryParams(query), Headers(headers), b"")
    failure = keys.refuse_without("k-1")(request)
    return None if failure is None else str(failure)


@pytest.mark.parametrize(
    ("name", "query", "headers"),
    [
        ("token", "", {"authorization": "bearer k-1"}),
        ("user", "", {"authorization": f"Basic {_BASIC}"}),
        ("user", "", {"authorization": f"Basic {_USER}"}),
        ("head", "", {"x-key": "k-1"}),
        ("query", "key=k-1", {}),
        ("cookie", "", {"cookie": "a=b; sid=k-1"}),
        ("both", "key=k-1", {}),
        ("both", "", {"authorization": "Bearer k-1", "x-key": "k-1"}),
        ("open", "", {}),
    ],
)
def test_the_key_in_its_place_is_accepted(name: str, query: str, headers: dict[str, str]) -> None:
    """One alternative of an operation is enough; an operation without security needs no key."""
    assert _refused(name, query, **headers) is None


@pytest.mark.parametrize(
    ("name", "query", "headers"),
    [
        ("token", "", {"authorization": "k-1"}),
        ("token", "", {"authorization": "Bearer k-2"}),
        ("user", "", {"authorization": "Basic k-1"}),
        ("query", "", {"x-key": "k-1"}),
        ("both", "", {"x-key": "k-1"}),
        ("cookie", "", {"cookie": "sid"}),
    ],
)
def test_a_missing_or_wrong_key_is_refused(name: str, query: str, headers: dict[str, str]) -> None:
    """The error says where the key belongs, and never shows a key."""
    message = _refused(name, query, **headers)
    assert message is not None and message.startswith("The key is missing or wrong. Send it in the ")
    assert "k-1" not in message


def test_the_error_names_every_place() -> None:
    """Alternatives are joined by or, the schemes of one by and."""
    places = "the header 'Authorization' as Bearer KEY and the header 'X-Key' or the query 'key'"
    assert _refused("both") == f"The key is missing or wrong. Send it in {places}."
