"""What a local server knows: its models, files, stored replies, and the requests that came in."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from ..media.text import quote_words
from .recorded_request import RecordedRequest
from .script import Script, Speak

JSON = dict[str, Any]
#: Where the ASGI scope holds the request as it was recorded, and what the model was told to say to it.
RECORDED, TOLD = "sdk.testing.recorded", "sdk.testing.told"

_MODELS = (
    "gpt-4o-mini",
    "gpt-4o",
    "gpt-3.5-turbo-instruct",
    "text-embedding-3-small",
    "text-embedding-3-large",
    "omni-moderation-latest",
    "gpt-image-1",
    "gpt-4o-mini-tts",
    "whisper-1",
    "ft:gpt-4o-mini:local::demo",
)
_MODELS_CREATED = 1_700_000_000


@dataclass
class StoredFile:
    """An uploaded file: its description and its bytes."""

    description: JSON
    content: bytes


@dataclass
class StoredUpload:
    """An upload in parts: its description, and the parts by id until it is completed."""

    description: JSON
    parts: dict[str, bytes] = field(default_factory=dict)


@dataclass
class StoredCompletion:
    """A chat completion made with `store`, and the messages it answered."""

    completion: JSON
    messages: list[JSON]


@dataclass
class StoredResponse:
    """A response that can be fetched again, and the input items it answered.

    `finished` is what a background response turns into when it is polled; `response` is what it is now.
    """

    response: JSON
    input_items: list[JSON]
    finished: JSON


@dataclass
class State:
    """Hold all that one server remembers; the handlers keep nothing themselves.

    Subclass it to change what the server says (`reply`), its clock (`now`) or its ids (`new_id`).
    """

    models: dict[str, JSON] = field(default_factory=lambda: {name: _model(name) for name in _MODELS})
    files: dict[str, StoredFile] = field(default_factory=dict)
    uploads: dict[str, StoredUpload] = field(default_factory=dict)
    completions: dict[str, StoredCompletion] = field(default_factory=dict)
    responses: dict[str, StoredResponse] = field(default_factory=dict)
    #: What collections hold: the collection's path, then the objects by id.
    objects: dict[str, dict[str, JSON]] = field(default_factory=dict)
    requests: list[RecordedRequest] = field(default_factory=list)
    script: Script = field(default_factory=Script)
    #: Seconds before a response begins; events of a stream in a second, None for as fast as can be.
    latency: float = 0.0
    tokens_per_second: float | None = None
    #: Whether requests that break the API description are refused, and whether parameters that it does not know are.
    validate: bool = True
    allow_unknown: bool = False
    ids: int = 0

    def now(self) -> int:
        """Return the time, in whole seconds since the epoch."""
        return int(time.time())

    def new_id(self, prefix: str) -> str:
        """Return an id that this server has not given before, such as `file-local00000001`."""
        self.ids += 1
        return f"{prefix}local{self.ids:08}"

    def reset(self) -> None:
        """Forget all requests, files, stored replies and what was scripted; have the first models. Ids go on."""
        self.objects.clear()
        for kept in (self.files, self.uploads, self.completions, self.responses, self.requests, self.script.rules):
            kept.clear()
        self.models = {name: _model(name) for name in _MODELS}

    def expire(self) -> None:
        """Forget the files whose time is over."""
        ends = {id: one.description["expires_at"] for id, one in self.files.items() if "expires_at" in one.description}
        for id in [id for id, end in ends.items() if end <= self.now()]:
            del self.files[id]

    async def pause(self, seconds: float) -> None:
        """Let time pass: the latency, and what lies between two events of a stream."""
        await asyncio.sleep(seconds)

    def reply(self, prompt: str) -> str:
        """Return what the model says to a prompt. The same prompt gets the same answer."""
        return quote_words(prompt)


def told(request: Request) -> Speak | None:
    """Return what the model was told to say to this request, if it was told."""
    found: Speak | None = request.scope.get(TOLD)
    return found


def state_of(request: Request) -> State:
    """Return the state of the server that received this request."""
    state = request.app.state.server
    assert isinstance(state, State)
    return state


def _model(name: str) -> JSON:
    return {"id": name, "object": "model", "created": _MODELS_CREATED, "owned_by": "local"}
