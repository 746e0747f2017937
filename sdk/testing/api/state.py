"""The state of a server of this API: its models, files and stored objects."""

from dataclasses import dataclass, field

from starlette.requests import Request

from ..media.text import quote_words
from ..media.wav import file_of, listen
from ..server import state as base
from ..server.state import ACTION, JSON, RECORDED
from .script import Script, Speak

__all__ = ["JSON", "RECORDED", "State", "StoredCompletion", "StoredFile", "StoredResponse", "StoredUpload"]

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
class State(base.State):
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
    # A mutable attribute of a narrower type, as pyright says: nothing assigns a script of another server.
    script: Script = field(default_factory=Script)  # pyright: ignore[reportIncompatibleVariableOverride]
    #: Tokens that a stream sends in a second: each is an event (None: no limit).
    tokens_per_second: float | None = None

    def reset(self) -> None:
        """Forget requests, files, stored objects and the script, and restore the models. Ids continue."""
        super().reset()
        self.objects.clear()
        for store in (self.files, self.uploads, self.completions, self.responses):
            store.clear()
        self.models = {name: _model(name) for name in _MODELS}

    def expire(self) -> None:
        """Delete the files that have expired."""
        now = self.now()
        for id in [id for id, one in self.files.items() if one.description.get("expires_at", now + 1) <= now]:
            del self.files[id]

    def rate(self) -> float | None:
        """Return how many tokens a stream sends in a second; None is no limit."""
        return self.tokens_per_second

    def hear(self, raw: bytes) -> str:
        """Return the transcript of raw audio, mono 16-bit samples: words that depend on its bytes."""
        return listen(file_of(raw)).text

    def reply(self, prompt: str) -> str:
        """Return what the model says to a prompt; the same prompt has the same reply."""
        return quote_words(prompt)


def scripted_speech(request: Request) -> Speak | None:
    """Return what the script lets the model say to this request; None if it has nothing for it."""
    found: Speak | None = request.scope.get(ACTION)
    return found


def state_of(request: Request) -> State:
    """Return the state of the server that handles this request."""
    state = request.app.state.server
    assert isinstance(state, State)
    return state


def _model(name: str) -> JSON:
    return {"id": name, "object": "model", "created": _MODELS_CREATED, "owned_by": "local"}
