"""Assistants, threads, their messages and runs; conversations and their items."""

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..media.text import count_tokens, pieces
from ..server.errors import not_found, wrong_type
from ..server.reading import typed
from ..server.replies import JSONReply, enveloped_stream
from ..server.script import Speak
from ..server.state import JSON, state_of, told
from .collection import Below, Collection, body_of
from .response_items import normalise
from .turn import said


class Assistants(Collection):
    """The assistants."""

    operation, prefix, noun, deletion = "assistants.create", "asst_", "assistant", "assistant.deleted"


class Threads(Collection):
    """The threads. One that is made with `messages` has those."""

    operation, prefix, noun, deletion = "threads.create", "thread_", "thread", "thread.deleted"

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one, and put its first messages in."""
        found = super().add(request, path, body)
        MESSAGES.put(request, f"{path}/{found['id']}/messages", body, "messages")
        return found


class Messages(Below):
    """The messages of a thread."""

    operation, prefix, noun, deletion = "threads.messages.create", "msg_", "message", "thread.message.deleted"
    filters = (("run_id", "run_id"),)

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Write the content out: a string is one part."""
        content = typed(body, "content", str, list) or ""
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        return {
            "status": "completed",
            "completed_at": state_of(request).now(),
            "content": [_part(part, f"content[{index}]") for index, part in enumerate(parts)],
        }

    def put(self, request: Request, path: str, body: JSON, name: str) -> None:
        """Put those in that a body has under a name."""
        for index, message in enumerate(typed(body, name, list) or ()):
            if not isinstance(message, dict):
                raise wrong_type(f"{name}[{index}]", "an object")
            self.add(request, path, message)

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one."""
        found = super().add(request, path, body)
        found["thread_id"] = path.split("/")[-2]
        return found


def _part(part: Any, param: str) -> JSON:
    """Return a part of a message as a reply has it, whose text has annotations."""
    if not isinstance(part, dict):
        raise wrong_type(param, "an object")
    if part.get("type") != "text":
        return part
    return {**part, "text": {"value": typed(part, "text", str) or "", "annotations": []}}


class Runs(Below):
    """The runs of a thread. One is done at the second look; its answer is then a message of the thread."""

    operation, prefix, noun = "threads.runs.create", "run_", "run"
    statuses = ("queued", "in_progress", "completed")

    async def create(self, request: Request) -> Response:
        """Begin one."""
        body = await body_of(request)
        MESSAGES.put(request, f"{request.url.path.rpartition('/')[0]}/messages", body, "additional_messages")
        return await self._begun(request, request.url.path, body, [])

    async def create_with_thread(self, request: Request) -> Response:
        """Make a thread, and begin a run of it."""
        body = await body_of(request)
        thread = THREADS.add(request, "/v1/threads", typed(body, "thread", dict) or {})
        return await self._begun(request, f"/v1/threads/{thread['id']}/runs", body, [("thread.created", thread)])

    async def _begun(self, request: Request, path: str, body: JSON, before: list[tuple[str, JSON]]) -> Response:
        """Answer with a run that has begun, or with the events of it up to its end.

        What was scripted for this request is what the assistant will say.
        """
        found = self.add(request, path, body)
        script: Speak | None = told(request)
        if script is not None:
            state_of(request).objects.setdefault("told to runs", {})[found["id"]] = {"text": said(request, script)}
        if not typed(body, "stream", bool):
            return JSONReply(found)
        events = [*before, ("thread.run.created", dict(found)), ("thread.run.queued", dict(found))]
        for status in self.statuses[1:]:
            found["status"] = status
            await self.reached(request, found)
            events.append((f"thread.run.{status}", dict(found)))
        message = list(MESSAGES.all(request, f"{path.rpartition('/')[0]}/messages").values())[-1]
        return enveloped_stream([*events[:-1], *_told_in_pieces(message), events[-1]])

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Take from the assistant what was not given."""
        id = body.get("assistant_id")
        assistant = state_of(request).objects.get("/v1/assistants", {}).get(id) if isinstance(id, str) else None
        if assistant is None:
            raise not_found("assistant", str(id), param="assistant_id")
        given = {name: body[name] for name in ("model", "instructions") if body.get(name) is not None}
        taken = {name: assistant.get(name) or "" for name in ("model", "instructions")}
        # What the API does where it is not told, and says so.
        usual = {"parallel_tool_calls": True, "tool_choice": "auto", "truncation_strategy": {"type": "auto"}}
        usual = {name: value if body.get(name) is None else body[name] for name, value in usual.items()}
        return {"usage": None, "tools": assistant.get("tools") or [], **usual, **taken, **given}

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one."""
        found = super().add(request, path, body)
        found["thread_id"] = path.split("/")[-2]
        return found

    async def reached(self, request: Request, found: JSON) -> None:
        """Note the time, and in the end answer."""
        state = state_of(request)
        names = {"in_progress": "started_at", "completed": "completed_at", "cancelled": "cancelled_at"}
        found[names[found["status"]]] = state.now()
        if found["status"] != "completed":
            return
        path = f"/v1/threads/{found['thread_id']}/messages"
        asked = [_text(one) for one in MESSAGES.all(request, path).values() if one["role"] == "user"]
        scripted = state.objects.get("told to runs", {}).get(found["id"])
        text = scripted["text"] if scripted else state.reply(asked[-1] if asked else "")
        message = MESSAGES.add(request, path, {"role": "assistant", "content": text})
        message.update(assistant_id=found["assistant_id"], run_id=found["id"])
        read, written = count_tokens(*asked), count_tokens(text)
        found["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _told_in_pieces(message: JSON) -> Iterator[tuple[str, JSON]]:
    """Yield the events of a message that is being written."""
    yield "thread.message.created", {**message, "status": "in_progress", "content": [], "completed_at": None}
    for piece in pieces(_text(message)):
        delta = {"content": [{"index": 0, "type": "text", "text": {"value": piece}}]}
        yield "thread.message.delta", {"id": message["id"], "object": "thread.message.delta", "delta": delta}
    yield "thread.message.completed", message


def _text(message: JSON) -> str:
    return "\n".join(part["text"]["value"] for part in message["content"] if part.get("type") == "text")


class Conversations(Collection):
    """The conversations. One that is made with `items` has those."""

    operation, prefix, noun, deletion = "conversations.create", "conv_", "conversation", "conversation.deleted"

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one, and put its first items in."""
        found = super().add(request, path, body)
        append_items(request, found["id"], normalise(state_of(request), body.get("items") or [], "items"))
        return found


