# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
# mypy: disable-error-code="assignment,misc,override"
# pyright: reportIncompatibleVariableOverride=false, reportIncompatibleMethodOverride=false
# pyright: reportInvalidTypeVarUse=false
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import CoroutineType as _Co
from typing import Any, Literal, Required, TypedDict, Unpack, overload

import httpx
from typing_extensions import TypeVar
import sdk.api.assistants
import sdk.api.audio.speech
import sdk.api.audio.voice_consents
import sdk.api.audio.voices
import sdk.api.batches
import sdk.api.chat
import sdk.api.chat.messages
import sdk.api.containers
import sdk.api.containers.files
import sdk.api.content_provenance_checks
import sdk.api.conversations
import sdk.api.conversations.items
import sdk.api.decisions
import sdk.api.embeddings
import sdk.api.files
import sdk.api.fine_tuning.alpha.graders
import sdk.api.fine_tuning.checkpoints.permissions
import sdk.api.fine_tuning.jobs
import sdk.api.fine_tuning.jobs.checkpoints
import sdk.api.images
import sdk.api.models
import sdk.api.moderations
import sdk.api.realtime.calls
import sdk.api.realtime.client_secrets
import sdk.api.realtime.translations.client_secrets
import sdk.api.responses
import sdk.api.responses.input_items
import sdk.api.responses.input_tokens
import sdk.api.skills
import sdk.api.skills.versions
import sdk.api.threads
import sdk.api.threads.messages
import sdk.api.threads.runs
import sdk.api.uploads
import sdk.api.uploads.parts
import sdk.api.vector_stores
import sdk.api.vector_stores.file_batches
import sdk.api.vector_stores.files
import sdk.api.videos
import sdk.api.webhooks
import sdk.api.webhooks.event_types
from sdk import models as _m
from sdk import params as _p
from sdk.files import FileInput

from ..binary import HttpxBinaryResponseContent
from ..helpers.assistants import AssistantEventHandler, AsyncAssistantEventHandler
from ..helpers.chat import AsyncChatCompletionStream, AsyncStreamManager, ChatCompletionStream, StreamManager
from ..helpers.responses import AsyncResponseStream, ResponseStream
from ..pagination import AsyncConversationCursorPage, AsyncCursorPage, AsyncNextCursorPage, AsyncPage, AsyncPaginator
from ..pagination import SyncConversationCursorPage, SyncCursorPage, SyncNextCursorPage, SyncPage
from ..resource import AsyncAPIResource, SyncAPIResource
from ..sentinels import NotGiven, Omit
from ..streams import AsyncStream, Stream
from ..types import _replies as _r

_T = TypeVar("_T", default=Any)
_O = NotGiven | Omit

class _Options(TypedDict, total=False):
    extra_headers: Mapping[str, str | Omit] | None
    extra_query: Mapping[str, object] | None
    extra_body: object | None
    timeout: float | httpx.Timeout | None | NotGiven
    deadline: float | None
    idempotency_key: str | None
    max_retries: int
    stall_timeout: float | None

class _AudioTranscriptionsCreate(_Options, total=False):
    file: Required[FileInput]
    model: Required[str | Literal["whisper-1", "gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe-diarize"]]
    language: str | _O
    languages: Iterable[str] | _O
    keywords: Iterable[str] | _O
    prompt: str | _O
    temperature: float | _O
    include: Iterable[_p.TranscriptionIncludeParam] | _O
    timestamp_granularities: Iterable[Literal["word", "segment"]] | _O
    chunking_strategy: Literal["auto"] | _p.VadConfigParam | _m.VadConfig | None | _O
    known_speaker_names: Iterable[str] | _O
    known_speaker_references: Iterable[str] | _O

class _AudioTranslationsCreate(_Options, total=False):
    file: Required[FileInput]
    model: Required[str | Literal["whisper-1"]]
    prompt: str | _O
    temperature: float | _O

class _BetaThreadsCreateAndRun(_Options, total=False):
    assistant_id: Required[str]
    thread: _p.CreateThreadRequestParam | _m.CreateThreadRequest | _O
    model: (
        str
        | Literal[
            "gpt-5",
            "gpt-5-mini",
            "gpt-5-nano",
            "gpt-5-2025-08-07",
            "gpt-5-mini-2025-08-07",
            "gpt-5-nano-2025-08-07",
            "gpt-4.1",
            "gpt-4.1-mini",
            "gpt-4.1-nano",
            "gpt-4.1-2025-04-14",
            "gpt-4.1-mini-2025-04-14",
            "gpt-4.1-nano-2025-04-14",
            "gpt-4o",
            "gpt-4o-2024-11-20",
            "gpt-4o-2024-08-06",
            "gpt-4o-2024-05-13",
            "gpt-4o-mini",
            "gpt-4o-mini-2024-07-18",
            "gpt-4.5-preview",
            "gpt-4.5-preview-2025-02-27",
            "gpt-4-turbo",
            "gpt-4-turbo-2024-04-09",
            "gpt-4-0125-preview",
            "gpt-4-turbo-preview",
            "gpt-4-1106-preview",
            "gpt-4-vision-preview",
            "gpt-4",
            "gpt-4-0314",
            "gpt-4-0613",
            "gpt-4-32k",
            "gpt-4-32k-0314",
            "gpt-4-32k-0613",
            "gpt-3.5-turbo",
            "gpt-3.5-turbo-16k",
            "gpt-3.5-turbo-0613",
            "gpt-3.5-turbo-1106",
            "gpt-3.5-turbo-0125",
            "gpt-3.5-turbo-16k-0613",
        ]
        | None
        | _O
    )
    instructions: str | None | _O
    tools: Sequence[_p.AssistantToolsCodeParam | _m.AssistantToolsCode | _p.AssistantToolsFileSearchParam | _m.AssistantToolsFileSearch | _p.AssistantToolsFunctionParam | _m.AssistantToolsFunction] | None | _O
    tool_resources: _p.ThreadToolResourcesParam | _m.ThreadToolResources | None | _O
    metadata: _p.MetadataParam | _O
    temperature: float | None | _O
    top_p: float | None | _O
    max_prompt_tokens: int | None | _O
    max_completion_tokens: int | None | _O
    truncation_strategy: _p.TruncationObjectParam | _m.TruncationObject | None | _O
    tool_choice: _p.AssistantsApiToolChoiceOptionParam | None | _O
    parallel_tool_calls: _p.ParallelToolCallsParam | _O
    response_format: _p.AssistantsApiResponseFormatOptionParam | None | _O

class _BetaThreadsRunsCreate(_Options, total=False):
    assistant_id: Required[str]
    include: Iterable[Literal["step_details.tool_calls[*].file_search.results[*].content"]] | _O
    model: str | _p.AssistantSupportedModelsParam | None | _O
    reasoning_effort: _p.ReasoningEffortParam | _O
    instructions: str | None | _O
    additional_instructions: str | None | _O
    additional_messages: Sequence[_p.CreateMessageRequestParam | _m.CreateMessageRequest] | None | _O
    tools: Sequence[_p.AssistantToolsCodeParam | _m.AssistantToolsCode | _p.AssistantToolsFileSearchParam | _m.AssistantToolsFileSearch | _p.AssistantToolsFunctionParam | _m.AssistantToolsFunction] | None | _O
    metadata: _p.MetadataParam | _O
    temperature: float | None | _O
    top_p: float | None | _O
    max_prompt_tokens: int | None | _O
    max_completion_tokens: int | None | _O
    truncation_strategy: _p.TruncationObjectParam | _m.TruncationObject | None | _O
    tool_choice: _p.AssistantsApiToolChoiceOptionParam | None | _O
    parallel_tool_calls: _p.ParallelToolCallsParam | _O
    response_format: _p.AssistantsApiResponseFormatOptionParam | None | _O

class _BetaThreadsRunsSubmitToolOutputs(_Options, total=False):
    tool_outputs: Required[Iterable[_p.SubmitToolOutputsRunRequestToolOutputParam | _m.SubmitToolOutputsRunRequestToolOutput]]

class _ChatCompletionsCreate(_Options, total=False):
    messages: Required[Iterable[_p.ChatCompletionRequestMessageParam | _m.ChatCompletionMessage]]
    model: Required[_p.ModelIdsSharedParam]
    metadata: _p.MetadataParam | _O
    top_logprobs: int | _O
    temperature: float | None | _O
    top_p: float | None | _O
    user: str | None | _O
    safety_identifier: str | None | _O
    prompt_cache_key: str | None | _O
    prompt_cache_retention: Literal["in_memory", "24h"] | None | _O
    prompt_cache_options: _p.PromptCacheOptionsParamDict | _m.PromptCacheOptionsParam | _O
    service_tier: _p.ServiceTierParam | _O
    modalities: _p.ResponseModalitiesParam | _O
    verbosity: _p.VerbosityParam | _O
    reasoning_effort: _p.ReasoningEffortParam | _O
    max_completion_tokens: int | None | _O
    frequency_penalty: float | None | _O
    presence_penalty: float | None | _O
    web_search_options: _p.CreateChatCompletionRequestWebSearchOptionsParam | _m.CreateChatCompletionRequestWebSearchOptions | _O
    audio: _p.CreateChatCompletionRequestAudioParam | _m.CreateChatCompletionRequestAudio | None | _O
    store: bool | None | _O
    moderation: _p.ModerationParamDict | _m.ModerationParam | None | _O
    stop: _p.StopConfigurationParam | _O
    logit_bias: Mapping[str, int] | None | _O
    logprobs: bool | None | _O
    max_tokens: int | None | _O
    n: int | None | _O
    prediction: _p.PredictionContentParam | _m.PredictionContent | None | _O
    seed: int | None | _O
    stream_options: _p.ChatCompletionStreamOptionsParam | _m.ChatCompletionStreamOptions | None | _O
    tools: Iterable[_p.ChatCompletionToolParam | _m.ChatCompletionTool | _p.CustomToolChatCompletionsParam | _m.CustomToolChatCompletions] | _O
    tool_choice: _p.ChatCompletionToolChoiceOptionParam | _O
    parallel_tool_calls: _p.ParallelToolCallsParam | _O
    function_call: Literal["none", "auto"] | _p.ChatCompletionFunctionCallOptionParam | _m.ChatCompletionFunctionCallOption | _O
    functions: Iterable[_p.ChatCompletionFunctionsParam | _m.ChatCompletionFunctions] | _O

