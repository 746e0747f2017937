"""POST /moderations: a short list of words decides what is flagged."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import wrong_type
from ..server.replies import JSONReply
from .reading import json_object, typed
from .state import JSON, state_of

_MODEL = "omni-moderation-latest"
# The words that flag an input, by category.
_WORDS = {
    "hate": "hate hateful",
    "hate/threatening": "exterminate",
    "harassment": "idiot moron",
    "harassment/threatening": "threaten",
    "illicit": "steal lockpick",
    "illicit/violent": "bomb",
    "self-harm": "suicide",
    "self-harm/intent": "suicidal",
    "self-harm/instructions": "overdose",
    "sexual": "porn",
    "sexual/minors": "csam",
    "violence": "kill murder attack",
    "violence/graphic": "gore",
}
_ALSO_IMAGES = (
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "violence",
    "violence/graphic",
)
_FLAGGED, _CLEAN = 0.97, 0.0001


async def create(request: Request) -> Response:
    """Moderate a string, each of several strings, or the parts of one multimodal message together."""
    body = await json_object(request, input=(str, list))
    found = body["input"]
    if isinstance(found, str):
        results = [_result(found, text=True, image=False)]
    elif all(isinstance(one, str) for one in found):
        results = [_result(one, text=True, image=False) for one in found]
    else:
        results = [_parts(found)]
    model = typed(body, "model", str) or _MODEL
    return JSONReply({"id": state_of(request).new_id("modr-"), "model": model, "results": results})


def _parts(parts: list[Any]) -> JSON:
    texts, images = [], 0
    for index, part in enumerate(parts):
        match part:
            case {"type": "text", "text": str(text)}:
                texts.append(text)
            case {"type": "image_url", "image_url": {"url": str()}}:
                images += 1
            case _:
                raise wrong_type(f"input[{index}]", "a part of type text or image_url")
    return _result("\n".join(texts), text=bool(texts), image=bool(images))


def _result(content: str, *, text: bool, image: bool) -> JSON:
    found = set(re.findall(r"\w+", content.lower()))
    categories = {name: not found.isdisjoint(words.split()) for name, words in _WORDS.items()}
    return {
        "flagged": any(categories.values()),
        "categories": categories,
        "category_scores": {name: _FLAGGED if hit else _CLEAN for name, hit in categories.items()},
        "category_applied_input_types": {
            name: ["text"] * text + ["image"] * (image and name in _ALSO_IMAGES) for name in _WORDS
        },
    }
