"""What the server remembers: vector stores, batches, fine-tuning jobs, assistants' threads, conversations."""

import asyncio
import json
from typing import Any

import pytest

from sdk.errors import BadRequestError, NotFoundError
from sdk.testing import LocalServer

_LINE = {
    "custom_id": "one",
    "method": "POST",
    "url": "/v1/chat/completions",
    "body": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]},
}


pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # all of the assistants' API is


def upload(client: Any, content: bytes, purpose: str) -> str:
    """Return the id of a new file."""
    return str(client.files.create.sync(file=("some.txt", content), purpose=purpose).id)


def test_a_vector_store_lives_until_it_is_deleted(client: Any) -> None:
    """A store is made, found, listed, renamed and gone."""
    made = client.vector_stores.create.sync(name="Manuals", metadata={"a": "b"})
    assert (made.name, made.metadata, made.status) == ("Manuals", {"a": "b"}, "completed")
    other = client.vector_stores.create.sync()
    assert client.vector_stores.retrieve.sync(made.id).to_dict() == made.to_dict()
    assert [one.id for one in client.vector_stores.list.sync().data] == [other.id, made.id]
    assert client.vector_stores.update.sync(made.id, name="Books").name == "Books"
    assert client.vector_stores.delete.sync(made.id).deleted is True
    with pytest.raises(NotFoundError):
        client.vector_stores.retrieve.sync(made.id)


def test_a_vector_store_finds_what_its_files_say(client: Any) -> None:
    """A search returns the passage that shares most words with the question, of the file that has it."""
    cats = upload(client, b"Dogs bark at night.\n\nCats sleep all day in the sun.", "assistants")
    cars = upload(client, b"Cars need oil and air.", "assistants")
    store = client.vector_stores.create.sync(file_ids=[cats])
    added = client.vector_stores.files.create.sync(store.id, file_id=cars)
    assert (added.id, added.vector_store_id, added.status) == (cars, store.id, "completed")
    assert client.vector_stores.retrieve.sync(store.id).file_counts.completed == 2
    found = client.vector_stores.search.sync(store.id, query="when do cats sleep").data
    assert [one.file_id for one in found] == [cats, cars]
    assert found[0].content[0].text == "Cats sleep all day in the sun."
    assert found[0].score > found[1].score
    client.vector_stores.files.delete.sync(store.id, cats)
    assert [one.id for one in client.vector_stores.files.list.sync(store.id).data] == [cars]
    assert client.vector_stores.retrieve.sync(store.id).file_counts.total == 1
    with pytest.raises(BadRequestError, match="no file"):
        client.vector_stores.files.create.sync(store.id, file_id="file-none")


def test_a_batch_of_files_goes_into_its_store(client: Any) -> None:
    """Its files are in the store at once and done at the second look; cancelling takes them out."""
    store = client.vector_stores.create.sync().id
    ids = [upload(client, text, "assistants") for text in (b"one", b"two")]
    batches = client.vector_stores.file_batches
    made = batches.create.sync(store, file_ids=ids, attributes={"shelf": "a"})
    assert (made.status, made.file_counts.total, made.vector_store_id) == ("in_progress", 2, store)
    done = batches.retrieve.sync(store, made.id)
    assert (done.status, done.file_counts.completed) == ("completed", 2)
    assert {one.id for one in batches.list_files.sync(store, made.id).data} == set(ids)
    assert {one.attributes["shelf"] for one in client.vector_stores.files.list.sync(store).data} == {"a"}
    other = batches.create.sync(store, files=[{"file_id": upload(client, b"three", "assistants")}])
    assert batches.cancel.sync(store, other.id).file_counts.cancelled == 1
    assert len(client.vector_stores.files.list.sync(store).data) == 2
    with pytest.raises(BadRequestError, match="no file 'file-none'"):
        batches.create.sync(store, file_ids=["file-none"])
    with pytest.raises(NotFoundError):
        batches.retrieve.sync(store, "vsfb_none")