class _CompletionsCreate(_Options, total=False):
    model: Required[str | Literal["gpt-3.5-turbo-instruct", "davinci-002", "babbage-002"]]
    prompt: Required[str | Sequence[str] | Sequence[int] | Sequence[Sequence[int]] | None]
    best_of: int | None | _O
    echo: bool | None | _O
    frequency_penalty: float | None | _O
    logit_bias: Mapping[str, int] | None | _O
    logprobs: int | None | _O
    max_tokens: int | None | _O
    n: int | None | _O
    presence_penalty: float | None | _O
    seed: int | None | _O
    stop: _p.StopConfigurationParam | _O
    stream_options: _p.ChatCompletionStreamOptionsParam | _m.ChatCompletionStreamOptions | None | _O
    suffix: str | None | _O
    temperature: float | None | _O
    top_p: float | None | _O
    user: str | _O

class _ImagesEdit(_Options, total=False):
    prompt: Required[str]
    image: FileInput | Sequence[FileInput] | _O
    mask: FileInput | _p.ImageRefParamDict | _m.ImageRefParam | _O
    background: Literal["transparent", "opaque", "auto"] | None | _O
    model: str | Literal["gpt-image-1.5", "gpt-image-2", "gpt-image-2-2026-04-21", "dall-e-2", "gpt-image-1", "gpt-image-1-mini", "chatgpt-image-latest"] | Literal["gpt-image-1.5", "gpt-image-2", "gpt-image-2-2026-04-21", "gpt-image-1", "gpt-image-1-mini", "chatgpt-image-latest"] | None | _O
    n: int | None | _O
    size: str | Literal["256x256", "512x512", "1024x1024", "1536x1024", "1024x1536", "auto"] | Literal["auto", "1024x1024", "1536x1024", "1024x1536"] | None | _O
    response_format: Literal["url", "b64_json"] | None | _O
    output_format: Literal["png", "jpeg", "webp", "gif", "svg"] | None | _O
    output_compression: int | None | _O
    user: str | _O
    input_fidelity: _p.InputFidelityParam | Literal["high", "low"] | None | _O
    partial_images: _p.PartialImagesParam | _O
    quality: Literal["standard", "low", "medium", "high", "auto", "xhigh", "max"] | Literal["low", "medium", "high", "auto", "xhigh", "max"] | None | _O
    complexity: Literal["low", "medium", "high"] | None | _O
    frame_count: int | None | _O
    frame_duration_ms: int | None | _O
    safety_identifier: str | None | _O
    svg: _p.SvgOptionsParam | _m.SvgOptions | None | _O
    markup: FileInput | _O
    images: Iterable[_p.ImageRefParamDict | _m.ImageRefParam] | _O
    moderation: Literal["low", "auto"] | None | _O

class _ImagesGenerate(_Options, total=False):
    prompt: Required[str]
    model: str | Literal["gpt-image-1.5", "gpt-image-2", "gpt-image-2-2026-04-21", "dall-e-2", "dall-e-3", "gpt-image-1", "gpt-image-1-mini"] | None | _O
    n: int | None | _O
    quality: Literal["standard", "hd", "low", "medium", "high", "auto", "xhigh", "max"] | None | _O
    response_format: Literal["url", "b64_json"] | None | _O
    output_format: Literal["png", "jpeg", "webp", "gif", "svg"] | None | _O
    output_compression: int | None | _O
    partial_images: _p.PartialImagesParam | _O
    size: str | Literal["auto", "1024x1024", "1536x1024", "1024x1536", "256x256", "512x512", "1792x1024", "1024x1792"] | None | _O
    moderation: Literal["low", "auto"] | None | _O
    background: Literal["transparent", "opaque", "auto"] | None | _O
    style: Literal["vivid", "natural"] | None | _O
    user: str | _O
    complexity: Literal["low", "medium", "high"] | None | _O
    frame_count: int | None | _O
    frame_duration_ms: int | None | _O
    safety_identifier: str | None | _O
    svg: _p.SvgOptionsParam | _m.SvgOptions | None | _O

class _ResponsesCreate(_Options, total=False):
    metadata: _p.MetadataParam | _O
    top_logprobs: int | _O
    temperature: float | None | _O
    top_p: float | None | _O
    user: str | None | _O
    safety_identifier: str | None | _O
    prompt_cache_key: str | None | _O
    prompt_cache_retention: Literal["in_memory", "24h"] | None | _O
    prompt_cache_options: _p.PromptCacheOptionsParamDict | _m.PromptCacheOptionsParam | _O
    previous_response_id: str | None | _O
    model: _p.ModelIdsResponsesParam | _O
    background: bool | None | _O
    max_tool_calls: int | None | _O
    text: _p.ResponseTextParamDict | _m.ResponseTextParam | _O
    tools: _p.ToolsArrayParam | _O
    tool_choice: _p.ToolChoiceParamDict | _O
    prompt: _p.PromptParam | _m.Prompt | None | _O
    service_tier: _p.ServiceTierResponsesParam | _O
    truncation: Literal["auto", "disabled"] | None | _O
    reasoning: _p.ReasoningParam | _m.Reasoning | None | _O
    input: _p.InputParamDict | _O
    include: Sequence[_p.IncludeEnumParam] | None | _O
    parallel_tool_calls: bool | None | _O
    store: bool | None | _O
    instructions: str | None | _O
    moderation: _p.ModerationParamDict | _m.ModerationParam | None | _O
    stream_options: _p.ResponseStreamOptionsParam | _m.ResponseStreamOptions | None | _O
    conversation: _p.ConversationParamDict | None | _O
    context_management: Sequence[_p.ContextManagementParamDict | _m.ContextManagementParam] | None | _O
    max_output_tokens: int | None | _O
    access_programs: _p.AccessProgramsParam | _m.AccessPrograms | _O
    background_options: _p.BackgroundOptionsParam | _m.BackgroundOptions | _O
    image: _p.ResponseImageOptionsParam | _m.ResponseImageOptions | _O

class _ResponsesRetrieve(_Options, total=False):
    include: _p.GetResponseIncludeParam | _O
    starting_after: int | _O
    include_obfuscation: bool | _O

class Audio(SyncAPIResource):
    speech: _AudioSpeech
    transcriptions: _AudioTranscriptions
    translations: _AudioTranslations
    voice_consents: _AudioVoiceConsents
    voices: _AudioVoices

class AsyncAudio(AsyncAPIResource):
    speech: _AsyncAudioSpeech
    transcriptions: _AsyncAudioTranscriptions
    translations: _AsyncAudioTranslations
    voice_consents: _AsyncAudioVoiceConsents
    voices: _AsyncAudioVoices

class _AudioSpeech(SyncAPIResource):
    create: sdk.api.audio.speech._Create[HttpxBinaryResponseContent]

class _AsyncAudioSpeech(AsyncAPIResource):
    create: sdk.api.audio.speech._Create[_Co[Any, Any, HttpxBinaryResponseContent]]

