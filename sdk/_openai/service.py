"""The record of the OpenAI API, which the client passes to the runtime."""

from __future__ import annotations

from types import MappingProxyType

from .._core.public import ROOT
from .._core.service import Service
from .._version import __version__

_STREAM = f"{__package__}.stream"

OPENAI = Service(
    title="OpenAI",
    base_url="https://api.openai.com/v1",
    prefix="OPENAI",
    lenient=f"{ROOT}._core.reply.lenient",
    product=f"openai-compatible-sdk/{__version__}",
    idempotency_keys=True,
    counts_retries=True,
    option_headers=MappingProxyType({"organization": "OpenAI-Organization", "project": "OpenAI-Project"}),
    harmless_headers=frozenset({"openai-beta"}),
    poll_header="openai-poll-after-ms",
    accumulators=MappingProxyType(
        {
            "ChatCompletionChunk": f"{_STREAM}.chat:Chat",
            "Completion": f"{_STREAM}.chat:Chat",
            "ResponseStreamEvent": f"{_STREAM}.responses:Responses",
            "BetaResponseStreamEvent": f"{_STREAM}.responses:Responses",
            "CreateTranscriptionResponseStreamEvent": f"{_STREAM}.media:Transcript",
            "CreateSpeechResponseStreamEvent": f"{_STREAM}.media:Speech",
            "ImageGenStreamEvent": f"{_STREAM}.media:Images",
            "ImageEditStreamEvent": f"{_STREAM}.media:Images",
            "AssistantStreamEvent": f"{_STREAM}.media:Run",
        }
    ),
    stream_helper=f"{_STREAM}.helpers:helper_of",
    stream_reader=f"{ROOT}._core.reply.stream_reader:read_whole_stream",
    key_options=MappingProxyType({"admin_api_key": "ADMIN_KEY"}),
    auth=f"{ROOT}._core.auth.keys:ApiKeys",
    remember=f"{ROOT}._core.client.source:remember",
    options=f"{__package__}.options:OpenAIOptions",
    meter=f"{__package__}.usage.meter:UsageMeter",
    identity=f"{__package__}.admin_key:with_admin_key",
    not_found=f"{__package__}.missing_model:name_models",
    answer_layouts=f"{__package__}.answer_layouts:ANSWER_LAYOUTS",
    guide=f"{__package__}.guide:answer",
    credential_hint=f"{__package__}.providers:credential_hint",
    telemetry=f"{__package__}.telemetry.convention:ModelConvention",
)
