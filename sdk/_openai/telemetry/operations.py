"""Which operations of the API are calls of models, and how the conventions name them."""

from __future__ import annotations

from typing import NamedTuple

from ..._core.telemetry.names import Metric
from . import names


class Kind(NamedTuple):
    """What an operation is: its name in the conventions, the type of its output, the API, and its metrics.

    `tokens` are the metrics of a call's input and output; `counts` says whether the counters of tokens are for it.
    """

    name: str
    output: str | None = None
    api: str | None = None
    duration: Metric = names.INFERENCE_DURATION
    tokens: tuple[Metric, ...] = (names.OPERATION_INPUT_TOKENS, names.OPERATION_OUTPUT_TOKENS)
    counts: bool = True


_RESPONSES = Kind("chat", None, "responses")
_FETCH = Kind("fetch_response", None, "responses", names.OPERATION_DURATION, (), counts=False)
_IMAGE = Kind("generate_content", "image")
_TRANSCRIPT = Kind("generate_content", "text")
#: By the name of the operation. Other operations are plain HTTP requests.
KINDS = {
    "chat.create": Kind("chat", None, "chat_completions"),
    "responses.create": _RESPONSES,
    "beta.responses.create": _RESPONSES,
    "responses.retrieve": _FETCH,
    "beta.responses.retrieve": _FETCH,
    "completions.create": Kind("text_completion"),
    "embeddings.create": Kind(
        "embeddings", None, None, names.EMBEDDINGS_DURATION, (names.EMBEDDINGS_INPUT_TOKENS,), counts=False
    ),
    "images.generate": _IMAGE,
    "images.edit": _IMAGE,
    "images.create_variation": _IMAGE,
    "audio.speech.create": Kind("generate_content", "speech"),
    "audio.transcriptions.create": _TRANSCRIPT,
    "audio.translations.create": _TRANSCRIPT,
}

#: What the conventions call the providers of this package, where that is not their name here.
_PROVIDERS = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "gemini": "gcp.gemini",
    "google": "gcp.gemini",
    "vertex": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "moonshot": "moonshot_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
#: The provider of a server that is not known: the one whose API it speaks.
OPENAI = "openai"
#: The providers with attributes of their own for this API.
WITH_OPENAI_ATTRIBUTES = (OPENAI, "azure.ai.openai")


def provider_of(host: str) -> str:
    """Return the name of the provider of a host in the conventions; that of the API for an unknown or local host."""
    from ..providers import provider_of_host

    known = provider_of_host(host)
    return OPENAI if known is None or known.local else _PROVIDERS.get(known.name, known.name)