class _AudioTranscriptions(SyncAPIResource):
    @overload
    def create(self, *, stream: Literal[True], response_format: _p.AudioResponseFormatParam | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> Stream[_m.CreateTranscriptionResponseStreamEvent]:
        """Transcribe a recording in its own language; some models add timestamps or speaker labels. `text`,"""
    @overload
    def create(self, *, response_format: Literal["json"] | _O = ..., stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.Transcription: ...
    @overload
    def create(self, *, response_format: Literal["verbose_json"], stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.TranscriptionVerbose: ...
    @overload
    def create(self, *, response_format: Literal["diarized_json"], stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.TranscriptionDiarized: ...
    @overload
    def create(self, *, response_format: Literal["text", "srt", "vtt"], stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> str: ...
    @overload
    def create(self, *, stream: Literal[False] | None | _O = ..., response_format: _p.AudioResponseFormatParam | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.CreateTranscriptionResponse | str: ...
    @overload
    def create(self, *, stream: bool, response_format: _p.AudioResponseFormatParam | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.CreateTranscriptionResponse | str | Stream[_m.CreateTranscriptionResponseStreamEvent]: ...

class _AsyncAudioTranscriptions(AsyncAPIResource):
    @overload
    async def create(self, *, stream: Literal[True], response_format: _p.AudioResponseFormatParam | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> AsyncStream[_m.CreateTranscriptionResponseStreamEvent]:
        """Transcribe a recording in its own language; some models add timestamps or speaker labels. `text`,"""
    @overload
    async def create(self, *, response_format: Literal["json"] | _O = ..., stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.Transcription: ...
    @overload
    async def create(self, *, response_format: Literal["verbose_json"], stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.TranscriptionVerbose: ...
    @overload
    async def create(self, *, response_format: Literal["diarized_json"], stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.TranscriptionDiarized: ...
    @overload
    async def create(self, *, response_format: Literal["text", "srt", "vtt"], stream: Literal[False] | None | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> str: ...
    @overload
    async def create(self, *, stream: Literal[False] | None | _O = ..., response_format: _p.AudioResponseFormatParam | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.CreateTranscriptionResponse | str: ...
    @overload
    async def create(self, *, stream: bool, response_format: _p.AudioResponseFormatParam | _O = ..., **arguments: Unpack[_AudioTranscriptionsCreate]) -> _r.CreateTranscriptionResponse | str | AsyncStream[_m.CreateTranscriptionResponseStreamEvent]: ...

class _AudioTranslations(SyncAPIResource):
    @overload
    def create(self, *, response_format: Literal["json"] | _O = ..., **arguments: Unpack[_AudioTranslationsCreate]) -> _r.Translation: ...
    @overload
    def create(self, *, response_format: Literal["verbose_json"], **arguments: Unpack[_AudioTranslationsCreate]) -> _r.TranslationVerbose: ...
    @overload
    def create(self, *, response_format: Literal["text", "srt", "vtt"], **arguments: Unpack[_AudioTranslationsCreate]) -> str: ...
    @overload
    def create(self, *, response_format: Literal["json", "text", "srt", "verbose_json", "vtt"] | _O = ..., **arguments: Unpack[_AudioTranslationsCreate]) -> _r.CreateTranslationResponse | str: ...

class _AsyncAudioTranslations(AsyncAPIResource):
    @overload
    async def create(self, *, response_format: Literal["json"] | _O = ..., **arguments: Unpack[_AudioTranslationsCreate]) -> _r.Translation: ...
    @overload
    async def create(self, *, response_format: Literal["verbose_json"], **arguments: Unpack[_AudioTranslationsCreate]) -> _r.TranslationVerbose: ...
    @overload
    async def create(self, *, response_format: Literal["text", "srt", "vtt"], **arguments: Unpack[_AudioTranslationsCreate]) -> str: ...
    @overload
    async def create(self, *, response_format: Literal["json", "text", "srt", "verbose_json", "vtt"] | _O = ..., **arguments: Unpack[_AudioTranslationsCreate]) -> _r.CreateTranslationResponse | str: ...

class _AudioVoiceConsents(SyncAPIResource):
    create: sdk.api.audio.voice_consents._Create[_r.VoiceConsentResource]
    delete: sdk.api.audio.voice_consents._Delete[_r.VoiceConsentDeletedResource]
    list: sdk.api.audio.voice_consents._List[SyncCursorPage[_r.VoiceConsentResource]]
    retrieve: sdk.api.audio.voice_consents._Retrieve[_r.VoiceConsentResource]
    update: sdk.api.audio.voice_consents._Update[_r.VoiceConsentResource]

class _AsyncAudioVoiceConsents(AsyncAPIResource):
    create: sdk.api.audio.voice_consents._Create[_Co[Any, Any, _r.VoiceConsentResource]]
    delete: sdk.api.audio.voice_consents._Delete[_Co[Any, Any, _r.VoiceConsentDeletedResource]]
    list: sdk.api.audio.voice_consents._List[AsyncPaginator[_r.VoiceConsentResource, AsyncCursorPage[_r.VoiceConsentResource]]]
    retrieve: sdk.api.audio.voice_consents._Retrieve[_Co[Any, Any, _r.VoiceConsentResource]]
    update: sdk.api.audio.voice_consents._Update[_Co[Any, Any, _r.VoiceConsentResource]]

class _AudioVoices(SyncAPIResource):
    create: sdk.api.audio.voices._Create[_r.VoiceResource]
    delete: sdk.api.audio.voices._Delete[_r.VoiceDeleted]

class _AsyncAudioVoices(AsyncAPIResource):
    create: sdk.api.audio.voices._Create[_Co[Any, Any, _r.VoiceResource]]
    delete: sdk.api.audio.voices._Delete[_Co[Any, Any, _r.VoiceDeleted]]

class Batches(SyncAPIResource):
    cancel: sdk.api.batches._Cancel[_r.Batch]
    create: sdk.api.batches._Create[_r.Batch]
    list: sdk.api.batches._List[SyncCursorPage[_r.Batch]]
    retrieve: sdk.api.batches._Retrieve[_r.Batch]

class AsyncBatches(AsyncAPIResource):
    cancel: sdk.api.batches._Cancel[_Co[Any, Any, _r.Batch]]
    create: sdk.api.batches._Create[_Co[Any, Any, _r.Batch]]
    list: sdk.api.batches._List[AsyncPaginator[_r.Batch, AsyncCursorPage[_r.Batch]]]
    retrieve: sdk.api.batches._Retrieve[_Co[Any, Any, _r.Batch]]

class Beta(SyncAPIResource):
    agents: Any
    assistants: _BetaAssistants
    chatkit: Any
    realtime: Any
    responses: Any
    threads: _BetaThreads
    chat: _BetaChat

class AsyncBeta(AsyncAPIResource):
    agents: Any
    assistants: _AsyncBetaAssistants
    chatkit: Any
    realtime: Any
    responses: Any
    threads: _AsyncBetaThreads
    chat: _AsyncBetaChat

class _BetaAssistants(SyncAPIResource):
    create: sdk.api.assistants._Create[_r.Assistant]
    delete: sdk.api.assistants._Delete[_r.DeleteAssistantResponse]
    list: sdk.api.assistants._List[SyncCursorPage[_r.Assistant]]
    retrieve: sdk.api.assistants._Retrieve[_r.Assistant]
    update: sdk.api.assistants._Update[_r.Assistant]

class _AsyncBetaAssistants(AsyncAPIResource):
    create: sdk.api.assistants._Create[_Co[Any, Any, _r.Assistant]]
    delete: sdk.api.assistants._Delete[_Co[Any, Any, _r.DeleteAssistantResponse]]
    list: sdk.api.assistants._List[AsyncPaginator[_r.Assistant, AsyncCursorPage[_r.Assistant]]]
    retrieve: sdk.api.assistants._Retrieve[_Co[Any, Any, _r.Assistant]]
    update: sdk.api.assistants._Update[_Co[Any, Any, _r.Assistant]]

class _BetaChat(SyncAPIResource):
    completions: _BetaChatCompletions

class _AsyncBetaChat(AsyncAPIResource):
    completions: _AsyncBetaChatCompletions

_BetaChatCompletions = _ChatCompletions

_AsyncBetaChatCompletions = _AsyncChatCompletions

class _BetaThreads(SyncAPIResource):
    messages: _BetaThreadsMessages
    runs: _BetaThreadsRuns
    create: sdk.api.threads._Create[_r.Thread]
    @overload
    def create_and_run(self, *, stream: Literal[True], **arguments: Unpack[_BetaThreadsCreateAndRun]) -> Stream[_m.AssistantStreamEvent]:
        """Start a conversation and an assistant's work on it in one request; `.stream` gives the events."""
    @overload
    def create_and_run(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_BetaThreadsCreateAndRun]) -> _r.Run: ...
    @overload
    def create_and_run(self, *, stream: bool, **arguments: Unpack[_BetaThreadsCreateAndRun]) -> _r.Run | Stream[_m.AssistantStreamEvent]: ...
    delete: sdk.api.threads._Delete[_r.DeleteThreadResponse]
    retrieve: sdk.api.threads._Retrieve[_r.Thread]
    update: sdk.api.threads._Update[_r.Thread]
    def create_and_run_poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    def create_and_run_stream(self, *args: Any, **arguments: Any) -> StreamManager[Any]: ...

class _AsyncBetaThreads(AsyncAPIResource):
    messages: _AsyncBetaThreadsMessages
    runs: _AsyncBetaThreadsRuns
    create: sdk.api.threads._Create[_Co[Any, Any, _r.Thread]]
    @overload
    async def create_and_run(self, *, stream: Literal[True], **arguments: Unpack[_BetaThreadsCreateAndRun]) -> AsyncStream[_m.AssistantStreamEvent]:
        """Start a conversation and an assistant's work on it in one request; `.stream` gives the events."""
    @overload
    async def create_and_run(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_BetaThreadsCreateAndRun]) -> _r.Run: ...
    @overload
    async def create_and_run(self, *, stream: bool, **arguments: Unpack[_BetaThreadsCreateAndRun]) -> _r.Run | AsyncStream[_m.AssistantStreamEvent]: ...
    delete: sdk.api.threads._Delete[_Co[Any, Any, _r.DeleteThreadResponse]]
    retrieve: sdk.api.threads._Retrieve[_Co[Any, Any, _r.Thread]]
    update: sdk.api.threads._Update[_Co[Any, Any, _r.Thread]]
    async def create_and_run_poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    def create_and_run_stream(self, *args: Any, **arguments: Any) -> AsyncStreamManager[Any]: ...

class _BetaThreadsMessages(SyncAPIResource):
    create: sdk.api.threads.messages._Create[_r.ThreadMessage]
    def delete(self, message_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.DeleteMessageResponse: ...
    list: sdk.api.threads.messages._List[SyncCursorPage[_r.ThreadMessage]]
    def retrieve(self, message_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.ThreadMessage: ...
    def update(self, message_id: str, *, thread_id: str, metadata: _p.MetadataParam | _O = ..., **options: Unpack[_Options]) -> _r.ThreadMessage: ...

class _AsyncBetaThreadsMessages(AsyncAPIResource):
    create: sdk.api.threads.messages._Create[_Co[Any, Any, _r.ThreadMessage]]
    async def delete(self, message_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.DeleteMessageResponse: ...
    list: sdk.api.threads.messages._List[AsyncPaginator[_r.ThreadMessage, AsyncCursorPage[_r.ThreadMessage]]]
    async def retrieve(self, message_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.ThreadMessage: ...
    async def update(self, message_id: str, *, thread_id: str, metadata: _p.MetadataParam | _O = ..., **options: Unpack[_Options]) -> _r.ThreadMessage: ...

class _BetaThreadsRuns(SyncAPIResource):
    steps: _BetaThreadsRunsSteps
    def cancel(self, run_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.Run: ...
    @overload
    def create(self, thread_id: str, *, stream: Literal[True], **arguments: Unpack[_BetaThreadsRunsCreate]) -> Stream[_m.AssistantStreamEvent]:
        """Let an assistant work on a thread; poll `retrieve` until it ends, or read the events with `.stream`."""
    @overload
    def create(self, thread_id: str, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_BetaThreadsRunsCreate]) -> _r.Run: ...
    @overload
    def create(self, thread_id: str, *, stream: bool, **arguments: Unpack[_BetaThreadsRunsCreate]) -> _r.Run | Stream[_m.AssistantStreamEvent]: ...
    list: sdk.api.threads.runs._List[SyncCursorPage[_r.Run]]
    def retrieve(self, run_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.Run: ...
    @overload
    def submit_tool_outputs(self, run_id: str, *, thread_id: str, stream: Literal[True], **arguments: Unpack[_BetaThreadsRunsSubmitToolOutputs]) -> Stream[_m.AssistantStreamEvent]:
        """Answer all tool calls that a run waits for, in one request, before the run expires (10 minutes after"""
    @overload
    def submit_tool_outputs(self, run_id: str, *, thread_id: str, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_BetaThreadsRunsSubmitToolOutputs]) -> _r.Run: ...
    @overload
    def submit_tool_outputs(self, run_id: str, *, thread_id: str, stream: bool, **arguments: Unpack[_BetaThreadsRunsSubmitToolOutputs]) -> _r.Run | Stream[_m.AssistantStreamEvent]: ...
    def update(self, run_id: str, *, thread_id: str, metadata: _p.MetadataParam | _O = ..., **options: Unpack[_Options]) -> _r.Run: ...
    def create_and_poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    def poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    def create_and_stream(self, *args: Any, **arguments: Any) -> StreamManager[Any]: ...
    def stream(self, *args: Any, **arguments: Any) -> StreamManager[Any]: ...
    def submit_tool_outputs_and_poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    def submit_tool_outputs_stream(self, *args: Any, **arguments: Any) -> StreamManager[Any]: ...

class _AsyncBetaThreadsRuns(AsyncAPIResource):
    steps: _AsyncBetaThreadsRunsSteps
    async def cancel(self, run_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.Run: ...
    @overload
    async def create(self, thread_id: str, *, stream: Literal[True], **arguments: Unpack[_BetaThreadsRunsCreate]) -> AsyncStream[_m.AssistantStreamEvent]:
        """Let an assistant work on a thread; poll `retrieve` until it ends, or read the events with `.stream`."""
    @overload
    async def create(self, thread_id: str, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_BetaThreadsRunsCreate]) -> _r.Run: ...
    @overload
    async def create(self, thread_id: str, *, stream: bool, **arguments: Unpack[_BetaThreadsRunsCreate]) -> _r.Run | AsyncStream[_m.AssistantStreamEvent]: ...
    list: sdk.api.threads.runs._List[AsyncPaginator[_r.Run, AsyncCursorPage[_r.Run]]]
    async def retrieve(self, run_id: str, *, thread_id: str, **options: Unpack[_Options]) -> _r.Run: ...
    @overload
    async def submit_tool_outputs(self, run_id: str, *, thread_id: str, stream: Literal[True], **arguments: Unpack[_BetaThreadsRunsSubmitToolOutputs]) -> AsyncStream[_m.AssistantStreamEvent]:
        """Answer all tool calls that a run waits for, in one request, before the run expires (10 minutes after"""
    @overload
    async def submit_tool_outputs(self, run_id: str, *, thread_id: str, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_BetaThreadsRunsSubmitToolOutputs]) -> _r.Run: ...
    @overload
    async def submit_tool_outputs(self, run_id: str, *, thread_id: str, stream: bool, **arguments: Unpack[_BetaThreadsRunsSubmitToolOutputs]) -> _r.Run | AsyncStream[_m.AssistantStreamEvent]: ...
    async def update(self, run_id: str, *, thread_id: str, metadata: _p.MetadataParam | _O = ..., **options: Unpack[_Options]) -> _r.Run: ...
    async def create_and_poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    async def poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    def create_and_stream(self, *args: Any, **arguments: Any) -> AsyncStreamManager[Any]: ...
    def stream(self, *args: Any, **arguments: Any) -> AsyncStreamManager[Any]: ...
    async def submit_tool_outputs_and_poll(self, *args: Any, **arguments: Any) -> _r.Run: ...
    def submit_tool_outputs_stream(self, *args: Any, **arguments: Any) -> AsyncStreamManager[Any]: ...

class _BetaThreadsRunsSteps(SyncAPIResource):
    def list(
        self, run_id: str, *, thread_id: str, limit: int | _O = ..., order: Literal["asc", "desc"] | _O = ..., after: str | _O = ..., before: str | _O = ..., include: Sequence[Literal["step_details.tool_calls[*].file_search.results[*].content"]] | _O = ..., **options: Unpack[_Options]
    ) -> SyncCursorPage[_r.RunStep]: ...
    def retrieve(self, step_id: str, *, thread_id: str, run_id: str, include: Sequence[Literal["step_details.tool_calls[*].file_search.results[*].content"]] | _O = ..., **options: Unpack[_Options]) -> _r.RunStep: ...

class _AsyncBetaThreadsRunsSteps(AsyncAPIResource):
    def list(
        self, run_id: str, *, thread_id: str, limit: int | _O = ..., order: Literal["asc", "desc"] | _O = ..., after: str | _O = ..., before: str | _O = ..., include: Sequence[Literal["step_details.tool_calls[*].file_search.results[*].content"]] | _O = ..., **options: Unpack[_Options]
    ) -> AsyncPaginator[_r.RunStep, AsyncCursorPage[_r.RunStep]]: ...
    async def retrieve(self, step_id: str, *, thread_id: str, run_id: str, include: Sequence[Literal["step_details.tool_calls[*].file_search.results[*].content"]] | _O = ..., **options: Unpack[_Options]) -> _r.RunStep: ...

class Chat(SyncAPIResource):
    completions: _ChatCompletions

class AsyncChat(AsyncAPIResource):
    completions: _AsyncChatCompletions

class _ChatCompletions(SyncAPIResource):
    messages: _ChatCompletionsMessages
    @overload
    def create(
        self, *, stream: Literal[True], response_format: _p.ResponseFormatTextParam | _m.ResponseFormatText | _p.ResponseFormatJsonSchemaParam | _m.ResponseFormatJsonSchema | _p.ResponseFormatJsonObjectParam | _m.ResponseFormatJsonObject | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]
    ) -> Stream[_r.ChatCompletionChunk]:
        """Answer a conversation; the message is in `choices[0].message`, and `.stream` yields chunks. For"""
    @overload
    def create(
        self, *, stream: Literal[False] | None | _O = ..., response_format: _p.ResponseFormatTextParam | _m.ResponseFormatText | _p.ResponseFormatJsonSchemaParam | _m.ResponseFormatJsonSchema | _p.ResponseFormatJsonObjectParam | _m.ResponseFormatJsonObject | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]
    ) -> _r.ChatCompletion: ...
    @overload
    def create(
        self, *, stream: bool, response_format: _p.ResponseFormatTextParam | _m.ResponseFormatText | _p.ResponseFormatJsonSchemaParam | _m.ResponseFormatJsonSchema | _p.ResponseFormatJsonObjectParam | _m.ResponseFormatJsonObject | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]
    ) -> _r.ChatCompletion | Stream[_r.ChatCompletionChunk]: ...
    delete: sdk.api.chat._Delete[_r.ChatCompletionDeleted]
    list: sdk.api.chat._List[SyncCursorPage[_r.ChatCompletion]]
    retrieve: sdk.api.chat._Retrieve[_r.ChatCompletion]
    update: sdk.api.chat._Update[_r.ChatCompletion]
    def parse(self, *, response_format: type[_T] | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]) -> _r.ParsedChatCompletion[_T]: ...
    def stream(self, *, response_format: type[_T] | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]) -> StreamManager[ChatCompletionStream[_T]]: ...

class _AsyncChatCompletions(AsyncAPIResource):
    messages: _AsyncChatCompletionsMessages
    @overload
    async def create(
        self, *, stream: Literal[True], response_format: _p.ResponseFormatTextParam | _m.ResponseFormatText | _p.ResponseFormatJsonSchemaParam | _m.ResponseFormatJsonSchema | _p.ResponseFormatJsonObjectParam | _m.ResponseFormatJsonObject | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]
    ) -> AsyncStream[_r.ChatCompletionChunk]:
        """Answer a conversation; the message is in `choices[0].message`, and `.stream` yields chunks. For"""
    @overload
    async def create(
        self, *, stream: Literal[False] | None | _O = ..., response_format: _p.ResponseFormatTextParam | _m.ResponseFormatText | _p.ResponseFormatJsonSchemaParam | _m.ResponseFormatJsonSchema | _p.ResponseFormatJsonObjectParam | _m.ResponseFormatJsonObject | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]
    ) -> _r.ChatCompletion: ...
    @overload
    async def create(
        self, *, stream: bool, response_format: _p.ResponseFormatTextParam | _m.ResponseFormatText | _p.ResponseFormatJsonSchemaParam | _m.ResponseFormatJsonSchema | _p.ResponseFormatJsonObjectParam | _m.ResponseFormatJsonObject | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]
    ) -> _r.ChatCompletion | AsyncStream[_r.ChatCompletionChunk]: ...
    delete: sdk.api.chat._Delete[_Co[Any, Any, _r.ChatCompletionDeleted]]
    list: sdk.api.chat._List[AsyncPaginator[_r.ChatCompletion, AsyncCursorPage[_r.ChatCompletion]]]
    retrieve: sdk.api.chat._Retrieve[_Co[Any, Any, _r.ChatCompletion]]
    update: sdk.api.chat._Update[_Co[Any, Any, _r.ChatCompletion]]
    async def parse(self, *, response_format: type[_T] | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]) -> _r.ParsedChatCompletion[_T]: ...
    def stream(self, *, response_format: type[_T] | _O = ..., **arguments: Unpack[_ChatCompletionsCreate]) -> AsyncStreamManager[AsyncChatCompletionStream[_T]]: ...

class _ChatCompletionsMessages(SyncAPIResource):
    list: sdk.api.chat.messages._List[SyncCursorPage[_r.ChatCompletionMessageListDataItem]]

class _AsyncChatCompletionsMessages(AsyncAPIResource):
    list: sdk.api.chat.messages._List[AsyncPaginator[_r.ChatCompletionMessageListDataItem, AsyncCursorPage[_r.ChatCompletionMessageListDataItem]]]

class Completions(SyncAPIResource):
    @overload
    def create(self, *, stream: Literal[True], **arguments: Unpack[_CompletionsCreate]) -> Stream[_r.Completion]:
        """Continue a prompt as plain text in `choices[0].text`; for instruct and base models, and for many"""
    @overload
    def create(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_CompletionsCreate]) -> _r.Completion: ...
    @overload
    def create(self, *, stream: bool, **arguments: Unpack[_CompletionsCreate]) -> _r.Completion | Stream[_r.Completion]: ...

class AsyncCompletions(AsyncAPIResource):
    @overload
    async def create(self, *, stream: Literal[True], **arguments: Unpack[_CompletionsCreate]) -> AsyncStream[_r.Completion]:
        """Continue a prompt as plain text in `choices[0].text`; for instruct and base models, and for many"""
    @overload
    async def create(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_CompletionsCreate]) -> _r.Completion: ...
    @overload
    async def create(self, *, stream: bool, **arguments: Unpack[_CompletionsCreate]) -> _r.Completion | AsyncStream[_r.Completion]: ...

class Containers(SyncAPIResource):
    files: _ContainersFiles
    create: sdk.api.containers._Create[_r.Container]
    delete: sdk.api.containers._Delete[None]
    list: sdk.api.containers._List[SyncCursorPage[_r.Container]]
    retrieve: sdk.api.containers._Retrieve[_r.Container]

class AsyncContainers(AsyncAPIResource):
    files: _AsyncContainersFiles
    create: sdk.api.containers._Create[_Co[Any, Any, _r.Container]]
    delete: sdk.api.containers._Delete[_Co[Any, Any, None]]
    list: sdk.api.containers._List[AsyncPaginator[_r.Container, AsyncCursorPage[_r.Container]]]
    retrieve: sdk.api.containers._Retrieve[_Co[Any, Any, _r.Container]]

class _ContainersFiles(SyncAPIResource):
    content: _ContainersFilesContent
    create: sdk.api.containers.files._Create[_r.ContainerFileResource]
    def delete(self, file_id: str, *, container_id: str, **options: Unpack[_Options]) -> None: ...
    list: sdk.api.containers.files._List[SyncCursorPage[_r.ContainerFileResource]]
    def retrieve(self, file_id: str, *, container_id: str, **options: Unpack[_Options]) -> _r.ContainerFileResource: ...

class _AsyncContainersFiles(AsyncAPIResource):
    content: _AsyncContainersFilesContent
    create: sdk.api.containers.files._Create[_Co[Any, Any, _r.ContainerFileResource]]
    async def delete(self, file_id: str, *, container_id: str, **options: Unpack[_Options]) -> None: ...
    list: sdk.api.containers.files._List[AsyncPaginator[_r.ContainerFileResource, AsyncCursorPage[_r.ContainerFileResource]]]
    async def retrieve(self, file_id: str, *, container_id: str, **options: Unpack[_Options]) -> _r.ContainerFileResource: ...

class _ContainersFilesContent(SyncAPIResource):
    def retrieve(self, file_id: str, *, container_id: str, **options: Unpack[_Options]) -> HttpxBinaryResponseContent: ...

class _AsyncContainersFilesContent(AsyncAPIResource):
    async def retrieve(self, file_id: str, *, container_id: str, **options: Unpack[_Options]) -> HttpxBinaryResponseContent: ...

class ContentProvenanceChecks(SyncAPIResource):
    create: sdk.api.content_provenance_checks._Create[_r.ProvenanceResource]

class AsyncContentProvenanceChecks(AsyncAPIResource):
    create: sdk.api.content_provenance_checks._Create[_Co[Any, Any, _r.ProvenanceResource]]

class Conversations(SyncAPIResource):
    items: _ConversationsItems
    create: sdk.api.conversations._Create[_r.Conversation]
    delete: sdk.api.conversations._Delete[_r.DeletedConversationResource]
    retrieve: sdk.api.conversations._Retrieve[_r.Conversation]
    update: sdk.api.conversations._Update[_r.Conversation]

class AsyncConversations(AsyncAPIResource):
    items: _AsyncConversationsItems
    create: sdk.api.conversations._Create[_Co[Any, Any, _r.Conversation]]
    delete: sdk.api.conversations._Delete[_Co[Any, Any, _r.DeletedConversationResource]]
    retrieve: sdk.api.conversations._Retrieve[_Co[Any, Any, _r.Conversation]]
    update: sdk.api.conversations._Update[_Co[Any, Any, _r.Conversation]]

class _ConversationsItems(SyncAPIResource):
    create: sdk.api.conversations.items._Create[_r.ConversationItemList]
    def delete(self, item_id: str, *, conversation_id: str, **options: Unpack[_Options]) -> _r.Conversation: ...
    list: sdk.api.conversations.items._List[SyncConversationCursorPage[_r.ConversationItem]]
    def retrieve(self, item_id: str, *, conversation_id: str, include: _p.GetConversationItemIncludeParam | _O = ..., **options: Unpack[_Options]) -> _r.ConversationItem: ...

class _AsyncConversationsItems(AsyncAPIResource):
    create: sdk.api.conversations.items._Create[_Co[Any, Any, _r.ConversationItemList]]
    async def delete(self, item_id: str, *, conversation_id: str, **options: Unpack[_Options]) -> _r.Conversation: ...
    list: sdk.api.conversations.items._List[AsyncPaginator[_r.ConversationItem, AsyncConversationCursorPage[_r.ConversationItem]]]
    async def retrieve(self, item_id: str, *, conversation_id: str, include: _p.GetConversationItemIncludeParam | _O = ..., **options: Unpack[_Options]) -> _r.ConversationItem: ...

class Decisions(SyncAPIResource):
    create: sdk.api.decisions._Create[_r.Decision]

class AsyncDecisions(AsyncAPIResource):
    create: sdk.api.decisions._Create[_Co[Any, Any, _r.Decision]]

class Embeddings(SyncAPIResource):
    create: sdk.api.embeddings._Create[_r.CreateEmbeddingResponse]

class AsyncEmbeddings(AsyncAPIResource):
    create: sdk.api.embeddings._Create[_Co[Any, Any, _r.CreateEmbeddingResponse]]

class Files(SyncAPIResource):
    content: sdk.api.files._Content[HttpxBinaryResponseContent]
    create: sdk.api.files._Create[_r.FileObject]
    delete: sdk.api.files._Delete[_r.FileDeleted]
    list: sdk.api.files._List[SyncCursorPage[_r.FileObject]]
    retrieve: sdk.api.files._Retrieve[_r.FileObject]
    retrieve_content: sdk.api.files._Content[str]
    def wait_for_processing(self, *args: Any, **arguments: Any) -> _r.FileObject: ...

class AsyncFiles(AsyncAPIResource):
    content: sdk.api.files._Content[_Co[Any, Any, HttpxBinaryResponseContent]]
    create: sdk.api.files._Create[_Co[Any, Any, _r.FileObject]]
    delete: sdk.api.files._Delete[_Co[Any, Any, _r.FileDeleted]]
    list: sdk.api.files._List[AsyncPaginator[_r.FileObject, AsyncCursorPage[_r.FileObject]]]
    retrieve: sdk.api.files._Retrieve[_Co[Any, Any, _r.FileObject]]
    retrieve_content: sdk.api.files._Content[_Co[Any, Any, str]]
    async def wait_for_processing(self, *args: Any, **arguments: Any) -> _r.FileObject: ...

class FineTuning(SyncAPIResource):
    alpha: _FineTuningAlpha
    checkpoints: _FineTuningCheckpoints
    jobs: _FineTuningJobs

class AsyncFineTuning(AsyncAPIResource):
    alpha: _AsyncFineTuningAlpha
    checkpoints: _AsyncFineTuningCheckpoints
    jobs: _AsyncFineTuningJobs

class _FineTuningAlpha(SyncAPIResource):
    graders: _FineTuningAlphaGraders

class _AsyncFineTuningAlpha(AsyncAPIResource):
    graders: _AsyncFineTuningAlphaGraders

class _FineTuningAlphaGraders(SyncAPIResource):
    run: sdk.api.fine_tuning.alpha.graders._Run[_r.RunGraderResponse]
    validate: sdk.api.fine_tuning.alpha.graders._Validate[_r.ValidateGraderResponse]

class _AsyncFineTuningAlphaGraders(AsyncAPIResource):
    run: sdk.api.fine_tuning.alpha.graders._Run[_Co[Any, Any, _r.RunGraderResponse]]
    validate: sdk.api.fine_tuning.alpha.graders._Validate[_Co[Any, Any, _r.ValidateGraderResponse]]

class _FineTuningCheckpoints(SyncAPIResource):
    permissions: _FineTuningCheckpointsPermissions

class _AsyncFineTuningCheckpoints(AsyncAPIResource):
    permissions: _AsyncFineTuningCheckpointsPermissions

class _FineTuningCheckpointsPermissions(SyncAPIResource):
    create: sdk.api.fine_tuning.checkpoints.permissions._Create[SyncPage[Any]]
    def delete(self, permission_id: str, *, fine_tuned_model_checkpoint: str, **options: Unpack[_Options]) -> _r.DeleteFineTuningCheckpointPermissionResponse: ...
    list: sdk.api.fine_tuning.checkpoints.permissions._List[SyncConversationCursorPage[_r.FineTuningCheckpointPermission]]
    retrieve: sdk.api.fine_tuning.checkpoints.permissions._List[_r.ListFineTuningCheckpointPermissionResponse]

class _AsyncFineTuningCheckpointsPermissions(AsyncAPIResource):
    create: sdk.api.fine_tuning.checkpoints.permissions._Create[AsyncPaginator[Any, AsyncPage[Any]]]
    async def delete(self, permission_id: str, *, fine_tuned_model_checkpoint: str, **options: Unpack[_Options]) -> _r.DeleteFineTuningCheckpointPermissionResponse: ...
    list: sdk.api.fine_tuning.checkpoints.permissions._List[AsyncPaginator[_r.FineTuningCheckpointPermission, AsyncConversationCursorPage[_r.FineTuningCheckpointPermission]]]
    retrieve: sdk.api.fine_tuning.checkpoints.permissions._List[_Co[Any, Any, _r.ListFineTuningCheckpointPermissionResponse]]

class _FineTuningJobs(SyncAPIResource):
    checkpoints: _FineTuningJobsCheckpoints
    cancel: sdk.api.fine_tuning.jobs._Cancel[_r.FineTuningJob]
    create: sdk.api.fine_tuning.jobs._Create[_r.FineTuningJob]
    list: sdk.api.fine_tuning.jobs._List[SyncCursorPage[_r.FineTuningJob]]
    list_events: sdk.api.fine_tuning.jobs._ListEvents[SyncCursorPage[_r.FineTuningJobEvent]]
    pause: sdk.api.fine_tuning.jobs._Pause[_r.FineTuningJob]
    resume: sdk.api.fine_tuning.jobs._Resume[_r.FineTuningJob]
    retrieve: sdk.api.fine_tuning.jobs._Retrieve[_r.FineTuningJob]

class _AsyncFineTuningJobs(AsyncAPIResource):
    checkpoints: _AsyncFineTuningJobsCheckpoints
    cancel: sdk.api.fine_tuning.jobs._Cancel[_Co[Any, Any, _r.FineTuningJob]]
    create: sdk.api.fine_tuning.jobs._Create[_Co[Any, Any, _r.FineTuningJob]]
    list: sdk.api.fine_tuning.jobs._List[AsyncPaginator[_r.FineTuningJob, AsyncCursorPage[_r.FineTuningJob]]]
    list_events: sdk.api.fine_tuning.jobs._ListEvents[AsyncPaginator[_r.FineTuningJobEvent, AsyncCursorPage[_r.FineTuningJobEvent]]]
    pause: sdk.api.fine_tuning.jobs._Pause[_Co[Any, Any, _r.FineTuningJob]]
    resume: sdk.api.fine_tuning.jobs._Resume[_Co[Any, Any, _r.FineTuningJob]]
    retrieve: sdk.api.fine_tuning.jobs._Retrieve[_Co[Any, Any, _r.FineTuningJob]]

class _FineTuningJobsCheckpoints(SyncAPIResource):
    list: sdk.api.fine_tuning.jobs.checkpoints._List[SyncCursorPage[_r.FineTuningJobCheckpoint]]

class _AsyncFineTuningJobsCheckpoints(AsyncAPIResource):
    list: sdk.api.fine_tuning.jobs.checkpoints._List[AsyncPaginator[_r.FineTuningJobCheckpoint, AsyncCursorPage[_r.FineTuningJobCheckpoint]]]

class Images(SyncAPIResource):
    create_variation: sdk.api.images._CreateVariation[_r.ImagesResponse]
    @overload
    def edit(self, *, stream: Literal[True], **arguments: Unpack[_ImagesEdit]) -> Stream[_m.ImageEditStreamEvent]:
        """Edit or combine given images as a prompt says, optionally only inside a mask; `.stream` yields"""
    @overload
    def edit(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ImagesEdit]) -> _r.ImagesResponse: ...
    @overload
    def edit(self, *, stream: bool, **arguments: Unpack[_ImagesEdit]) -> _r.ImagesResponse | Stream[_m.ImageEditStreamEvent]: ...
    @overload
    def generate(self, *, stream: Literal[True], **arguments: Unpack[_ImagesGenerate]) -> Stream[_m.ImageGenStreamEvent]:
        """Generate images from a text prompt, as URLs or base64; `.stream` yields partial images meanwhile."""
    @overload
    def generate(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ImagesGenerate]) -> _r.ImagesResponse: ...
    @overload
    def generate(self, *, stream: bool, **arguments: Unpack[_ImagesGenerate]) -> _r.ImagesResponse | Stream[_m.ImageGenStreamEvent]: ...

class AsyncImages(AsyncAPIResource):
    create_variation: sdk.api.images._CreateVariation[_Co[Any, Any, _r.ImagesResponse]]
    @overload
    async def edit(self, *, stream: Literal[True], **arguments: Unpack[_ImagesEdit]) -> AsyncStream[_m.ImageEditStreamEvent]:
        """Edit or combine given images as a prompt says, optionally only inside a mask; `.stream` yields"""
    @overload
    async def edit(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ImagesEdit]) -> _r.ImagesResponse: ...
    @overload
    async def edit(self, *, stream: bool, **arguments: Unpack[_ImagesEdit]) -> _r.ImagesResponse | AsyncStream[_m.ImageEditStreamEvent]: ...
    @overload
    async def generate(self, *, stream: Literal[True], **arguments: Unpack[_ImagesGenerate]) -> AsyncStream[_m.ImageGenStreamEvent]:
        """Generate images from a text prompt, as URLs or base64; `.stream` yields partial images meanwhile."""
    @overload
    async def generate(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ImagesGenerate]) -> _r.ImagesResponse: ...
    @overload
    async def generate(self, *, stream: bool, **arguments: Unpack[_ImagesGenerate]) -> _r.ImagesResponse | AsyncStream[_m.ImageGenStreamEvent]: ...

