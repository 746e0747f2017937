"""What the spans of operations are called, and the metrics that they have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sdk import Client
from sdk._openai.telemetry.operations import KINDS, provider_of
from sdk._openai.telemetry.reply import ReplyFacts
from sdk._openai.telemetry.tokens import usage_attributes
from sdk._openai.usage import usage_of
from sdk.testing import LocalServer

from .conftest import Telemetry

_CALLS: list[tuple[str, str | None, str, Callable[[Client], Any]]] = [
    ("chat m", None, "inference", lambda client: client.responses.create.sync(model="m", input="Hi")),
    ("text_completion m", None, "inference", lambda client: client.completions.create.sync(model="m", prompt="Hi")),
    ("embeddings m", None, "embeddings", lambda client: client.embeddings.create.sync(model="m", input="Hi")),
    ("generate_content m", "image", "inference", lambda client: client.images.generate.sync(model="m", prompt="Hi")),
    (
        "generate_content m", "speech", "inference",
        lambda client: client.audio.speech.create.sync(model="m", input="Hi", voice="alloy"),
    ),
    (
        "generate_content m", "text", "inference",
        lambda client: client.audio.transcriptions.create.sync(model="m", file=b"RIFF"),
    ),
    (
        "fetch_response", None, "operation",
        lambda client: client.responses.retrieve.sync(client.responses.create.sync(model="m", input="Hi").id),
    ),
]  # fmt: skip


_NAMES = [f"{name} {output}" for name, output, _, _ in _CALLS]


@pytest.mark.parametrize(
    ("name", "output", "metric", "call"), _CALLS, ids=lambda one: one if isinstance(one, str) else ""
)
def test_calls_of_models(
    name: str, output: str | None, metric: str, call: Callable[[Client], Any], client: Client, recorded: Telemetry
) -> None:
    """Each kind has its name, its type of output, and its metric."""
    call(client)
    span = recorded.spans(name)[-1]
    attributes = dict(span.attributes or {})
    assert (span.name, attributes.get("gen_ai.output.type")) == (name, output)
    assert attributes["gen_ai.operation.name"] == name.partition(" ")[0]
    assert f"gen_ai.client.{metric}.duration" in recorded.metrics()


def test_embeddings_have_their_own_metric_of_tokens(client: Client, recorded: Telemetry) -> None:
    """They are no inference, and have no output."""
    client.embeddings.create.sync(model="m", input="Hi", dimensions=8, encoding_format="float")
    attributes = dict(recorded.span().attributes or {})
    assert attributes["gen_ai.embeddings.dimension.count"] == 8
    assert attributes["gen_ai.request.encoding_formats"] == ("float",)
    assert "gen_ai.usage.output_tokens" not in attributes
    metrics = recorded.metrics()
    (tokens,) = metrics["gen_ai.client.embeddings.operation.input_tokens"]
    assert tokens.sum == attributes["gen_ai.usage.input_tokens"]
    assert not any("inference" in name for name in metrics)


def test_other_operations_are_http(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """A call of no model has the names of HTTP clients, with the template of its path."""
    client.models.retrieve.sync("gpt-4o-mini")
    span = recorded.span()
    assert span.name == "GET /models/{model}"
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.template": "/models/{model}",
        "url.full": f"{openai_server.url}/models/gpt-4o-mini",
        "server.address": "127.0.0.1",
        "server.port": int(openai_server.url.split(":")[2].partition("/")[0]),
    }
    assert set(recorded.metrics()) == {"http.client.request.duration"}


def test_every_kind_is_an_operation() -> None:
    """A name that the API does not have would be a slip."""
    with Client(api_key="k") as client:
        for name in KINDS:
            found: Any = client
            for part in name.split("."):
                found = getattr(found, part)
            assert found.name == name


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("api.openai.com", "openai"), ("x.openai.azure.com", "azure.ai.openai"), ("api.groq.com", "groq"),
        ("api.mistral.ai", "mistral_ai"), ("api.x.ai", "x_ai"), ("localhost", "openai"),
        ("bedrock-runtime.us-east-1.amazonaws.com", "aws.bedrock"), ("openrouter.ai", "openrouter"),
    ],
)  # fmt: skip
def test_providers(host: str, provider: str) -> None:
    """A host that the conventions have a name for has it; a server of nobody known speaks the API of openai."""
    assert provider_of(host) == provider


def test_the_facts_of_a_response() -> None:
    """The reasons of a response's end are those of a chat, where they mean the same."""

    def reasons(**wire: Any) -> Any:
        facts = ReplyFacts(1)
        facts.take({"object": "response", **wire})
        found = facts.attributes(openai=True, ended=True, expected=True)
        return found.get("gen_ai.response.finish_reasons")

    assert reasons(status="completed") == ("stop",)
    assert reasons(status="completed", output=[{"type": "function_call"}]) == ("tool_calls",)
    assert reasons(status="incomplete", incomplete_details={"reason": "max_output_tokens"}) == ("max_output_tokens",)
    assert reasons(status="failed") == ("error",)
    assert reasons(status="in_progress") is None


def test_odd_replies_have_no_facts() -> None:
    """Servers send anything: what has another type is left out."""
    facts = ReplyFacts(2)
    for wire in (None, "text", {"id": 1, "model": None, "choices": [None, {"index": "x", "finish_reason": 3}]}):
        facts.take(wire)
    assert facts.attributes(openai=True, ended=True, expected=True) == {}
    found = facts.attributes(openai=True, ended=False, expected=True)
    assert found == {"gen_ai.response.finish_reasons": ("error", "error")}


def test_tokens_by_modality() -> None:
    """As far as the server says them."""
    raw = {
        "prompt_tokens": 30, "completion_tokens": 20,
        "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 10, "text_tokens": 20},
        "completion_tokens_details": {"reasoning_tokens": 5, "audio_tokens": 0},
    }  # fmt: skip
    assert usage_attributes(KINDS["chat.create"], usage_of(raw), raw) == {
        "gen_ai.usage.input_tokens": 30,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 4,
        "gen_ai.usage.reasoning.output_tokens": 5,
        "gen_ai.usage.text.input_tokens": 20,
        "gen_ai.usage.audio.input_tokens": 10,
    }
