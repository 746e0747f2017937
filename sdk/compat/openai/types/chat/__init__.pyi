# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
from typing import Any

from .. import _replies as _r
from sdk import models as _m
from sdk import params as _p
from .._replies import (
    ChatCompletion as ChatCompletion,
    ChatCompletionChunk as ChatCompletionChunk,
    ChatCompletionDeleted as ChatCompletionDeleted,
    ChatCompletionMessage as ChatCompletionMessage,
    ChatCompletionMessageToolCall as ChatCompletionMessageToolCall,
    ChatCompletionTokenLogprob as ChatCompletionTokenLogprob,
    ParsedChatCompletion as ParsedChatCompletion,
    ParsedChatCompletionMessage as ParsedChatCompletionMessage,
    ParsedChoice as ParsedChoice,
    ParsedFunction as ParsedFunction,
    ParsedFunctionToolCall as ParsedFunctionToolCall,
)
from sdk.models import ChatCompletionFunctionTool as ChatCompletionFunctionTool, ChatCompletionMessageCustomToolCall as ChatCompletionMessageCustomToolCall
from sdk.params import (
    ChatCompletionAllowedToolsParam as ChatCompletionAllowedToolsParam,
    ChatCompletionFunctionCallOptionParam as ChatCompletionFunctionCallOptionParam,
    ChatCompletionMessageCustomToolCallParam as ChatCompletionMessageCustomToolCallParam,
    ChatCompletionMessageToolCallParam as ChatCompletionMessageToolCallParam,
    ChatCompletionNamedToolChoiceCustomParam as ChatCompletionNamedToolChoiceCustomParam,
    ChatCompletionNamedToolChoiceParam as ChatCompletionNamedToolChoiceParam,
    ChatCompletionStreamOptionsParam as ChatCompletionStreamOptionsParam,
    ChatCompletionToolChoiceOptionParam as ChatCompletionToolChoiceOptionParam,
    ChatCompletionToolParam as ChatCompletionToolParam,
)

ChatCompletionAllowedToolChoiceParam = Any
ChatCompletionAssistantMessageParam = _p.ChatCompletionRequestAssistantMessageParam
ChatCompletionAudio = _r.ChatCompletionMessageAudio
ChatCompletionAudioParam = Any
ChatCompletionContentPartImage = _r.ChatCompletionRequestMessageContentPartImage
ChatCompletionContentPartImageParam = Any
ChatCompletionContentPartInputAudioParam = Any
ChatCompletionContentPartParam = Any
ChatCompletionContentPartRefusalParam = Any
ChatCompletionContentPartText = _r.ChatCompletionRequestMessageContentPartText
ChatCompletionContentPartTextParam = Any
ChatCompletionCustomToolParam = Any
ChatCompletionDeveloperMessageParam = _p.ChatCompletionRequestDeveloperMessageParam
ChatCompletionFunctionMessageParam = _p.ChatCompletionRequestFunctionMessageParam
ChatCompletionFunctionToolParam = Any
ChatCompletionMessageFunctionToolCall = _r.ChatCompletionMessageToolCall
ChatCompletionMessageFunctionToolCallParam = Any
ChatCompletionMessageParam = _p.ChatCompletionRequestMessageParam
ChatCompletionMessageToolCallUnion = Any
ChatCompletionMessageToolCallUnionParam = Any
ChatCompletionModality = str
ChatCompletionPredictionContentParam = Any
ChatCompletionReasoningEffort = str
ChatCompletionRole = str
ChatCompletionStoreMessage = _r.ChatCompletionMessageListDataItem
ChatCompletionSystemMessageParam = _p.ChatCompletionRequestSystemMessageParam
ChatCompletionToolMessageParam = _p.ChatCompletionRequestToolMessageParam
ChatCompletionToolUnionParam = Any
ChatCompletionUserMessageParam = _p.ChatCompletionRequestUserMessageParam
CompletionCreateParams = Any
CompletionListParams = Any
CompletionUpdateParams = Any
CreateChatCompletionRequestMessageParam = Any