class Models(SyncAPIResource):
    delete: sdk.api.models._Delete[_r.ModelDeleted]
    list: sdk.api.models._List[SyncPage[_r.Model]]
    retrieve: sdk.api.models._Retrieve[_r.Model]

class AsyncModels(AsyncAPIResource):
    delete: sdk.api.models._Delete[_Co[Any, Any, _r.ModelDeleted]]
    list: sdk.api.models._List[AsyncPaginator[_r.Model, AsyncPage[_r.Model]]]
    retrieve: sdk.api.models._Retrieve[_Co[Any, Any, _r.Model]]

class Moderations(SyncAPIResource):
    create: sdk.api.moderations._Create[_r.ModerationResponse]

class AsyncModerations(AsyncAPIResource):
    create: sdk.api.moderations._Create[_Co[Any, Any, _r.ModerationResponse]]

class Realtime(SyncAPIResource):
    calls: _RealtimeCalls
    client_secrets: _RealtimeClientSecrets
    translations: _RealtimeTranslations

class AsyncRealtime(AsyncAPIResource):
    calls: _AsyncRealtimeCalls
    client_secrets: _AsyncRealtimeClientSecrets
    translations: _AsyncRealtimeTranslations

class _RealtimeCalls(SyncAPIResource):
    accept: sdk.api.realtime.calls._Accept[None]
    create: sdk.api.realtime.calls._Create[HttpxBinaryResponseContent]
    hangup: sdk.api.realtime.calls._Hangup[None]
    refer: sdk.api.realtime.calls._Refer[None]
    reject: sdk.api.realtime.calls._Reject[None]

