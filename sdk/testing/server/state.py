"""The state of a local server: its models, files and stored objects, its script, and the requests it received."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from ..media.text import quote_words
from ..media.wav import file_of, listen
from .recorded_request import RecordedRequest
from .script import Script, Speak

JSON = dict[str, Any]
#: Keys of the ASGI scope: the recorded request, and the `Speak` action that the script has for it.
RECORDED, SPEECH = "sdk.testing.recorded", "sdk.testing.speech"
#: The API takes files of up to 512 MB.
MAX_BODY = 512 * 1024 * 1024

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
    """An upload in parts: its description, and its parts by id until it is completed."""

    description: JSON
    parts: dict[str, bytes] = field(default_factory=dict)


@dataclass
class StoredCompletion:
    """A chat completion that was created with `store`, and the messages of its request."""

    completion: JSON
    messages: list[JSON]


@dataclass
class StoredResponse:
    """A stored response, and the input items of its request.

    `response` is its current state; `finished` is the state that polling leads a background response to.
    """

    response: JSON
    input_items: list[JSON]
    finished: JSON


@dataclass
class State:
    """Everything that one server remembers; handlers have no state of their own.

    Subclass it to change what the model says (`reply`), the clock (`now`) or the ids (`new_id`).
    """

    models: dict[str, JSON] = field(default_factory=lambda: {name: _model(name) for name in _MODELS})
    files: dict[str, StoredFile] = field(default_factory=dict)
    uploads: dict[str, StoredUpload] = field(default_factory=dict)
    completions: dict[str, StoredCompletion] = field(default_factory=dict)
    responses: dict[str, StoredResponse] = field(default_factory=dict)
    #: The objects of collections: by the collection's path, then by id.
    objects: dict[str, dict[str, JSON]] = field(default_factory=dict)
    requests: list[RecordedRequest] = field(default_factory=list)
    script: Script = field(default_factory=Script)
    #: Seconds before a response starts; events per second of a stream (None: no limit).
    latency: float = 0.0
    tokens_per_second: float | None = None
    #: Whether requests are checked against the API description, and whether parameters that it lacks are allowed.
    validate: bool = True
    allow_unknown: bool = False
    #: The largest body that a request may have (None: no limit), and whether requests are kept in `requests`.
    max_body_bytes: int | None = MAX_BODY
    keep_requests: bool = True
    ids: int = 0

    def now(self) -> int:
        """Return the time, in whole seconds since the epoch."""
        return int(time.time())

    def new_id(self, prefix: str) -> str:
        """Return a new id, such as `file-local00000001`."""
        self.ids += 1
        return f"{prefix}local{self.ids:08}"

    def reset(self) -> None:
        """Forget requests, files, stored objects and the script, and restore the models. Ids continue."""
        self.objects.clear()
        for store in (self.files, self.uploads, self.completions, self.responses, self.requests, self.script.rules):
            store.clear()
        self.models = {name: _model(name) for name in _MODELS}

    def expire(self) -> None:
        """Delete the files that have expired."""
        now = self.now()
        for id in [id for id, one in self.files.items() if one.description.get("expires_at", now + 1) <= now]:
            del self.files[id]

    async def pause(self, seconds: float) -> None:
        """Wait: for the latency, or between two events of a stream."""
        await asyncio.sleep(seconds)

    def hear(self, raw: bytes) -> str:
        """Return the transcript of raw audio, mono 16-bit samples: words that depend on its bytes."""
        return listen(file_of(raw)).text

    def reply(self, prompt: str) -> str:
        """Return what the model says to a prompt; the same prompt has the same reply."""
        return quote_words(prompt)


def scripted_speech(request: Request) -> Speak | None:
    """Return what the script lets the model say to this request; None if it has nothing for it."""
    found: Speak | None = request.scope.get(SPEECH)
    return found


def state_of(request: Request) -> State:
    """Return the state of the server that handles this request."""
    state = request.app.state.server
    assert isinstance(state, State)
    return state


def _model(name: str) -> JSON:
    return {"id": name, "object": "model", "created": _MODELS_CREATED, "owned_by": "local"}
