"""Lists and changes of what the server remembers: cursors and filters, nulls, files that expire."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sdk.errors import APIStatusError, BadRequestError, NotFoundError
from sdk.testing import LocalServer, State

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # all of the assistants' API is


@dataclass
class Clock(State):
    """A server state with a fixed time."""

    time: int = 1_800_000_000

    def now(self) -> int:
        """Return the fixed time."""
        return self.time


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The server's time."""
    return Clock()


@pytest.fixture(scope="module")
def local(clock: Clock) -> Iterator[LocalServer]:
    """A server that checks requests."""
    with LocalServer(state=clock) as server:
        yield server


def upload(client: Any, content: bytes, **more: Any) -> str:
    """Return the id of a new file."""
    return str(client.files.create.sync(**{"file": ("some.txt", content), "purpose": "batch", **more}).id)


def test_a_list_is_read_backwards(client: Any) -> None:
    """`before` gives the page next to an item on its other side."""
    made = [client.assistants.create.sync(model="m").id for _ in range(5)][::-1]
    page = client.assistants.list.sync(before=made[3], limit=2)
    assert ([one.id for one in page.data], page.has_more) == (made[1:3], True)
    page = client.assistants.list.sync(before=page.data[0].id, limit=2)
    assert ([one.id for one in page.data], page.has_more) == (made[:1], False)
    assert [one.id for one in client.assistants.list.sync(after=made[0], before=made[3]).data] == made[1:3]
    with pytest.raises(BadRequestError, match="asst_none"):
        client.assistants.list.sync(before="asst_none")


def test_files_of_a_store_are_chosen_by_their_status(client: Any) -> None:
    """`filter` leaves out the files of another status, of a store and of a batch of files."""
    store = client.vector_stores.create.sync(file_ids=[upload(client, b"one")]).id
    batch = client.vector_stores.file_batches.create.sync(store, file_ids=[upload(client, b"two")]).id
    listed = client.vector_stores.files.list
    assert [len(listed.sync(store, filter=status).data) for status in ("completed", "failed")] == [2, 0]
    of_batch = client.vector_stores.file_batches.list_files
    assert [len(of_batch.sync(store, batch, filter=status).data) for status in ("completed", "failed")] == [1, 0]


def test_messages_are_chosen_by_their_run(client: Any) -> None:
    """`run_id` leaves the messages that one run wrote."""
    assistant = client.assistants.create.sync(model="m").id
    thread = client.threads.create.sync(messages=[{"role": "user", "content": "Hi"}]).id
    run = client.threads.runs.create.sync(thread, assistant_id=assistant).id
    for _ in range(2):
        client.threads.runs.retrieve.sync(thread, run)
    assert [one.role for one in client.threads.messages.list.sync(thread, run_id=run).data] == ["assistant"]


def test_fine_tuning_jobs_are_chosen_by_their_metadata(client: Any) -> None:
    """`metadata` leaves the jobs that have all of it."""
    jobs, file = client.fine_tuning.jobs, upload(client, b"{}")
    given = [{"team": "a", "run": "1"}, {"team": "a"}, None]
    ids = [jobs.create.sync(model="m", training_file=file, metadata=metadata).id for metadata in given]
    assert [one.id for one in jobs.list.sync(metadata={"team": "a"}).data] == ids[1::-1]
    assert [one.id for one in jobs.list.sync(metadata={"team": "a", "run": "1"}).data] == ids[:1]
    assert len(jobs.list.sync().data) == 3


def test_a_run_tells_what_it_does_by_default(client: Any) -> None:
    """A run has the tool choice and the truncation that it was given, else those of the API."""
    assistant = client.assistants.create.sync(model="m").id
    thread = client.threads.create.sync().id
    run = client.threads.runs.create.sync(thread, assistant_id=assistant).to_dict()
    assert (run["tool_choice"], run["truncation_strategy"]) == ("auto", {"type": "auto"})
    given: Any = {"tool_choice": "none", "truncation_strategy": {"type": "last_messages", "last_messages": 2}}
    run = client.threads.runs.create.sync(thread, assistant_id=assistant, **given).to_dict()
    assert {name: run[name] for name in given} == given