class _AsyncRealtimeCalls(AsyncAPIResource):
    accept: sdk.api.realtime.calls._Accept[_Co[Any, Any, None]]
    create: sdk.api.realtime.calls._Create[_Co[Any, Any, HttpxBinaryResponseContent]]
    hangup: sdk.api.realtime.calls._Hangup[_Co[Any, Any, None]]
    refer: sdk.api.realtime.calls._Refer[_Co[Any, Any, None]]
    reject: sdk.api.realtime.calls._Reject[_Co[Any, Any, None]]

class _RealtimeClientSecrets(SyncAPIResource):
    create: sdk.api.realtime.client_secrets._Create[_r.RealtimeCreateClientSecretResponse]

class _AsyncRealtimeClientSecrets(AsyncAPIResource):
    create: sdk.api.realtime.client_secrets._Create[_Co[Any, Any, _r.RealtimeCreateClientSecretResponse]]

class _RealtimeTranslations(SyncAPIResource):
    client_secrets: _RealtimeTranslationsClientSecrets

class _AsyncRealtimeTranslations(AsyncAPIResource):
    client_secrets: _AsyncRealtimeTranslationsClientSecrets

class _RealtimeTranslationsClientSecrets(SyncAPIResource):
    create: sdk.api.realtime.translations.client_secrets._Create[_r.RealtimeTranslationClientSecretCreateResponse]

