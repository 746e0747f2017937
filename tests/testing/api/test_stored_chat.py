"""Stored chat completions."""

from typing import Any

import httpx
import pytest

from ..wire import CHAT, chat, error, events, user


def _store(api: httpx.Client, count: int = 1, **more: Any) -> list[str]:
    return [api.post("/chat/completions", json={**CHAT, "store": True, **more}).json()["id"] for _ in range(count)]


def _listed(api: httpx.Client, **query: Any) -> list[str]:
    return [one["id"] for one in api.get("/chat/completions", params=query).json()["data"]]


def test_retrieves_what_was_stored(api: httpx.Client) -> None:
    """A completion made with store comes back as it was."""
    made = api.post("/chat/completions", json={**CHAT, "store": True, "metadata": {"a": "1"}}).json()
    assert api.get(f"/chat/completions/{made['id']}").json() == made
    assert made["metadata"] == {"a": "1"}


def test_retrieves_what_was_streamed(api: httpx.Client) -> None:
    """A streamed completion is stored whole."""
    *chunks, _ = events(api.post("/chat/completions", json={**CHAT, "store": True, "stream": True}))
    stored = api.get(f"/chat/completions/{chunks[0]['id']}").json()
    assert stored["choices"][0]["message"]["content"] == "You wrote 3 words: three little words"


def test_forgets_what_was_not_stored(api: httpx.Client) -> None:
    """Without store nothing is kept."""
    made = api.post("/chat/completions", json=CHAT).json()
    assert error(api.get(f"/chat/completions/{made['id']}")) == (404, "completion_id", None)
    assert api.get("/chat/completions").json() == {
        "object": "list",
        "data": [],
        "first_id": "",
        "last_id": "",
        "has_more": False,
    }


def test_replaces_the_metadata(api: httpx.Client) -> None:
    """An update puts the new metadata in place of the old."""
    (id,) = _store(api, metadata={"a": "1"})
    assert api.post(f"/chat/completions/{id}", json={"metadata": {"b": "2"}}).json()["metadata"] == {"b": "2"}
    assert api.get(f"/chat/completions/{id}").json()["metadata"] == {"b": "2"}


def test_needs_metadata_to_update(api: httpx.Client) -> None:
    """An update without metadata is refused."""
    (id,) = _store(api)
    assert error(api.post(f"/chat/completions/{id}", json={})) == (400, "metadata", "missing_required_parameter")


def test_deletes_what_was_stored(api: httpx.Client) -> None:
    """A deleted completion is gone."""
    (id,) = _store(api)
    assert api.delete(f"/chat/completions/{id}").json() == {
        "object": "chat.completion.deleted",
        "id": id,
        "deleted": True,
    }
    assert _listed(api) == []


def test_pages_through_the_list(api: httpx.Client) -> None:
    """Pages follow each other by `after`, oldest first, and the last one says so."""
    ids = _store(api, 3)
    first = api.get("/chat/completions", params={"limit": 2}).json()
    assert ([one["id"] for one in first["data"]], first["has_more"]) == (ids[:2], True)
    assert (first["first_id"], first["last_id"]) == (ids[0], ids[1])
    second = api.get("/chat/completions", params={"limit": 2, "after": first["last_id"]}).json()
    assert ([one["id"] for one in second["data"]], second["has_more"]) == (ids[2:], False)


def test_ends_with_a_full_page(api: httpx.Client) -> None:
    """A page that holds just what there is has nothing after it."""
    _store(api, 2)
    assert api.get("/chat/completions", params={"limit": 2}).json()["has_more"] is False


def test_lists_the_latest_first_where_asked(api: httpx.Client) -> None:
    """order=desc turns the list round."""
    ids = _store(api, 2)
    assert _listed(api, order="desc") == ids[::-1]


def test_lists_by_model_and_metadata(api: httpx.Client) -> None:
    """The list can be narrowed."""
    (one,) = _store(api, metadata={"a": "1"})
    (two,) = _store(api, model="gpt-4o", metadata={"a": "2"})
    assert _listed(api, model="gpt-4o") == [two]
    assert _listed(api, **{"metadata[a]": "1"}) == [one]


@pytest.mark.parametrize(
    ("query", "param"),
    [({"limit": "0"}, "limit"), ({"limit": "x"}, "limit"), ({"order": "up"}, "order"), ({"after": "none"}, "after")],
)
def test_refuses_a_wrong_page(api: httpx.Client, query: dict[str, str], param: str) -> None:
    """A limit out of range, an unknown order and an unknown id are errors."""
    assert error(api.get("/chat/completions", params=query)) == (400, param, "invalid_value")


def test_lists_the_messages_that_were_answered(api: httpx.Client) -> None:
    """The messages come back with ids, strings as content and parts as content_parts, page by page."""
    parts = [{"type": "text", "text": "b"}]
    messages = [user("a"), {"role": "user", "content": parts}]
    id = api.post("/chat/completions", json=chat(*messages, store=True)).json()["id"]
    one = api.get(f"/chat/completions/{id}/messages", params={"limit": 1}).json()
    assert [(item["role"], item["content"], item["content_parts"]) for item in one["data"]] == [("user", "a", None)]
    two = api.get(f"/chat/completions/{id}/messages", params={"after": one["last_id"]}).json()
    assert [(item["content"], item["content_parts"]) for item in two["data"]] == [(None, parts)]
    assert (one["has_more"], two["has_more"]) == (True, False)