def test_null_takes_away_what_need_not_be_there(client: Any) -> None:
    """A change to null removes the expiry of a store, and leaves its name, which no store is without."""
    store = client.vector_stores.create.sync(name="Books", expires_after={"anchor": "last_active_at", "days": 1}).id
    changed = client.vector_stores.update.sync(store, name=None, expires_after=None).to_dict()
    assert (changed["name"], "expires_after" in changed) == ("Books", False)


def test_the_content_of_a_file_of_a_store(client: Any) -> None:
    """The passages of a file are what it says; of a file that the store has not there are none."""
    file = upload(client, b"Dogs bark.\n\nCats sleep.")
    store = client.vector_stores.create.sync(file_ids=[file]).id
    content = client.vector_stores.files.content
    assert [part.text for part in content.sync(store, file).data] == ["Dogs bark.", "Cats sleep."]
    with pytest.raises(NotFoundError):
        content.sync(store, upload(client, b"elsewhere"))


def test_a_file_is_gone_when_its_time_is_over(client: Any, clock: Clock) -> None:
    """A file that expires is there until then, and no longer."""
    file = upload(client, b"text", expires_after={"anchor": "created_at", "seconds": 3_600})
    clock.time += 3_599
    assert client.files.retrieve.sync(file).id == file
    clock.time += 1
    with pytest.raises(NotFoundError):
        client.files.retrieve.sync(file)
    assert client.files.list.sync().data == []


def test_a_store_that_nobody_searches_expires(client: Any, clock: Clock) -> None:
    """A store says when it will have expired; a search puts that off, and afterwards there is none."""
    stores = client.vector_stores
    store = stores.create.sync(expires_after={"anchor": "last_active_at", "days": 1})
    assert store.expires_at == clock.time + 86_400
    clock.time += 86_399
    stores.search.sync(store.id, query="anything")
    clock.time += 1
    assert (stores.retrieve.sync(store.id).status, stores.list.sync().data[0].status) == ("completed", "completed")
    clock.time += 86_399
    assert (stores.retrieve.sync(store.id).status, stores.list.sync().data[0].status) == ("expired", "expired")
    with pytest.raises(BadRequestError, match="has expired"):
        stores.search.sync(store.id, query="anything")
    assert stores.update.sync(store.id, expires_after=None).to_dict().get("expires_at") is None


@pytest.mark.parametrize(
    ("line", "code", "param"),
    [
        ("no JSON", "invalid_json_line", None),
        ("[]", "missing_required_parameter", "custom_id"),
        ('{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions"}', "missing_required_parameter", "body"),
        ('{"custom_id": "1", "method": "POST", "url": "/v1/audio/speech", "body": {}}', "invalid_url", "url"),
    ],
)
def test_a_batch_with_a_wrong_line_fails(client: Any, line: str, code: str, param: str | None) -> None:
    """A batch says which line of it is wrong, and how."""
    given = {"endpoint": "/v1/chat/completions", "completion_window": "24h"}
    good = {"custom_id": "0", "method": "POST", "url": given["endpoint"], "body": {"model": "m", "messages": []}}
    batch = client.batches.create.sync(input_file_id=upload(client, f"{json.dumps(good)}\n{line}\n".encode()), **given)
    seen = [client.batches.retrieve.sync(batch.id) for _ in range(2)]
    assert [one.status for one in seen] == ["failed", "failed"]
    assert [(one.line, one.code, one.param) for one in seen[0].errors.data] == [(2, code, param)]


def test_items_of_a_conversation_are_named_as_they_came(client: Any) -> None:
    """What is wrong with an item is said of `items`; an item with an id alone refers to another."""
    conversation = client.conversations.create.sync().id
    create: Any = client.conversations.items.create
    with pytest.raises(APIStatusError) as refused:
        create.sync(conversation, items=[{"id": "msg_none"}])
    assert (refused.value.status_code, refused.value.param) == (404, "items[0]")
    written = client.responses.create.sync(model="m", input="Hi").output[0]
    assert create.sync(conversation, items=[{"id": written.id}]).data[0].to_dict() == written.to_dict()
