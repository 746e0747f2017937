"""Threads, their messages and their runs."""

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..media.text import count_tokens, pieces
from ..server.errors import not_found, wrong_type
from ..server.replies import JSONReply
from .collection import Collection, Subcollection, body_of
from .reading import typed
from .replies import enveloped_stream
from .state import JSON, scripted_speech, state_of
from .turn import speech_text

#: Values of a run that the API defaults to.
_RUN_DEFAULTS: JSON = {"parallel_tool_calls": True, "tool_choice": "auto", "truncation_strategy": {"type": "auto"}}


class Threads(Collection):
    """The threads. `messages` of the request become a thread's first messages."""

    operation, prefix, noun, deletion = "threads.create", "thread_", "thread", "thread.deleted"

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create a thread with its first messages."""
        found = super().add(request, path, body)
        MESSAGES.add_all(request, f"{path}/{found['id']}/messages", body, "messages")
        return found


class Messages(Subcollection):
    """The messages of a thread."""

    operation, prefix, noun, deletion = "threads.messages.create", "msg_", "message", "thread.message.deleted"
    filters = (("run_id", "run_id"),)

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Return the content as parts: a string is one part."""
        content = typed(body, "content", str, list) or ""
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        return {
            "status": "completed",
            "completed_at": state_of(request).now(),
            "content": [_part(part, f"content[{index}]") for index, part in enumerate(parts)],
        }

    def add_all(self, request: Request, path: str, body: JSON, name: str) -> None:
        """Add the messages of a body's field."""
        for index, message in enumerate(typed(body, name, list) or ()):
            if not isinstance(message, dict):
                raise wrong_type(f"{name}[{index}]", "an object")
            self.add(request, path, message)

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create a message."""
        found = super().add(request, path, body)
        found["thread_id"] = path.split("/")[-2]
        return found


def _part(part: Any, param: str) -> JSON:
    """Return a part of a message as replies have it: text with annotations."""
    if not isinstance(part, dict):
        raise wrong_type(param, "an object")
    if part.get("type") != "text":
        return part
    return {**part, "text": {"value": typed(part, "text", str) or "", "annotations": []}}


class Runs(Subcollection):
    """The runs of a thread. The second `retrieve` completes a run, and adds its answer to the thread's messages."""

    operation, prefix, noun = "threads.runs.create", "run_", "run"
    statuses = ("queued", "in_progress", "completed")

    async def create(self, request: Request) -> Response:
        """Start a run."""
        body = await body_of(request)
        MESSAGES.add_all(request, f"{request.url.path.rpartition('/')[0]}/messages", body, "additional_messages")
        return await self._start(request, request.url.path, body, [])

    async def create_with_thread(self, request: Request) -> Response:
        """Create a thread, and start a run of it."""
        body = await body_of(request)
        thread = THREADS.add(request, "/v1/threads", typed(body, "thread", dict) or {})
        return await self._start(request, f"/v1/threads/{thread['id']}/runs", body, [("thread.created", thread)])

    async def _start(self, request: Request, path: str, body: JSON, earlier: list[tuple[str, JSON]]) -> Response:
        """Answer with a queued run, or with all events of a run. The assistant says what the script has for it."""
        found = self.add(request, path, body)
        script = scripted_speech(request)
        if script is not None:
            text = speech_text(request, script)
            state_of(request).objects.setdefault("scripted runs", {})[found["id"]] = {"text": text}
        if not typed(body, "stream", bool):
            return JSONReply(found)
        events = [*earlier, ("thread.run.created", dict(found)), ("thread.run.queued", dict(found))]
        for status in self.statuses[1:]:
            found["status"] = status
            await self.on_status(request, found)
            events.append((f"thread.run.{status}", dict(found)))
        message = list(MESSAGES.objects(request, f"{path.rpartition('/')[0]}/messages").values())[-1]
        return enveloped_stream([*events[:-1], *_message_events(message), events[-1]])

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Take what the request leaves out from the assistant, or from the API's defaults."""
        id = body.get("assistant_id")
        assistant = state_of(request).objects.get("/v1/assistants", {}).get(id) if isinstance(id, str) else None
        if assistant is None:
            raise not_found("assistant", str(id), param="assistant_id")
        given = {name: body[name] for name in ("model", "instructions") if body.get(name) is not None}
        inherited = {name: assistant.get(name) or "" for name in ("model", "instructions")}
        options = {name: value if body.get(name) is None else body[name] for name, value in _RUN_DEFAULTS.items()}
        return {"usage": None, "tools": assistant.get("tools") or [], **options, **inherited, **given}

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create a run."""
        found = super().add(request, path, body)
        found["thread_id"] = path.split("/")[-2]
        return found

    async def on_status(self, request: Request, found: JSON) -> None:
        """Record the time; add the answer once the run is completed."""
        state = state_of(request)
        names = {"in_progress": "started_at", "completed": "completed_at", "cancelled": "cancelled_at"}
        found[names[found["status"]]] = state.now()
        if found["status"] != "completed":
            return
        path = f"/v1/threads/{found['thread_id']}/messages"
        prompts = [_text(one) for one in MESSAGES.objects(request, path).values() if one["role"] == "user"]
        scripted = state.objects.get("scripted runs", {}).get(found["id"])
        text = scripted["text"] if scripted else state.reply(prompts[-1] if prompts else "")
        message = MESSAGES.add(request, path, {"role": "assistant", "content": text})
        message.update(assistant_id=found["assistant_id"], run_id=found["id"])
        read, written = count_tokens(*prompts), count_tokens(text)
        found["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _message_events(message: JSON) -> Iterator[tuple[str, JSON]]:
    """Yield the events of a streamed message."""
    yield "thread.message.created", {**message, "status": "in_progress", "content": [], "completed_at": None}
    for piece in pieces(_text(message)):
        delta = {"content": [{"index": 0, "type": "text", "text": {"value": piece}}]}
        yield "thread.message.delta", {"id": message["id"], "object": "thread.message.delta", "delta": delta}
    yield "thread.message.completed", message


def _text(message: JSON) -> str:
    return "\n".join(part["text"]["value"] for part in message["content"] if part.get("type") == "text")


THREADS, MESSAGES, RUNS = Threads(), Messages(), Runs()
Messages.parent = Runs.parent = THREADS