class _AsyncRealtimeTranslationsClientSecrets(AsyncAPIResource):
    create: sdk.api.realtime.translations.client_secrets._Create[_Co[Any, Any, _r.RealtimeTranslationClientSecretCreateResponse]]

class Responses(SyncAPIResource):
    input_items: _ResponsesInputItems
    input_tokens: _ResponsesInputTokens
    cancel: sdk.api.responses._Cancel[_r.Response]
    compact: sdk.api.responses._Compact[_r.CompactResource]
    @overload
    def create(self, *, stream: Literal[True], **arguments: Unpack[_ResponsesCreate]) -> Stream[_r.ResponseStreamEvent]:
        """Answer text, image or file input, with tools that the server runs, functions, stored state and"""
    @overload
    def create(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ResponsesCreate]) -> _r.Response: ...
    @overload
    def create(self, *, stream: bool, **arguments: Unpack[_ResponsesCreate]) -> _r.Response | Stream[_r.ResponseStreamEvent]: ...
    delete: sdk.api.responses._Delete[None]
    @overload
    def retrieve(self, response_id: str, *, stream: Literal[True], **arguments: Unpack[_ResponsesRetrieve]) -> Stream[_r.ResponseStreamEvent]:
        """Get a stored response by id, for instance to poll one that runs in the background; `.stream` yields"""
    @overload
    def retrieve(self, response_id: str, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ResponsesRetrieve]) -> _r.Response: ...
    @overload
    def retrieve(self, response_id: str, *, stream: bool, **arguments: Unpack[_ResponsesRetrieve]) -> _r.Response | Stream[_r.ResponseStreamEvent]: ...
    def parse(self, *, text_format: type[_T] | _O = ..., **arguments: Unpack[_ResponsesCreate]) -> _r.ParsedResponse[_T]: ...
    def stream(self, *, text_format: type[_T] | _O = ..., **arguments: Any) -> StreamManager[ResponseStream[_T]]: ...