def test_a_fine_tuning_job_is_paused(client: Any) -> None:
    """A job that is paused stands still until it is resumed; its checkpoints come with its success."""
    file = upload(client, b'{"a": 1}', "fine-tune")
    jobs = client.fine_tuning.jobs
    job = jobs.create.sync(model="gpt-4o-mini", training_file=file)
    jobs.pause.sync(job.id)
    assert {jobs.retrieve.sync(job.id).status for _ in range(5)} == {"validating_files"}
    assert jobs.checkpoints.list.sync(job.id).data == []
    jobs.resume.sync(job.id)
    assert [jobs.retrieve.sync(job.id).status for _ in range(3)] == ["queued", "running", "succeeded"]
    model = jobs.retrieve.sync(job.id).fine_tuned_model
    assert [(c.step_number, c.fine_tuned_model_checkpoint) for c in jobs.checkpoints.list.iter(job.id)] == [
        (20, model), (10, f"{model}:ckpt-step-10"),
    ]  # fmt: skip


def test_a_batch_is_answered(local: LocalServer, client: Any) -> None:
    """A batch goes through its states, and its lines are answered as they would have been alone, errors apart."""
    local.reply("From the batch.")
    wrong = {**_LINE, "custom_id": "two", "body": {"model": "gpt-4o-mini"}}
    file = upload(client, "\n".join(json.dumps(line) for line in (_LINE, wrong)).encode(), "batch")
    given = {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
    batch = client.batches.create.sync(**given)
    seen = [batch, *(client.batches.retrieve.sync(batch.id) for _ in range(3))]
    assert [one.status for one in seen] == ["validating", "in_progress", "completed", "completed"]
    assert seen[-1].request_counts.to_dict() == {"total": 2, "completed": 1, "failed": 1}
    answer = json.loads(bytes(client.files.content.sync(seen[-1].output_file_id)))
    assert answer["custom_id"] == "one"
    assert answer["response"]["body"]["choices"][0]["message"]["content"] == "From the batch."
    error = json.loads(bytes(client.files.content.sync(seen[-1].error_file_id)))
    assert (error["custom_id"], error["response"]["status_code"]) == ("two", 400)
    cancelled = client.batches.create.sync(**given)
    assert client.batches.cancel.sync(cancelled.id).status == "cancelled"
    assert [one.id for one in client.batches.list.sync().data] == [cancelled.id, batch.id]


def test_a_batch_is_completed_with_its_results(local: LocalServer, client: Any) -> None:
    """Whoever asks while the lines are answered sees no batch that is completed without a file."""
    file = upload(client, json.dumps(_LINE).encode(), "batch")
    made = client.batches.create.sync(input_file_id=file, endpoint="/v1/chat/completions", completion_window="24h")
    client.batches.retrieve.sync(made.id)

    async def ask_twice() -> list[Any]:
        async with client.with_options(transport=local.transport(), max_in_flight=2) as other:
            return await asyncio.gather(*[other.batches.retrieve.asyncio(made.id) for _ in range(2)])

    seen = [(one.status, one.output_file_id is not None) for one in asyncio.run(ask_twice())]
    assert sorted(seen) == [("completed", True), ("finalizing", False)]


def test_a_fine_tuning_job_ends_in_a_model(client: Any) -> None:
    """A job goes through its states, tells of them, and its model can be asked."""
    file = upload(client, b'{"messages": []}', "fine-tune")
    job = client.fine_tuning.jobs.create.sync(model="gpt-4o-mini", training_file=file)
    assert (job.status, job.fine_tuned_model, job.finished_at) == ("validating_files", None, None)
    seen = [client.fine_tuning.jobs.retrieve.sync(job.id) for _ in range(3)]
    assert [one.status for one in seen] == ["queued", "running", "succeeded"]
    assert seen[-1].fine_tuned_model in [model.id for model in client.models.list.sync().data]
    messages = [event.message for event in client.fine_tuning.jobs.list_events.sync(job.id).data]
    assert messages[0] == "The job is succeeded."
    assert len(messages) == 4
    other = client.fine_tuning.jobs.create.sync(model="gpt-4o-mini", training_file=file)
    assert client.fine_tuning.jobs.cancel.sync(other.id).status == "cancelled"


def test_a_thread_is_answered(local: LocalServer, client: Any) -> None:
    """An assistant's run answers the thread's last message, or says what was scripted."""
    assistant = client.assistants.create.sync(model="gpt-4o-mini", instructions="Be brief.")
    thread = client.threads.create.sync(messages=[{"role": "user", "content": "Hi there"}])
    run = client.threads.runs.create.sync(thread.id, assistant_id=assistant.id)
    assert (run.status, run.instructions, run.thread_id) == ("queued", "Be brief.", thread.id)
    seen = [client.threads.runs.retrieve.sync(thread.id, run.id) for _ in range(2)]
    assert [one.status for one in seen] == ["in_progress", "completed"]
    local.on(operation="threads.runs.create").reply("Scripted.")
    client.threads.messages.create.sync(thread.id, role="user", content="And now?")
    run = client.threads.runs.create.sync(thread.id, assistant_id=assistant.id)
    for _ in range(2):
        client.threads.runs.retrieve.sync(thread.id, run.id)
    messages = client.threads.messages.list.sync(thread.id, order="asc").data
    assert [(one.role, one.content[0].text.value) for one in messages] == [
        ("user", "Hi there"),
        ("assistant", "You wrote 2 words: Hi there"),
        ("user", "And now?"),
        ("assistant", "Scripted."),
    ]
    both = client.threads.create_and_run.sync(assistant_id=assistant.id, thread={"messages": []})
    assert client.threads.retrieve.sync(both.thread_id).id == both.thread_id
    client.threads.delete.sync(thread.id)
    with pytest.raises(NotFoundError):
        client.threads.messages.list.sync(thread.id)
    with pytest.raises(NotFoundError, match="no assistant"):
        client.threads.runs.create.sync(both.thread_id, assistant_id="asst_none")


def test_a_run_is_streamed(local: LocalServer, client: Any) -> None:
    """A streamed run tells of its states and of its message piece by piece, in events of the API's own types."""
    assistant = client.assistants.create.sync(model="gpt-4o-mini")
    local.reply("One two")
    given: Any = {"assistant_id": assistant.id, "thread": {"messages": [{"role": "user", "content": "Hi"}]}}
    with client.threads.create_and_run.stream(**given) as stream:
        events = list(stream)
    assert [event.event for event in events] == [
        "thread.created",
        *(f"thread.run.{status}" for status in ("created", "queued", "in_progress")),
        "thread.message.created",
        *["thread.message.delta"] * 2,
        "thread.message.completed",
        "thread.run.completed",
    ]
    assert "".join(event.data.delta.content[0].text.value for event in events[5:7]) == "One two"
    assert client.threads.runs.retrieve.sync(events[0].data.id, events[-1].data.id).status == "completed"


def test_a_conversation_keeps_what_was_said(local: LocalServer, client: Any) -> None:
    """Responses of a conversation add to its items and know those before."""
    conversation = client.conversations.create.sync(metadata={"who": "Ada"})
    local.reply("Hello Ada.")
    client.responses.create.sync(model="m", input="I am Ada", conversation=conversation.id)
    client.conversations.items.create.sync(
        conversation.id, items=[{"type": "message", "role": "user", "content": "Who am I?"}]
    )
    items = client.conversations.items.list.sync(conversation.id, order="asc").data
    assert [item.content[0].text for item in items] == ["I am Ada", "Hello Ada.", "Who am I?"]
    reply = client.responses.create.sync(model="m", input=[], conversation={"id": conversation.id})
    assert reply.output[0].content[0].text == "You wrote 3 words: Who am I?"
    assert client.conversations.items.retrieve.sync(conversation.id, items[0].id).id == items[0].id
    assert client.conversations.items.delete.sync(conversation.id, items[0].id).id == conversation.id
    assert len(client.conversations.items.list.sync(conversation.id).data) == 3
    client.conversations.delete.sync(conversation.id)
    with pytest.raises(NotFoundError):
        client.responses.create.sync(model="m", input="x", conversation=conversation.id)


def test_resetting_forgets_it_all(local: LocalServer, client: Any) -> None:
    """A new test begins with nothing."""
    client.vector_stores.create.sync()
    local.reset()
    assert client.vector_stores.list.sync().data == []
