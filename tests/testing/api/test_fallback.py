"""Operations that have no handler of their own: all of them answer, and validly."""

from __future__ import annotations

import re

import httpx
import pytest

from sdk.testing import LocalServer
from sdk.testing.description.document import operations

from ..document import Document

_OPERATIONS = operations()


def test_every_operation_has_a_route(api: httpx.Client) -> None:
    """None of the 389 is unknown to the server or refuses its method."""
    refused = []
    for name, operation in _OPERATIONS.items():
        path = re.sub(r"\{\w+\}", "some-id", operation["path"])
        reply = api.request(operation["method"], path)
        unknown = reply.status_code == 404 and "path" in reply.text and "some-id" not in reply.text
        if unknown or reply.status_code in (405, 500):
            refused.append((name, reply.status_code, reply.text))
    assert refused == []
    assert len(_OPERATIONS) == 389


@pytest.mark.parametrize("place", ["loopback", "in process"])
def test_head_is_get_without_a_body(server: LocalServer, api: httpx.Client, place: str) -> None:
    """HEAD of a path that has GET is answered as GET is, of any other path with 405; nothing fails."""
    transport = server.transport() if place == "in process" else None
    paths = {re.sub(r"\{\w+\}", "some-id", operation["path"]) for operation in _OPERATIONS.values()}
    wrong = []
    with httpx.Client(base_url=api.base_url, headers=api.headers, transport=transport, trust_env=False) as client:
        for path in sorted(paths):
            got, head = client.get(path), client.head(path)
            if head.status_code != got.status_code or head.content or head.headers.keys() != got.headers.keys():
                wrong.append((path, got.status_code, head.status_code, head.text))
        other = [client.options(path).status_code for path in sorted(paths)]
    assert wrong == []
    assert set(other) == {405}


def test_described_replies_are_valid(api: httpx.Client, document: Document) -> None:
    """What is made from the description is valid by the pinned document, by another validator."""
    checked = 0
    for operation in _OPERATIONS.values():
        reply = api.request(operation["method"], re.sub(r"\{\w+\}", "some-id", operation["path"]))
        if reply.status_code != operation["status"] or "json" not in reply.headers.get("content-type", ""):
            continue
        document.check_status(reply.json(), operation["method"], operation["path"], str(operation["status"]))
        checked += 1
    assert checked > 190


def test_an_object_that_is_asked_for_has_its_id(api: httpx.Client) -> None:
    """Retrieving by id gives that id back."""
    assert api.get("/evals/eval-7").json()["id"] == "eval-7"


def test_a_list_ends(api: httpx.Client) -> None:
    """Who reads page after page comes to an end: no list that is made up has another page."""
    endless, pages = [], 0
    for operation in _OPERATIONS.values():
        page = api.get(re.sub(r"\{\w+\}", "some-id", operation["path"])) if operation["method"] == "GET" else None
        if page is None or page.status_code != 200 or "has_more" not in page.text:
            continue
        pages += 1
        if page.json()["has_more"] or page.json().get("next") or page.json().get("next_page"):
            endless.append(operation["path"])
    assert (endless, pages > 50) == ([], True)
    evals = api.get("/evals").json()
    assert (evals["first_id"], evals["last_id"]) == (evals["data"][0]["id"],) * 2


@pytest.mark.parametrize("path", ["/videos/v", "/evals/e/runs/r"])
def test_work_that_is_asked_for_is_done(api: httpx.Client, path: str) -> None:
    """Who asks until the work is done comes to an end."""
    assert api.get(path).json()["status"] == "completed"


@pytest.mark.parametrize("path", ["/containers/c/files/f/content", "/videos/v/content", "/skills/s/content"])
def test_binary_contents_are_bytes(api: httpx.Client, path: str) -> None:
    """A download has bytes and is not JSON."""
    reply = api.get(path)
    assert (reply.status_code, "json" in reply.headers["content-type"], reply.content != b"") == (200, False, True)


def test_a_described_stream_has_its_event(api: httpx.Client) -> None:
    """Who accepts events of an operation that streams gets one and the end."""
    path = "/threads/t/runs/r/submit_tool_outputs"
    reply = api.post(path, headers={"accept": "text/event-stream"}, json={"tool_outputs": [], "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.text.startswith("data: {")
    assert reply.text.endswith("data: [DONE]\n\n")