class Items(Below):
    """The items of a conversation."""

    operation, prefix, noun = "conversations.items.create", "msg_", "item"
    changeable = False

    async def create(self, request: Request) -> Response:
        """Put several in, and return them."""
        id = request.path_params["conversation_id"]
        self.all(request, request.url.path)  # the conversation must be there
        items = normalise(state_of(request), typed(await body_of(request), "items", list) or [], "items")
        append_items(request, id, items)
        return JSONReply(_listed(items))

    async def delete(self, request: Request) -> Response:
        """Take one out, and return the conversation."""
        id = self.find(request)["id"]
        path = request.url.path.rpartition("/")[0]
        del self.all(request, path)[id]
        conversations = state_of(request).objects["/v1/conversations"]
        return JSONReply(conversations[request.path_params["conversation_id"]])


def append_items(request: Request, conversation: str, items: list[JSON]) -> None:
    """Put items at the end of a conversation."""
    kept = state_of(request).objects.setdefault(f"/v1/conversations/{conversation}/items", {})
    kept.update({item["id"]: item for item in items})


def conversation_items(request: Request, given: Any) -> tuple[str, list[JSON]] | None:
    """Return the conversation that a response belongs to, and what was said in it; None where there is none."""
    if given is None:
        return None
    id = given if isinstance(given, str) else given.get("id", "")
    if id not in state_of(request).objects.get("/v1/conversations", {}):
        raise not_found("conversation", id, param="conversation")
    return id, list(state_of(request).objects.get(f"/v1/conversations/{id}/items", {}).values())


def _listed(items: list[JSON]) -> JSON:
    first, last = (items[0]["id"], items[-1]["id"]) if items else ("", "")
    return {"object": "list", "data": items, "first_id": first, "last_id": last, "has_more": False}


ASSISTANTS, THREADS, MESSAGES, RUNS = Assistants(), Threads(), Messages(), Runs()
CONVERSATIONS, ITEMS = Conversations(), Items()
Messages.parent = Runs.parent = THREADS
Items.parent = CONVERSATIONS