class AsyncResponses(AsyncAPIResource):
    input_items: _AsyncResponsesInputItems
    input_tokens: _AsyncResponsesInputTokens
    cancel: sdk.api.responses._Cancel[_Co[Any, Any, _r.Response]]
    compact: sdk.api.responses._Compact[_Co[Any, Any, _r.CompactResource]]
    @overload
    async def create(self, *, stream: Literal[True], **arguments: Unpack[_ResponsesCreate]) -> AsyncStream[_r.ResponseStreamEvent]:
        """Answer text, image or file input, with tools that the server runs, functions, stored state and"""
    @overload
    async def create(self, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ResponsesCreate]) -> _r.Response: ...
    @overload
    async def create(self, *, stream: bool, **arguments: Unpack[_ResponsesCreate]) -> _r.Response | AsyncStream[_r.ResponseStreamEvent]: ...
    delete: sdk.api.responses._Delete[_Co[Any, Any, None]]
    @overload
    async def retrieve(self, response_id: str, *, stream: Literal[True], **arguments: Unpack[_ResponsesRetrieve]) -> AsyncStream[_r.ResponseStreamEvent]:
        """Get a stored response by id, for instance to poll one that runs in the background; `.stream` yields"""
    @overload
    async def retrieve(self, response_id: str, *, stream: Literal[False] | None | _O = ..., **arguments: Unpack[_ResponsesRetrieve]) -> _r.Response: ...
    @overload
    async def retrieve(self, response_id: str, *, stream: bool, **arguments: Unpack[_ResponsesRetrieve]) -> _r.Response | AsyncStream[_r.ResponseStreamEvent]: ...
    async def parse(self, *, text_format: type[_T] | _O = ..., **arguments: Unpack[_ResponsesCreate]) -> _r.ParsedResponse[_T]: ...
    def stream(self, *, text_format: type[_T] | _O = ..., **arguments: Any) -> AsyncStreamManager[AsyncResponseStream[_T]]: ...

class _ResponsesInputItems(SyncAPIResource):
    list: sdk.api.responses.input_items._List[SyncCursorPage[_r.ItemResource]]

class _AsyncResponsesInputItems(AsyncAPIResource):
    list: sdk.api.responses.input_items._List[AsyncPaginator[_r.ItemResource, AsyncCursorPage[_r.ItemResource]]]

class _ResponsesInputTokens(SyncAPIResource):
    count: sdk.api.responses.input_tokens._Count[_r.TokenCountsResource]

class _AsyncResponsesInputTokens(AsyncAPIResource):
    count: sdk.api.responses.input_tokens._Count[_Co[Any, Any, _r.TokenCountsResource]]

class Skills(SyncAPIResource):
    content: _SkillsContent
    versions: _SkillsVersions
    create: sdk.api.skills._Create[_r.Skill]
    delete: sdk.api.skills._Delete[_r.DeletedSkillResource]
    list: sdk.api.skills._List[SyncCursorPage[_r.Skill]]
    retrieve: sdk.api.skills._Retrieve[_r.Skill]
    update: sdk.api.skills._Update[_r.Skill]

class AsyncSkills(AsyncAPIResource):
    content: _AsyncSkillsContent
    versions: _AsyncSkillsVersions
    create: sdk.api.skills._Create[_Co[Any, Any, _r.Skill]]
    delete: sdk.api.skills._Delete[_Co[Any, Any, _r.DeletedSkillResource]]
    list: sdk.api.skills._List[AsyncPaginator[_r.Skill, AsyncCursorPage[_r.Skill]]]
    retrieve: sdk.api.skills._Retrieve[_Co[Any, Any, _r.Skill]]
    update: sdk.api.skills._Update[_Co[Any, Any, _r.Skill]]

class _SkillsContent(SyncAPIResource):
    retrieve: sdk.api.skills._Content[HttpxBinaryResponseContent]

class _AsyncSkillsContent(AsyncAPIResource):
    retrieve: sdk.api.skills._Content[_Co[Any, Any, HttpxBinaryResponseContent]]

class _SkillsVersions(SyncAPIResource):
    content: _SkillsVersionsContent
    create: sdk.api.skills.versions._Create[_r.SkillVersionResource]
    def delete(self, version: str, *, skill_id: str, **options: Unpack[_Options]) -> _r.DeletedSkillVersionResource: ...
    list: sdk.api.skills.versions._List[SyncCursorPage[_r.SkillVersionResource]]
    def retrieve(self, version: str, *, skill_id: str, **options: Unpack[_Options]) -> _r.SkillVersionResource: ...

class _AsyncSkillsVersions(AsyncAPIResource):
    content: _AsyncSkillsVersionsContent
    create: sdk.api.skills.versions._Create[_Co[Any, Any, _r.SkillVersionResource]]
    async def delete(self, version: str, *, skill_id: str, **options: Unpack[_Options]) -> _r.DeletedSkillVersionResource: ...
    list: sdk.api.skills.versions._List[AsyncPaginator[_r.SkillVersionResource, AsyncCursorPage[_r.SkillVersionResource]]]
    async def retrieve(self, version: str, *, skill_id: str, **options: Unpack[_Options]) -> _r.SkillVersionResource: ...

class _SkillsVersionsContent(SyncAPIResource):
    def retrieve(self, version: str, *, skill_id: str, **options: Unpack[_Options]) -> HttpxBinaryResponseContent: ...

class _AsyncSkillsVersionsContent(AsyncAPIResource):
    async def retrieve(self, version: str, *, skill_id: str, **options: Unpack[_Options]) -> HttpxBinaryResponseContent: ...

class Uploads(SyncAPIResource):
    parts: _UploadsParts
    cancel: sdk.api.uploads._Cancel[_r.Upload]
    complete: sdk.api.uploads._Complete[_r.Upload]
    create: sdk.api.uploads._Create[_r.Upload]
    def upload_file_chunked(self, *args: Any, **arguments: Any) -> _r.Upload: ...

class AsyncUploads(AsyncAPIResource):
    parts: _AsyncUploadsParts
    cancel: sdk.api.uploads._Cancel[_Co[Any, Any, _r.Upload]]
    complete: sdk.api.uploads._Complete[_Co[Any, Any, _r.Upload]]
    create: sdk.api.uploads._Create[_Co[Any, Any, _r.Upload]]
    async def upload_file_chunked(self, *args: Any, **arguments: Any) -> _r.Upload: ...

class _UploadsParts(SyncAPIResource):
    create: sdk.api.uploads.parts._Create[_r.UploadPart]

class _AsyncUploadsParts(AsyncAPIResource):
    create: sdk.api.uploads.parts._Create[_Co[Any, Any, _r.UploadPart]]

class VectorStores(SyncAPIResource):
    file_batches: _VectorStoresFileBatches
    files: _VectorStoresFiles
    create: sdk.api.vector_stores._Create[_r.VectorStore]
    delete: sdk.api.vector_stores._Delete[_r.DeleteVectorStoreResponse]
    list: sdk.api.vector_stores._List[SyncCursorPage[_r.VectorStore]]
    retrieve: sdk.api.vector_stores._Retrieve[_r.VectorStore]
    search: sdk.api.vector_stores._Search[SyncPage[Any]]
    update: sdk.api.vector_stores._Update[_r.VectorStore]

class AsyncVectorStores(AsyncAPIResource):
    file_batches: _AsyncVectorStoresFileBatches
    files: _AsyncVectorStoresFiles
    create: sdk.api.vector_stores._Create[_Co[Any, Any, _r.VectorStore]]
    delete: sdk.api.vector_stores._Delete[_Co[Any, Any, _r.DeleteVectorStoreResponse]]
    list: sdk.api.vector_stores._List[AsyncPaginator[_r.VectorStore, AsyncCursorPage[_r.VectorStore]]]
    retrieve: sdk.api.vector_stores._Retrieve[_Co[Any, Any, _r.VectorStore]]
    search: sdk.api.vector_stores._Search[AsyncPaginator[Any, AsyncPage[Any]]]
    update: sdk.api.vector_stores._Update[_Co[Any, Any, _r.VectorStore]]

