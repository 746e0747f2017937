"""POST /embeddings: unit vectors from hashes of words, so that inputs that share words are similar."""

import hashlib
import math
import re
import sys
from array import array
from base64 import b64encode
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..media.text import count_tokens
from ..server.errors import wrong_type, wrong_value
from ..server.replies import JSONReply
from .reading import choice, integer, json_object
from .state import JSON

_MAX_INPUTS = 2048
_MAX_DIMENSIONS = 4096


async def create(request: Request) -> Response:
    """Embed one or several inputs."""
    body = await json_object(request, model=str, input=(str, list))
    texts = _texts(body["input"])
    default = 3072 if "large" in body["model"] else 1536
    dimensions = integer(body, "dimensions", default, 1, _MAX_DIMENSIONS)
    base64 = choice(body, "encoding_format", "float", "float", "base64") == "base64"
    tokens = count_tokens(*texts)
    return JSONReply(
        {
            "object": "list",
            "data": [_embedding(index, embed(text, dimensions), base64) for index, text in enumerate(texts)],
            "model": body["model"],
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }
    )


def embed(text: str, dimensions: int) -> "array[float]":
    """Return a unit vector of 32-bit floats: the sum of the vectors of the words, in lower case."""
    words = re.findall(r"\w+", text.lower()) or [text]
    total = [0] * dimensions
    for word in words:
        # One signed byte for each component is enough: the sum is scaled to length 1 below.
        digest = hashlib.shake_256(word.encode(errors="surrogatepass")).digest(dimensions)
        total = [sum_ + component for sum_, component in zip(total, array("b", digest), strict=True)]
    length = math.hypot(*total)
    # With few dimensions the sum may be zero, which has no direction.
    return array("f", [component / length for component in total] if length else [1.0] + [0.0] * (dimensions - 1))


def _embedding(index: int, vector: "array[float]", base64: bool) -> JSON:
    value: Any = vector.tolist()
    if base64:
        if sys.byteorder == "big":
            vector.byteswap()
        value = b64encode(vector.tobytes()).decode()
    return {"object": "embedding", "index": index, "embedding": value}


def _texts(value: str | list[Any]) -> list[str]:
    """Return the inputs as strings; a token is written as its number."""
    if not value:
        raise wrong_value("input", "not empty")
    match value:
        case str():
            return [value]
        case [str(), *_] if all(isinstance(one, str) for one in value):
            texts = value
        case [int(), *_] if all(isinstance(one, int) for one in value):
            texts = [" ".join(map(str, value))]
        case [list(), *_] if all(isinstance(one, list) and one for one in value):
            texts = [" ".join(map(str, one)) for one in value]
        case _:
            raise wrong_type("input", "a string, or an array of strings, of tokens, or of arrays of tokens")
    if len(value) > _MAX_INPUTS:
        raise wrong_value("input", f"an array of at most {_MAX_INPUTS} items")
    return texts
