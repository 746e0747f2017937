"""The steps of the first job: each function makes its calls, shows the results, and returns a line about them."""

from __future__ import annotations

import json
import math
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from .models import pick
from .screen import Screen

if TYPE_CHECKING:
    from sdk import Client
    from sdk.models import ChatCompletionMessage
    from sdk.params import ChatCompletionRequestMessageParam, ChatCompletionToolParam

SPOKEN = "The quick brown fox jumps over the lazy dog."


class Skipped(Exception):
    """Raised by a step that cannot run; the message says why."""


@dataclass
class Stage:
    """What the steps share: client, output, folder, and results of earlier steps."""

    client: Client
    screen: Screen
    folder: Path
    models: list[str] = field(default_factory=list)
    spoken: Path | None = None


@dataclass(frozen=True)
class Step:
    """One step: its title, the call, and the function that shows it."""

    title: str
    code: str
    show: Callable[[Stage], str]


Messages: TypeAlias = "list[ChatCompletionRequestMessageParam | ChatCompletionMessage]"


def list_models(stage: Stage) -> str:
    """List the models; the next steps choose among them."""
    stage.models = [model.id for model in stage.client.models.list.sync().data]
    shown = ", ".join(stage.models[:8]) + (", ..." if len(stage.models) > 8 else "")
    stage.screen.say(shown or "none")
    return f"{len(stage.models)} models"


def streamed_chat(stage: Stage) -> str:
    """Show a reply while it arrives."""
    question = "Name three things that a good library does for its users."
    stage.screen.say(question, "you  ")
    stage.screen.piece("  ")
    started, first, pieces = time.perf_counter(), 0.0, 0
    model = pick("chat", stage.models)
    messages: Messages = [{"role": "user", "content": question}]
    with stage.client.chat.create.stream(model=model, messages=messages) as stream:
        for piece in stream.text():
            first = first or time.perf_counter() - started
            pieces += 1
            stage.screen.piece(piece)
    stage.screen.piece("\n")
    return f"{pieces} pieces of text from {model}, the first after {first * 1000:.0f} ms"


def weather(city: str) -> dict[str, object]:
    """Return the weather of a city: the function that the model can call."""
    return {"city": city, "celsius": 21, "sky": "clear"}


def _answer(arguments: str) -> str:
    """Call the function with the model's arguments; return an error for invalid ones."""
    try:
        return json.dumps(weather(**json.loads(arguments)))
    except (TypeError, ValueError) as error:
        return json.dumps({"error": str(error)})


TOOL: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Return the weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


def tool_call(stage: Stage) -> str:
    """Let the model call a Python function, and answer with its result."""
    question = "Use the function weather: how is it in Vienna?"
    stage.screen.say(question, "you   ")
    model = pick("chat", stage.models)
    messages: Messages = [{"role": "user", "content": question}]
    reply = stage.client.chat.create.sync(model=model, messages=messages, tools=[TOOL]).choices[0].message
    calls = [call for call in reply.tool_calls or [] if call.type == "function"]
    if not calls:
        raise Skipped(f"{model} answered without a call: {(reply.content or '')[:60]}")
    messages.append(reply)
    for call in calls:
        stage.screen.say(f"{call.function.name}({call.function.arguments})", "call  ")
        result = _answer(call.function.arguments)
        stage.screen.say(result, "result")
        messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    final = stage.client.chat.create.sync(model=model, messages=messages, tools=[TOOL])
    stage.screen.say(final.choices[0].message.content or "", "answer")
    return f"{len(calls)} call by {model}"


def embeddings(stage: Stage) -> str:
    """Compare two sentences by the cosine of their embeddings."""
    one, other = "The cat sleeps on the sofa.", "The cat sleeps on the carpet."
    model = pick("embedding", stage.models)
    reply = stage.client.embeddings.create.sync(model=model, input=[one, other])
    a, b = (item.embedding for item in reply.data)
    cosine = sum(x * y for x, y in zip(a, b, strict=True)) / (math.hypot(*a) * math.hypot(*b))
    stage.screen.say(one)
    stage.screen.say(other)
    return f"cosine {cosine:.3f} in {len(a):,} dimensions of {model}"


def image(stage: Stage) -> str:
    """Save a generated image to a file."""
    model = pick("image", stage.models)
    reply = stage.client.images.generate.sync(model=model, prompt="a red fox in the snow")
    if not reply.data:
        raise Skipped(f"{model} returned no image")
    picture = reply.data[0]
    if picture.b64_json is None:
        return f"generated by {model}: {picture.url}"
    path = stage.folder / f"fox.{reply.output_format or 'png'}"
    path.write_bytes(b64decode(picture.b64_json))
    return f"{path} ({path.stat().st_size:,} bytes)"


def speech(stage: Stage) -> str:
    """Save a spoken sentence to a WAV file."""
    model = pick("speech", stage.models)
    sound = stage.client.audio.speech.create.sync(model=model, voice="alloy", input=SPOKEN, response_format="wav")
    stage.spoken = sound.save(stage.folder / "fox.wav")
    return f"{stage.spoken} ({len(sound):,} bytes)"


def transcription(stage: Stage) -> str:
    """Transcribe the spoken sentence."""
    if stage.spoken is None:
        raise Skipped("there is no audio to transcribe")
    model = pick("transcription", stage.models)
    heard = stage.client.audio.transcriptions.create.sync(model=model, file=stage.spoken)
    stage.screen.say(heard if isinstance(heard, str) else heard.text, "heard")
    return f"transcribed by {model}"


STEPS = (
    Step("List the models", "client.models.list.sync()", list_models),
    Step("Chat, streamed", "client.chat.create.stream(...)", streamed_chat),
    Step("Call a Python function", "client.chat.create.sync(..., tools=[...])", tool_call),
    Step("Compare two sentences", "client.embeddings.create.sync(...)", embeddings),
    Step("Generate an image", "client.images.generate.sync(...)", image),
    Step("Generate speech", "client.audio.speech.create.sync(...)", speech),
    Step("Transcribe the speech", "client.audio.transcriptions.create.sync(...)", transcription),
)