class _VectorStoresFileBatches(SyncAPIResource):
    def cancel(self, batch_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.VectorStoreFileBatchObject: ...
    create: sdk.api.vector_stores.file_batches._Create[_r.VectorStoreFileBatchObject]
    def list_files(
        self, batch_id: str, *, vector_store_id: str, limit: int | _O = ..., order: Literal["asc", "desc"] | _O = ..., after: str | _O = ..., before: str | _O = ..., filter: Literal["in_progress", "completed", "failed", "cancelled"] | _O = ..., **options: Unpack[_Options]
    ) -> SyncCursorPage[_r.VectorStoreFile]: ...
    def retrieve(self, batch_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.VectorStoreFileBatchObject: ...
    def create_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFileBatchObject: ...
    def poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFileBatchObject: ...
    def upload_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFileBatchObject: ...

class _AsyncVectorStoresFileBatches(AsyncAPIResource):
    async def cancel(self, batch_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.VectorStoreFileBatchObject: ...
    create: sdk.api.vector_stores.file_batches._Create[_Co[Any, Any, _r.VectorStoreFileBatchObject]]
    def list_files(
        self, batch_id: str, *, vector_store_id: str, limit: int | _O = ..., order: Literal["asc", "desc"] | _O = ..., after: str | _O = ..., before: str | _O = ..., filter: Literal["in_progress", "completed", "failed", "cancelled"] | _O = ..., **options: Unpack[_Options]
    ) -> AsyncPaginator[_r.VectorStoreFile, AsyncCursorPage[_r.VectorStoreFile]]: ...
    async def retrieve(self, batch_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.VectorStoreFileBatchObject: ...
    async def create_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFileBatchObject: ...
    async def poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFileBatchObject: ...
    async def upload_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFileBatchObject: ...

class _VectorStoresFiles(SyncAPIResource):
    def content(self, file_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> SyncPage[Any]: ...
    create: sdk.api.vector_stores.files._Create[_r.VectorStoreFile]
    def delete(self, file_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.DeleteVectorStoreFileResponse: ...
    list: sdk.api.vector_stores.files._List[SyncCursorPage[_r.VectorStoreFile]]
    def retrieve(self, file_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.VectorStoreFile: ...
    def update(self, file_id: str, *, vector_store_id: str, attributes: _p.VectorStoreFileAttributesParam, **options: Unpack[_Options]) -> _r.VectorStoreFile: ...
    def create_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...
    def poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...
    def upload(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...
    def upload_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...

class _AsyncVectorStoresFiles(AsyncAPIResource):
    def content(self, file_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> AsyncPaginator[Any, AsyncPage[Any]]: ...
    create: sdk.api.vector_stores.files._Create[_Co[Any, Any, _r.VectorStoreFile]]
    async def delete(self, file_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.DeleteVectorStoreFileResponse: ...
    list: sdk.api.vector_stores.files._List[AsyncPaginator[_r.VectorStoreFile, AsyncCursorPage[_r.VectorStoreFile]]]
    async def retrieve(self, file_id: str, *, vector_store_id: str, **options: Unpack[_Options]) -> _r.VectorStoreFile: ...
    async def update(self, file_id: str, *, vector_store_id: str, attributes: _p.VectorStoreFileAttributesParam, **options: Unpack[_Options]) -> _r.VectorStoreFile: ...
    async def create_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...
    async def poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...
    async def upload(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...
    async def upload_and_poll(self, *args: Any, **arguments: Any) -> _r.VectorStoreFile: ...

class Videos(SyncAPIResource):
    create: sdk.api.videos._Create[_r.Video]
    create_character: sdk.api.videos._CreateCharacter[_r.VideoCharacterResource]
    delete: sdk.api.videos._Delete[_r.DeletedVideoResource]
    download_content: sdk.api.videos._DownloadContent[HttpxBinaryResponseContent]
    edit: sdk.api.videos._Edit[_r.Video]
    extend: sdk.api.videos._Extend[_r.Video]
    get_character: sdk.api.videos._GetCharacter[_r.VideoCharacterResource]
    list: sdk.api.videos._List[SyncConversationCursorPage[_r.Video]]
    remix: sdk.api.videos._Remix[_r.Video]
    retrieve: sdk.api.videos._Retrieve[_r.Video]
    def create_and_poll(self, *args: Any, **arguments: Any) -> _r.Video: ...
    def poll(self, *args: Any, **arguments: Any) -> _r.Video: ...

class AsyncVideos(AsyncAPIResource):
    create: sdk.api.videos._Create[_Co[Any, Any, _r.Video]]
    create_character: sdk.api.videos._CreateCharacter[_Co[Any, Any, _r.VideoCharacterResource]]
    delete: sdk.api.videos._Delete[_Co[Any, Any, _r.DeletedVideoResource]]
    download_content: sdk.api.videos._DownloadContent[_Co[Any, Any, HttpxBinaryResponseContent]]
    edit: sdk.api.videos._Edit[_Co[Any, Any, _r.Video]]
    extend: sdk.api.videos._Extend[_Co[Any, Any, _r.Video]]
    get_character: sdk.api.videos._GetCharacter[_Co[Any, Any, _r.VideoCharacterResource]]
    list: sdk.api.videos._List[AsyncPaginator[_r.Video, AsyncConversationCursorPage[_r.Video]]]
    remix: sdk.api.videos._Remix[_Co[Any, Any, _r.Video]]
    retrieve: sdk.api.videos._Retrieve[_Co[Any, Any, _r.Video]]
    async def create_and_poll(self, *args: Any, **arguments: Any) -> _r.Video: ...
    async def poll(self, *args: Any, **arguments: Any) -> _r.Video: ...

class Webhooks(SyncAPIResource):
    event_types: _WebhooksEventTypes
    create: sdk.api.webhooks._Create[_r.WebhookEndpointWithSecret]
    delete: sdk.api.webhooks._Delete[_r.DeletedWebhookEndpoint]
    list: sdk.api.webhooks._List[SyncCursorPage[_r.WebhookEndpoint]]
    retrieve: sdk.api.webhooks._Retrieve[_r.WebhookEndpoint]
    rotate_secret: sdk.api.webhooks._RotateSecret[_r.WebhookEndpointWithSecret]
    test: sdk.api.webhooks._Test[_r.WebhookEndpointTestResult]
    update: sdk.api.webhooks._Update[_r.WebhookEndpoint]
    def unwrap(self, payload: str | bytes, headers: Any, *, secret: str | None = None) -> Any: ...
    def verify_signature(self, *args: Any, **arguments: Any) -> None: ...

class AsyncWebhooks(AsyncAPIResource):
    event_types: _AsyncWebhooksEventTypes
    create: sdk.api.webhooks._Create[_Co[Any, Any, _r.WebhookEndpointWithSecret]]
    delete: sdk.api.webhooks._Delete[_Co[Any, Any, _r.DeletedWebhookEndpoint]]
    list: sdk.api.webhooks._List[AsyncPaginator[_r.WebhookEndpoint, AsyncCursorPage[_r.WebhookEndpoint]]]
    retrieve: sdk.api.webhooks._Retrieve[_Co[Any, Any, _r.WebhookEndpoint]]
    rotate_secret: sdk.api.webhooks._RotateSecret[_Co[Any, Any, _r.WebhookEndpointWithSecret]]
    test: sdk.api.webhooks._Test[_Co[Any, Any, _r.WebhookEndpointTestResult]]
    update: sdk.api.webhooks._Update[_Co[Any, Any, _r.WebhookEndpoint]]
    def unwrap(self, payload: str | bytes, headers: Any, *, secret: str | None = None) -> Any: ...
    def verify_signature(self, *args: Any, **arguments: Any) -> None: ...

class _WebhooksEventTypes(SyncAPIResource):
    list: sdk.api.webhooks.event_types._List[_r.WebhookEventTypeList]

class _AsyncWebhooksEventTypes(AsyncAPIResource):
    list: sdk.api.webhooks.event_types._List[_Co[Any, Any, _r.WebhookEventTypeList]]

class Resources:
    admin: Any
    audio: Audio
    batches: Batches
    beta: Beta
    chat: Chat
    completions: Completions
    containers: Containers
    content_provenance_checks: ContentProvenanceChecks
    conversations: Conversations
    decisions: Decisions
    embeddings: Embeddings
    evals: Any
    files: Files
    fine_tuning: FineTuning
    images: Images
    live: Any
    models: Models
    moderations: Moderations
    realtime: Realtime
    responses: Responses
    safety: Any
    skills: Skills
    uploads: Uploads
    vector_stores: VectorStores
    videos: Videos
    webhooks: Webhooks

class AsyncResources:
    admin: Any
    audio: AsyncAudio
    batches: AsyncBatches
    beta: AsyncBeta
    chat: AsyncChat
    completions: AsyncCompletions
    containers: AsyncContainers
    content_provenance_checks: AsyncContentProvenanceChecks
    conversations: AsyncConversations
    decisions: AsyncDecisions
    embeddings: AsyncEmbeddings
    evals: Any
    files: AsyncFiles
    fine_tuning: AsyncFineTuning
    images: AsyncImages
    live: Any
    models: AsyncModels
    moderations: AsyncModerations
    realtime: AsyncRealtime
    responses: AsyncResponses
    safety: Any
    skills: AsyncSkills
    uploads: AsyncUploads
    vector_stores: AsyncVectorStores
    videos: AsyncVideos
    webhooks: AsyncWebhooks
