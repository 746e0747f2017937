# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
# mypy: disable-error-code="assignment,misc,override"
# pyright: reportIncompatibleVariableOverride=false, reportIncompatibleMethodOverride=false
# pyright: reportInvalidTypeVarUse=false
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from sdk import models as _m

from ..base_model import BaseModel as _B

_T = TypeVar("_T")

class AccessPrograms(_B, _m.AccessPrograms): ...

class AdditionalTools(_B, _m.AdditionalTools):
    tools: list[Tool]

class AdditionalToolsItemParam(_B, _m.AdditionalToolsItemParam):
    tools: list[Tool]

class ApplyPatchCreateFileOperation(_B, _m.ApplyPatchCreateFileOperation): ...
class ApplyPatchCreateFileOperationParam(_B, _m.ApplyPatchCreateFileOperationParam): ...
class ApplyPatchDeleteFileOperation(_B, _m.ApplyPatchDeleteFileOperation): ...
class ApplyPatchDeleteFileOperationParam(_B, _m.ApplyPatchDeleteFileOperationParam): ...

class ApplyPatchToolCall(_B, _m.ApplyPatchToolCall):
    operation: ApplyPatchCreateFileOperation | ApplyPatchDeleteFileOperation | ApplyPatchUpdateFileOperation
    caller: ToolCallCaller | None

class ApplyPatchToolCallItemParam(_B, _m.ApplyPatchToolCallItemParam):
    operation: ApplyPatchOperationParam
    caller: ToolCallCallerParam | None

class ApplyPatchToolCallOutput(_B, _m.ApplyPatchToolCallOutput):
    caller: ToolCallCaller | None

class ApplyPatchToolCallOutputItemParam(_B, _m.ApplyPatchToolCallOutputItemParam):
    caller: ToolCallCallerParam | None

class ApplyPatchToolParam(_B, _m.ApplyPatchToolParam): ...
class ApplyPatchUpdateFileOperation(_B, _m.ApplyPatchUpdateFileOperation): ...
class ApplyPatchUpdateFileOperationParam(_B, _m.ApplyPatchUpdateFileOperationParam): ...
class ApproximateLocation(_B, _m.ApproximateLocation): ...
class Assistant(_B, _m.Assistant): ...

class AutoCodeInterpreterToolParam(_B, _m.AutoCodeInterpreterToolParam):
    network_policy: ContainerNetworkPolicyDisabledParam | ContainerNetworkPolicyAllowlistParam | None

class Batch(_B, _m.Batch): ...

class ChatCompletion(_B, _m.ChatCompletion):
    choices: list[ChatCompletionChoice]
    usage: CompletionUsage | None
    moderation: ChatCompletionModeration | None

class ChatCompletionChoice(_B, _m.ChatCompletionChoice):
    message: ChatCompletionMessage
    logprobs: ChatCompletionChoiceLogprobs | None

class ChatCompletionChoiceLogprobs(_B, _m.ChatCompletionChoiceLogprobs):
    content: list[ChatCompletionTokenLogprob] | None
    refusal: list[ChatCompletionTokenLogprob] | None

class ChatCompletionChunk(_B, _m.ChatCompletionChunk):
    choices: list[ChatCompletionChunkChoice]
    usage: CompletionUsage | None
    moderation: ChatCompletionModeration | None

class ChatCompletionChunkChoice(_B, _m.ChatCompletionChunkChoice):
    delta: ChatCompletionDelta
    logprobs: ChatCompletionChoiceLogprobs | None

class ChatCompletionDeleted(_B, _m.ChatCompletionDeleted): ...

class ChatCompletionDelta(_B, _m.ChatCompletionDelta):
    function_call: ChatCompletionDeltaFunctionCall | None
    tool_calls: list[ChatCompletionMessageToolCallChunk] | None

class ChatCompletionDeltaFunctionCall(_B, _m.ChatCompletionDeltaFunctionCall): ...

class ChatCompletionList(_B, _m.ChatCompletionList):
    data: list[ChatCompletion]

class ChatCompletionMessage(_B, _m.ChatCompletionMessage):
    tool_calls: ChatCompletionMessageToolCalls | None
    annotations: list[ChatCompletionMessageAnnotation] | None
    function_call: ChatCompletionMessageFunctionCall | None
    audio: ChatCompletionMessageAudio | None

class ChatCompletionMessageAnnotation(_B, _m.ChatCompletionMessageAnnotation):
    url_citation: ChatCompletionMessageAnnotationUrlCitation

class ChatCompletionMessageAnnotationUrlCitation(_B, _m.ChatCompletionMessageAnnotationUrlCitation): ...
class ChatCompletionMessageAudio(_B, _m.ChatCompletionMessageAudio): ...
class ChatCompletionMessageFunctionCall(_B, _m.ChatCompletionMessageFunctionCall): ...

class ChatCompletionMessageList(_B, _m.ChatCompletionMessageList):
    data: list[ChatCompletionMessageListDataItem]

class ChatCompletionMessageListDataItem(_B, _m.ChatCompletionMessageListDataItem):
    content_parts: list[ChatCompletionRequestMessageContentPartText | ChatCompletionRequestMessageContentPartImage] | None
    tool_calls: ChatCompletionMessageToolCalls | None
    annotations: list[ChatCompletionMessageListDataItemAnnotation] | None
    function_call: ChatCompletionMessageListDataItemFunctionCall | None
    audio: ChatCompletionMessageListDataItemAudio | None

class ChatCompletionMessageListDataItemAnnotation(_B, _m.ChatCompletionMessageListDataItemAnnotation):
    url_citation: ChatCompletionMessageListDataItemAnnotationUrlCitation

class ChatCompletionMessageListDataItemAnnotationUrlCitation(_B, _m.ChatCompletionMessageListDataItemAnnotationUrlCitation): ...
class ChatCompletionMessageListDataItemAudio(_B, _m.ChatCompletionMessageListDataItemAudio): ...
class ChatCompletionMessageListDataItemFunctionCall(_B, _m.ChatCompletionMessageListDataItemFunctionCall): ...

class ChatCompletionMessageToolCall(_B, _m.ChatCompletionMessageToolCall):
    function: ChatCompletionMessageToolCallFunction

class ChatCompletionMessageToolCallChunk(_B, _m.ChatCompletionMessageToolCallChunk):
    function: ChatCompletionMessageToolCallChunkFunction | None

class ChatCompletionMessageToolCallChunkFunction(_B, _m.ChatCompletionMessageToolCallChunkFunction): ...
class ChatCompletionMessageToolCallFunction(_B, _m.ChatCompletionMessageToolCallFunction): ...

class ChatCompletionModeration(_B, _m.ChatCompletionModeration):
    input: ChatCompletionModerationResults | ChatCompletionModerationError
    output: ChatCompletionModerationResults | ChatCompletionModerationError

class ChatCompletionModerationError(_B, _m.ChatCompletionModerationError): ...

class ChatCompletionModerationResults(_B, _m.ChatCompletionModerationResults):
    results: list[ModerationResultBody]

class ChatCompletionRequestMessageContentPartImage(_B, _m.ChatCompletionRequestMessageContentPartImage):
    image_url: ChatCompletionRequestMessageContentPartImageImageUrl
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None

class ChatCompletionRequestMessageContentPartImageImageUrl(_B, _m.ChatCompletionRequestMessageContentPartImageImageUrl): ...

class ChatCompletionRequestMessageContentPartText(_B, _m.ChatCompletionRequestMessageContentPartText):
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None

class ChatCompletionTokenLogprob(_B, _m.ChatCompletionTokenLogprob):
    top_logprobs: list[ChatCompletionTokenLogprobTopLogprob]

class ChatCompletionTokenLogprobTopLogprob(_B, _m.ChatCompletionTokenLogprobTopLogprob): ...
class ClickParam(_B, _m.ClickParam): ...
class CodeInterpreterOutputImage(_B, _m.CodeInterpreterOutputImage): ...
class CodeInterpreterOutputLogs(_B, _m.CodeInterpreterOutputLogs): ...

class CodeInterpreterTool(_B, _m.CodeInterpreterTool):
    container: str | AutoCodeInterpreterToolParam

class CodeInterpreterToolCall(_B, _m.CodeInterpreterToolCall):
    outputs: list[CodeInterpreterOutputLogs | CodeInterpreterOutputImage] | None

class CompactResource(_B, _m.CompactResource):
    output: list[ItemField]
    usage: ResponseUsage
    image: ResponseImageSettings | None

class CompactionBody(_B, _m.CompactionBody): ...
class CompactionSummaryItemParam(_B, _m.CompactionSummaryItemParam): ...
class CompactionTriggerItemParam(_B, _m.CompactionTriggerItemParam): ...
class ComparisonFilter(_B, _m.ComparisonFilter): ...

class Completion(_B, _m.Completion):
    choices: list[CompletionChoice]
    usage: CompletionUsage | None

class CompletionChoice(_B, _m.CompletionChoice):
    logprobs: CompletionChoiceLogprobs | None

class CompletionChoiceLogprobs(_B, _m.CompletionChoiceLogprobs): ...

class CompletionUsage(_B, _m.CompletionUsage):
    completion_tokens_details: CompletionUsageCompletionTokensDetails | None
    prompt_tokens_details: CompletionUsagePromptTokensDetails | None

class CompletionUsageCompletionTokensDetails(_B, _m.CompletionUsageCompletionTokensDetails): ...
class CompletionUsagePromptTokensDetails(_B, _m.CompletionUsagePromptTokensDetails): ...

class CompoundFilter(_B, _m.CompoundFilter):
    filters: list[ComparisonFilter | CompoundFilter]

class ComputerCallOutputItemParam(_B, _m.ComputerCallOutputItemParam):
    output: ComputerScreenshotImage
    acknowledged_safety_checks: list[ComputerCallSafetyCheckParam] | None

class ComputerCallSafetyCheckParam(_B, _m.ComputerCallSafetyCheckParam): ...

class ComputerScreenshotContent(_B, _m.ComputerScreenshotContent):
    prompt_cache_breakpoint: PromptCacheBreakpointConfig | None

class ComputerScreenshotImage(_B, _m.ComputerScreenshotImage): ...
class ComputerTool(_B, _m.ComputerTool): ...

class ComputerToolCall(_B, _m.ComputerToolCall):
    pending_safety_checks: list[ComputerCallSafetyCheckParam]
    action: ComputerAction | None
    actions: ComputerActionList | None

class ComputerToolCallOutputResource(_B, _m.ComputerToolCallOutputResource):
    output: ComputerScreenshotImage
    acknowledged_safety_checks: list[ComputerCallSafetyCheckParam] | None

class ComputerUsePreviewTool(_B, _m.ComputerUsePreviewTool): ...

class ConfigurationUpdateItem(_B, _m.ConfigurationUpdateItem):
    reasoning: ConfigurationUpdateReasoning | None
    text: ConfigurationUpdateText | None

class ConfigurationUpdateItemParam(_B, _m.ConfigurationUpdateItemParam):
    reasoning: ConfigurationUpdateReasoning | None
    text: ConfigurationUpdateText | None

class ConfigurationUpdateReasoning(_B, _m.ConfigurationUpdateReasoning): ...

class ConfigurationUpdateText(_B, _m.ConfigurationUpdateText):
    format: ResponseFormatText | TextResponseFormatJsonSchema

class Container(_B, _m.Container): ...

class ContainerAutoParam(_B, _m.ContainerAutoParam):
    network_policy: ContainerNetworkPolicyDisabledParam | ContainerNetworkPolicyAllowlistParam | None
    skills: list[SkillReferenceParam | InlineSkillParam] | None

class ContainerFileCitationBody(_B, _m.ContainerFileCitationBody): ...
class ContainerFileListResource(_B, _m.ContainerFileListResource): ...
class ContainerFileResource(_B, _m.ContainerFileResource): ...
class ContainerListResource(_B, _m.ContainerListResource): ...

class ContainerNetworkPolicyAllowlistParam(_B, _m.ContainerNetworkPolicyAllowlistParam):
    domain_secrets: list[ContainerNetworkPolicyDomainSecretParam] | None

class ContainerNetworkPolicyDisabledParam(_B, _m.ContainerNetworkPolicyDisabledParam): ...
class ContainerNetworkPolicyDomainSecretParam(_B, _m.ContainerNetworkPolicyDomainSecretParam): ...
class ContainerReferenceParam(_B, _m.ContainerReferenceParam): ...
class ContainerReferenceResource(_B, _m.ContainerReferenceResource): ...
class Conversation(_B, _m.Conversation): ...
class ConversationItemList(_B, _m.ConversationItemList): ...
class CoordParam(_B, _m.CoordParam): ...

class CreateEmbeddingResponse(_B, _m.CreateEmbeddingResponse):
    data: list[Embedding]
    usage: CreateEmbeddingResponseUsage

class CreateEmbeddingResponseUsage(_B, _m.CreateEmbeddingResponseUsage): ...
class CustomGrammarFormatParam(_B, _m.CustomGrammarFormatParam): ...
class CustomTextFormatParam(_B, _m.CustomTextFormatParam): ...

class CustomToolCall(_B, _m.CustomToolCall):
    caller: ToolCallCaller | None

class CustomToolCallOutput(_B, _m.CustomToolCallOutput):
    output: str | list[FunctionAndCustomToolCallOutput]
    caller: ToolCallCallerParam | None

class CustomToolCallOutputResource(_B, _m.CustomToolCallOutputResource):
    output: str | list[FunctionAndCustomToolCallOutput]
    caller: ToolCallCallerParam | None

class CustomToolCallResource(_B, _m.CustomToolCallResource):
    caller: ToolCallCaller | None

class CustomToolParam(_B, _m.CustomToolParam):
    format: CustomTextFormatParam | CustomGrammarFormatParam | None

class Decision(_B, _m.Decision): ...
class DeleteAssistantResponse(_B, _m.DeleteAssistantResponse): ...
class DeleteFineTuningCheckpointPermissionResponse(_B, _m.DeleteFineTuningCheckpointPermissionResponse): ...
class DeleteMessageResponse(_B, _m.DeleteMessageResponse): ...
class DeleteThreadResponse(_B, _m.DeleteThreadResponse): ...
class DeleteVectorStoreFileResponse(_B, _m.DeleteVectorStoreFileResponse): ...
class DeleteVectorStoreResponse(_B, _m.DeleteVectorStoreResponse): ...
class DeletedConversationResource(_B, _m.DeletedConversationResource): ...
class DeletedSkillResource(_B, _m.DeletedSkillResource): ...
class DeletedSkillVersionResource(_B, _m.DeletedSkillVersionResource): ...
class DeletedVideoResource(_B, _m.DeletedVideoResource): ...
class DeletedWebhookEndpoint(_B, _m.DeletedWebhookEndpoint): ...
class DirectToolCallCaller(_B, _m.DirectToolCallCaller): ...
class DirectToolCallCallerParam(_B, _m.DirectToolCallCallerParam): ...
class DoubleClickAction(_B, _m.DoubleClickAction): ...

class DragParam(_B, _m.DragParam):
    path: list[CoordParam]

class EasyInputMessage(_B, _m.EasyInputMessage):
    content: str | InputMessageContentList

class Embedding(_B, _m.Embedding): ...
class EmptyModelParam(_B, _m.EmptyModelParam): ...
class FileCitationBody(_B, _m.FileCitationBody): ...
class FileDeleted(_B, _m.FileDeleted): ...
class FileObject(_B, _m.FileObject): ...
class FilePath(_B, _m.FilePath): ...

class FileSearchTool(_B, _m.FileSearchTool):
    ranking_options: RankingOptions | None
    filters: Filters | None

class FileSearchToolCall(_B, _m.FileSearchToolCall):
    results: list[FileSearchToolCallResult] | None

class FileSearchToolCallResult(_B, _m.FileSearchToolCallResult): ...
class FineTuningCheckpointPermission(_B, _m.FineTuningCheckpointPermission): ...
class FineTuningJob(_B, _m.FineTuningJob): ...
class FineTuningJobCheckpoint(_B, _m.FineTuningJobCheckpoint): ...
class FineTuningJobEvent(_B, _m.FineTuningJobEvent): ...

class FunctionCallOutputItemParam(_B, _m.FunctionCallOutputItemParam):
    output: str | list[InputTextContentParam | InputImageContentParamAutoParam | InputFileContentParam]
    caller: ToolCallCallerParam | None

class FunctionShellAction(_B, _m.FunctionShellAction): ...
class FunctionShellActionParam(_B, _m.FunctionShellActionParam): ...

class FunctionShellCall(_B, _m.FunctionShellCall):
    action: FunctionShellAction
    environment: LocalEnvironmentResource | ContainerReferenceResource | None
    caller: ToolCallCaller | None

class FunctionShellCallItemParam(_B, _m.FunctionShellCallItemParam):
    action: FunctionShellActionParam
    caller: ToolCallCallerParam | None
    environment: LocalEnvironmentParam | ContainerReferenceParam | None

class FunctionShellCallOutput(_B, _m.FunctionShellCallOutput):
    output: list[FunctionShellCallOutputContent]
    caller: ToolCallCaller | None

class FunctionShellCallOutputContent(_B, _m.FunctionShellCallOutputContent):
    outcome: FunctionShellCallOutputTimeoutOutcome | FunctionShellCallOutputExitOutcome

class FunctionShellCallOutputContentParam(_B, _m.FunctionShellCallOutputContentParam):
    outcome: FunctionShellCallOutputOutcomeParam

class FunctionShellCallOutputExitOutcome(_B, _m.FunctionShellCallOutputExitOutcome): ...
class FunctionShellCallOutputExitOutcomeParam(_B, _m.FunctionShellCallOutputExitOutcomeParam): ...

class FunctionShellCallOutputItemParam(_B, _m.FunctionShellCallOutputItemParam):
    output: list[FunctionShellCallOutputContentParam]
    caller: ToolCallCallerParam | None

class FunctionShellCallOutputTimeoutOutcome(_B, _m.FunctionShellCallOutputTimeoutOutcome): ...
class FunctionShellCallOutputTimeoutOutcomeParam(_B, _m.FunctionShellCallOutputTimeoutOutcomeParam): ...

class FunctionShellToolParam(_B, _m.FunctionShellToolParam):
    environment: ContainerAutoParam | LocalEnvironmentParam | ContainerReferenceParam | None

class FunctionTool(_B, _m.FunctionTool): ...

class FunctionToolCall(_B, _m.FunctionToolCall):
    caller: ToolCallCaller | None

class FunctionToolCallOutput(_B, _m.FunctionToolCallOutput):
    output: str | list[FunctionAndCustomToolCallOutput]
    caller: ToolCallCallerParam | None

class FunctionToolCallOutputResource(_B, _m.FunctionToolCallOutputResource):
    output: str | list[FunctionAndCustomToolCallOutput]
    caller: ToolCallCallerParam | None

class FunctionToolCallResource(_B, _m.FunctionToolCallResource):
    caller: ToolCallCaller | None

class FunctionToolParam(_B, _m.FunctionToolParam):
    parameters: EmptyModelParam | None

class HTTPError(_B, _m.HTTPError): ...
class HybridSearchOptions(_B, _m.HybridSearchOptions): ...

class ImageGenTool(_B, _m.ImageGenTool):
    input_image_mask: ImageGenToolInputImageMask | None

class ImageGenToolCall(_B, _m.ImageGenToolCall):
    error: ImageGenToolCallError | None
    svg_usage: SvgUsage | None

class ImageGenToolCallError(_B, _m.ImageGenToolCallError):
    moderation_details: ImageGenToolCallErrorModerationDetails | None

class ImageGenToolCallErrorModerationDetails(_B, _m.ImageGenToolCallErrorModerationDetails): ...
class ImageGenToolInputImageMask(_B, _m.ImageGenToolInputImageMask): ...

class ImageGenToolUsage(_B, _m.ImageGenToolUsage):
    input_tokens_details: ImageTokensDetails
    output_tokens_details: ImageTokensDetails | None
    cached_tokens_details: ImageGenToolUsageCachedTokensDetails | None

class ImageGenToolUsageCachedTokensDetails(_B, _m.ImageGenToolUsageCachedTokensDetails): ...
class ImageTokensDetails(_B, _m.ImageTokensDetails): ...
class ImagesResponse(_B, _m.ImagesResponse): ...

class InlineSkillParam(_B, _m.InlineSkillParam):
    source: InlineSkillSourceParam

class InlineSkillSourceParam(_B, _m.InlineSkillSourceParam): ...

class InputFileContent(_B, _m.InputFileContent):
    prompt_cache_breakpoint: PromptCacheBreakpointConfig | None

class InputFileContentParam(_B, _m.InputFileContentParam):
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None

class InputImageContent(_B, _m.InputImageContent):
    prompt_cache_breakpoint: PromptCacheBreakpointConfig | None

class InputImageContentParamAutoParam(_B, _m.InputImageContentParamAutoParam):
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None

class InputMessage(_B, _m.InputMessage):
    content: InputMessageContentList

class InputMessageResource(_B, _m.InputMessageResource):
    content: InputMessageContentList

class InputTextContent(_B, _m.InputTextContent):
    prompt_cache_breakpoint: PromptCacheBreakpointConfig | None

class InputTextContentParam(_B, _m.InputTextContentParam):
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None

class InputTransformation(_B, _m.InputTransformation): ...
class ItemReferenceParam(_B, _m.ItemReferenceParam): ...
class KeyPressAction(_B, _m.KeyPressAction): ...
class ListAssistantsResponse(_B, _m.ListAssistantsResponse): ...
class ListBatchesResponse(_B, _m.ListBatchesResponse): ...
class ListFilesResponse(_B, _m.ListFilesResponse): ...
class ListFineTuningCheckpointPermissionResponse(_B, _m.ListFineTuningCheckpointPermissionResponse): ...
class ListFineTuningJobCheckpointsResponse(_B, _m.ListFineTuningJobCheckpointsResponse): ...
class ListFineTuningJobEventsResponse(_B, _m.ListFineTuningJobEventsResponse): ...
class ListMessagesResponse(_B, _m.ListMessagesResponse): ...
class ListModelsResponse(_B, _m.ListModelsResponse): ...
class ListPaginatedFineTuningJobsResponse(_B, _m.ListPaginatedFineTuningJobsResponse): ...
class ListRunStepsResponse(_B, _m.ListRunStepsResponse): ...
class ListRunsResponse(_B, _m.ListRunsResponse): ...
class ListVectorStoreFilesResponse(_B, _m.ListVectorStoreFilesResponse): ...
class ListVectorStoresResponse(_B, _m.ListVectorStoresResponse): ...

class LocalEnvironmentParam(_B, _m.LocalEnvironmentParam):
    skills: list[LocalSkillParam] | None

class LocalEnvironmentResource(_B, _m.LocalEnvironmentResource): ...
class LocalShellExecAction(_B, _m.LocalShellExecAction): ...

class LocalShellToolCall(_B, _m.LocalShellToolCall):
    action: LocalShellExecAction

class LocalShellToolCallOutput(_B, _m.LocalShellToolCallOutput): ...
class LocalShellToolParam(_B, _m.LocalShellToolParam): ...
class LocalSkillParam(_B, _m.LocalSkillParam): ...

class LogProb(_B, _m.LogProb):
    top_logprobs: list[TopLogProb]

class MCPApprovalRequest(_B, _m.MCPApprovalRequest): ...
class MCPApprovalResponse(_B, _m.MCPApprovalResponse): ...
class MCPApprovalResponseResource(_B, _m.MCPApprovalResponseResource): ...

class MCPListTools(_B, _m.MCPListTools):
    tools: list[MCPListToolsTool]

class MCPListToolsTool(_B, _m.MCPListToolsTool): ...
class MCPProtocolError(_B, _m.MCPProtocolError): ...

class MCPTool(_B, _m.MCPTool):
    allowed_tools: list[str] | MCPToolFilter | None
    require_approval: MCPToolRequireApproval | Literal["always", "never"] | str | None

class MCPToolCall(_B, _m.MCPToolCall):
    error: MCPToolCallError | None

class MCPToolExecutionError(_B, _m.MCPToolExecutionError): ...
class MCPToolFilter(_B, _m.MCPToolFilter): ...

class MCPToolRequireApproval(_B, _m.MCPToolRequireApproval):
    always: MCPToolFilter | None
    never: MCPToolFilter | None

class Message(_B, _m.Message):
    content: list[InputTextContent | OutputTextContent | TextContent | SummaryTextContent | ReasoningTextContent | RefusalContent | InputImageContent | ComputerScreenshotContent | InputFileContent]

class Model(_B, _m.Model): ...
class ModelDeleted(_B, _m.ModelDeleted): ...

class Moderation(_B, _m.Moderation):
    input: ModerationResultBody | ModerationErrorBody
    output: ModerationResultBody | ModerationErrorBody

class ModerationErrorBody(_B, _m.ModerationErrorBody): ...
class ModerationResponse(_B, _m.ModerationResponse): ...
class ModerationResultBody(_B, _m.ModerationResultBody): ...
class MoveParam(_B, _m.MoveParam): ...

class NamespaceToolParam(_B, _m.NamespaceToolParam):
    tools: list[FunctionToolParam | CustomToolParam]

class OutputMessage(_B, _m.OutputMessage):
    content: list[OutputMessageContent]

class OutputTextContent(_B, _m.OutputTextContent):
    annotations: list[Annotation]
    logprobs: list[LogProb]

class Program(_B, _m.Program): ...
class ProgramItemParam(_B, _m.ProgramItemParam): ...
class ProgramOutput(_B, _m.ProgramOutput): ...
class ProgramOutputItemParam(_B, _m.ProgramOutputItemParam): ...
class ProgramToolCallCaller(_B, _m.ProgramToolCallCaller): ...
class ProgramToolCallCallerParam(_B, _m.ProgramToolCallCallerParam): ...
class ProgrammaticToolCallingParam(_B, _m.ProgrammaticToolCallingParam): ...

class Prompt(_B, _m.Prompt):
    variables: ResponsePromptVariables | None

class PromptCacheBreakpointConfig(_B, _m.PromptCacheBreakpointConfig): ...
class PromptCacheBreakpointParam(_B, _m.PromptCacheBreakpointParam): ...
class PromptCacheComparisonNotFound(_B, _m.PromptCacheComparisonNotFound): ...
class PromptCacheDiagnosticsUnavailable(_B, _m.PromptCacheDiagnosticsUnavailable): ...
class PromptCacheHit(_B, _m.PromptCacheHit): ...
class PromptCacheMiss(_B, _m.PromptCacheMiss): ...
class PromptCacheOptions(_B, _m.PromptCacheOptions): ...
class ProvenanceResource(_B, _m.ProvenanceResource): ...

class RankingOptions(_B, _m.RankingOptions):
    hybrid_search: HybridSearchOptions | None

class RealtimeCreateClientSecretResponse(_B, _m.RealtimeCreateClientSecretResponse): ...
class RealtimeTranslationClientSecretCreateResponse(_B, _m.RealtimeTranslationClientSecretCreateResponse): ...
class Reasoning(_B, _m.Reasoning): ...

class ReasoningItem(_B, _m.ReasoningItem):
    summary: list[SummaryTextContent]
    content: list[ReasoningTextContent] | None

class ReasoningTextContent(_B, _m.ReasoningTextContent): ...
class RefusalContent(_B, _m.RefusalContent): ...

class Response(_B, _m.Response):
    error: ResponseError | None
    incomplete_details: ResponseIncompleteDetails | None
    output: list[OutputItem]
    instructions: str | list[InputItem] | None
    tools: ToolsArray
    tool_choice: ToolChoiceParam
    reasoning: Reasoning | None
    usage: ResponseUsage | None
    prompt_cache_options: PromptCacheOptions | None
    moderation: Moderation | None
    conversation: ResponseConversation | None
    access_programs: AccessPrograms | None
    image: ResponseImageSettings | None
    input_transformations: list[InputTransformation] | None
    prompt_cache_diagnostics: PromptCacheDiagnostics | None
    tool_usage: ResponseToolUsage | None
    text: ResponseTextParam | None
    prompt: Prompt | None

class ResponseAudioDeltaEvent(_B, _m.ResponseAudioDeltaEvent): ...
class ResponseAudioDoneEvent(_B, _m.ResponseAudioDoneEvent): ...
class ResponseAudioTranscriptDeltaEvent(_B, _m.ResponseAudioTranscriptDeltaEvent): ...
class ResponseAudioTranscriptDoneEvent(_B, _m.ResponseAudioTranscriptDoneEvent): ...
class ResponseCodeInterpreterCallCodeDeltaEvent(_B, _m.ResponseCodeInterpreterCallCodeDeltaEvent): ...
class ResponseCodeInterpreterCallCodeDoneEvent(_B, _m.ResponseCodeInterpreterCallCodeDoneEvent): ...
class ResponseCodeInterpreterCallCompletedEvent(_B, _m.ResponseCodeInterpreterCallCompletedEvent): ...
class ResponseCodeInterpreterCallInProgressEvent(_B, _m.ResponseCodeInterpreterCallInProgressEvent): ...
class ResponseCodeInterpreterCallInterpretingEvent(_B, _m.ResponseCodeInterpreterCallInterpretingEvent): ...

class ResponseCompletedEvent(_B, _m.ResponseCompletedEvent):
    response: Response

class ResponseContentPartAddedEvent(_B, _m.ResponseContentPartAddedEvent):
    part: OutputContent

class ResponseContentPartDoneEvent(_B, _m.ResponseContentPartDoneEvent):
    part: OutputContent

class ResponseConversation(_B, _m.ResponseConversation): ...

class ResponseCreatedEvent(_B, _m.ResponseCreatedEvent):
    response: Response

class ResponseCustomToolCallInputDeltaEvent(_B, _m.ResponseCustomToolCallInputDeltaEvent): ...
class ResponseCustomToolCallInputDoneEvent(_B, _m.ResponseCustomToolCallInputDoneEvent): ...
class ResponseError(_B, _m.ResponseError): ...
class ResponseErrorEvent(_B, _m.ResponseErrorEvent): ...

class ResponseFailedEvent(_B, _m.ResponseFailedEvent):
    response: Response

class ResponseFileSearchCallCompletedEvent(_B, _m.ResponseFileSearchCallCompletedEvent): ...
class ResponseFileSearchCallInProgressEvent(_B, _m.ResponseFileSearchCallInProgressEvent): ...
class ResponseFileSearchCallSearchingEvent(_B, _m.ResponseFileSearchCallSearchingEvent): ...
class ResponseFormatJsonObject(_B, _m.ResponseFormatJsonObject): ...
class ResponseFormatText(_B, _m.ResponseFormatText): ...
class ResponseFunctionCallArgumentsDeltaEvent(_B, _m.ResponseFunctionCallArgumentsDeltaEvent): ...
class ResponseFunctionCallArgumentsDoneEvent(_B, _m.ResponseFunctionCallArgumentsDoneEvent): ...
class ResponseImageGenCallCompletedEvent(_B, _m.ResponseImageGenCallCompletedEvent): ...
class ResponseImageGenCallGeneratingEvent(_B, _m.ResponseImageGenCallGeneratingEvent): ...
class ResponseImageGenCallInProgressEvent(_B, _m.ResponseImageGenCallInProgressEvent): ...
class ResponseImageGenCallPartialImageEvent(_B, _m.ResponseImageGenCallPartialImageEvent): ...
class ResponseImageSettings(_B, _m.ResponseImageSettings): ...

class ResponseInProgressEvent(_B, _m.ResponseInProgressEvent):
    response: Response

class ResponseIncompleteDetails(_B, _m.ResponseIncompleteDetails): ...

class ResponseIncompleteEvent(_B, _m.ResponseIncompleteEvent):
    response: Response

class ResponseItemList(_B, _m.ResponseItemList):
    data: list[ItemResource]

class ResponseLogProb(_B, _m.ResponseLogProb):
    top_logprobs: list[ResponseLogProbTopLogprob] | None

class ResponseLogProbTopLogprob(_B, _m.ResponseLogProbTopLogprob): ...
class ResponseMCPCallArgumentsDeltaEvent(_B, _m.ResponseMCPCallArgumentsDeltaEvent): ...
class ResponseMCPCallArgumentsDoneEvent(_B, _m.ResponseMCPCallArgumentsDoneEvent): ...
class ResponseMCPCallCompletedEvent(_B, _m.ResponseMCPCallCompletedEvent): ...
class ResponseMCPCallFailedEvent(_B, _m.ResponseMCPCallFailedEvent): ...
class ResponseMCPCallInProgressEvent(_B, _m.ResponseMCPCallInProgressEvent): ...
class ResponseMCPListToolsCompletedEvent(_B, _m.ResponseMCPListToolsCompletedEvent): ...
class ResponseMCPListToolsFailedEvent(_B, _m.ResponseMCPListToolsFailedEvent): ...
class ResponseMCPListToolsInProgressEvent(_B, _m.ResponseMCPListToolsInProgressEvent): ...

class ResponseOutputItemAddedEvent(_B, _m.ResponseOutputItemAddedEvent):
    item: OutputItem

class ResponseOutputItemDoneEvent(_B, _m.ResponseOutputItemDoneEvent):
    item: OutputItem

class ResponseOutputTextAnnotationAddedEvent(_B, _m.ResponseOutputTextAnnotationAddedEvent):
    annotation: Annotation | None

class ResponseQueuedEvent(_B, _m.ResponseQueuedEvent):
    response: Response

class ResponseReasoningSummaryPartAddedEvent(_B, _m.ResponseReasoningSummaryPartAddedEvent):
    part: ResponseReasoningSummaryPartAddedEventPart

class ResponseReasoningSummaryPartAddedEventPart(_B, _m.ResponseReasoningSummaryPartAddedEventPart): ...

class ResponseReasoningSummaryPartDoneEvent(_B, _m.ResponseReasoningSummaryPartDoneEvent):
    part: ResponseReasoningSummaryPartDoneEventPart

class ResponseReasoningSummaryPartDoneEventPart(_B, _m.ResponseReasoningSummaryPartDoneEventPart): ...
class ResponseReasoningSummaryTextDeltaEvent(_B, _m.ResponseReasoningSummaryTextDeltaEvent): ...
class ResponseReasoningSummaryTextDoneEvent(_B, _m.ResponseReasoningSummaryTextDoneEvent): ...
class ResponseReasoningTextDeltaEvent(_B, _m.ResponseReasoningTextDeltaEvent): ...
class ResponseReasoningTextDoneEvent(_B, _m.ResponseReasoningTextDoneEvent): ...
class ResponseRefusalDeltaEvent(_B, _m.ResponseRefusalDeltaEvent): ...
class ResponseRefusalDoneEvent(_B, _m.ResponseRefusalDoneEvent): ...
class ResponseShellCallCommandAddedStreamingEvent(_B, _m.ResponseShellCallCommandAddedStreamingEvent): ...
class ResponseShellCallCommandDeltaStreamingEvent(_B, _m.ResponseShellCallCommandDeltaStreamingEvent): ...
class ResponseShellCallCommandDoneStreamingEvent(_B, _m.ResponseShellCallCommandDoneStreamingEvent): ...

class ResponseShellCallOutputContentDeltaStreamingEvent(_B, _m.ResponseShellCallOutputContentDeltaStreamingEvent):
    delta: ShellCallOutputDelta

class ResponseShellCallOutputContentDoneStreamingEvent(_B, _m.ResponseShellCallOutputContentDoneStreamingEvent):
    output: list[FunctionShellCallOutputContent]

class ResponseTextDeltaEvent(_B, _m.ResponseTextDeltaEvent):
    logprobs: list[ResponseLogProb]

class ResponseTextDoneEvent(_B, _m.ResponseTextDoneEvent):
    logprobs: list[ResponseLogProb]

class ResponseTextParam(_B, _m.ResponseTextParam):
    format: TextResponseFormatConfiguration | None

class ResponseToolUsage(_B, _m.ResponseToolUsage):
    image_gen: ImageGenToolUsage
    web_search: ResponseToolUsageWebSearch

class ResponseToolUsageWebSearch(_B, _m.ResponseToolUsageWebSearch): ...

class ResponseUsage(_B, _m.ResponseUsage):
    input_tokens_details: ResponseUsageInputTokensDetails
    output_tokens_details: ResponseUsageOutputTokensDetails

class ResponseUsageInputTokensDetails(_B, _m.ResponseUsageInputTokensDetails): ...
class ResponseUsageOutputTokensDetails(_B, _m.ResponseUsageOutputTokensDetails): ...
class ResponseWebSearchCallCompletedEvent(_B, _m.ResponseWebSearchCallCompletedEvent): ...
class ResponseWebSearchCallInProgressEvent(_B, _m.ResponseWebSearchCallInProgressEvent): ...
class ResponseWebSearchCallSearchingEvent(_B, _m.ResponseWebSearchCallSearchingEvent): ...
class Run(_B, _m.Run): ...
class RunGraderResponse(_B, _m.RunGraderResponse): ...
class RunStep(_B, _m.RunStep): ...
class ScreenshotParam(_B, _m.ScreenshotParam): ...
class ScrollParam(_B, _m.ScrollParam): ...
class ShellCallOutputDelta(_B, _m.ShellCallOutputDelta): ...
class Skill(_B, _m.Skill): ...
class SkillListResource(_B, _m.SkillListResource): ...
class SkillReferenceParam(_B, _m.SkillReferenceParam): ...
class SkillVersionListResource(_B, _m.SkillVersionListResource): ...
class SkillVersionResource(_B, _m.SkillVersionResource): ...
class SpecificApplyPatchParam(_B, _m.SpecificApplyPatchParam): ...
class SpecificFunctionShellParam(_B, _m.SpecificFunctionShellParam): ...
class SpecificProgrammaticToolCallingParam(_B, _m.SpecificProgrammaticToolCallingParam): ...
class SummaryTextContent(_B, _m.SummaryTextContent): ...
class SvgUsage(_B, _m.SvgUsage): ...
class TextContent(_B, _m.TextContent): ...
class TextResponseFormatJsonSchema(_B, _m.TextResponseFormatJsonSchema): ...
class Thread(_B, _m.Thread): ...
class ThreadMessage(_B, _m.ThreadMessage): ...
class TokenCountsResource(_B, _m.TokenCountsResource): ...
class ToolChoiceAllowed(_B, _m.ToolChoiceAllowed): ...
class ToolChoiceCustom(_B, _m.ToolChoiceCustom): ...
class ToolChoiceFunction(_B, _m.ToolChoiceFunction): ...
class ToolChoiceMCP(_B, _m.ToolChoiceMCP): ...
class ToolChoiceTypes(_B, _m.ToolChoiceTypes): ...
class ToolSearchCall(_B, _m.ToolSearchCall): ...

class ToolSearchCallItemParam(_B, _m.ToolSearchCallItemParam):
    arguments: EmptyModelParam

class ToolSearchOutput(_B, _m.ToolSearchOutput):
    tools: list[Tool]

class ToolSearchOutputItemParam(_B, _m.ToolSearchOutputItemParam):
    tools: list[Tool]

class ToolSearchToolParam(_B, _m.ToolSearchToolParam):
    parameters: EmptyModelParam | None

class TopLogProb(_B, _m.TopLogProb): ...
class Transcription(_B, _m.Transcription): ...
class TranscriptionDiarized(_B, _m.TranscriptionDiarized): ...
class TranscriptionVerbose(_B, _m.TranscriptionVerbose): ...
class Translation(_B, _m.Translation): ...
class TranslationVerbose(_B, _m.TranslationVerbose): ...
class TypeParam(_B, _m.TypeParam): ...
class Upload(_B, _m.Upload): ...
class UploadPart(_B, _m.UploadPart): ...
class UrlCitationBody(_B, _m.UrlCitationBody): ...
class ValidateGraderResponse(_B, _m.ValidateGraderResponse): ...
class VectorStore(_B, _m.VectorStore): ...
class VectorStoreFile(_B, _m.VectorStoreFile): ...
class VectorStoreFileBatchObject(_B, _m.VectorStoreFileBatchObject): ...
class VectorStoreFileContentResponse(_B, _m.VectorStoreFileContentResponse): ...
class VectorStoreSearchResultsPage(_B, _m.VectorStoreSearchResultsPage): ...
class Video(_B, _m.Video): ...
class VideoCharacterResource(_B, _m.VideoCharacterResource): ...
class VideoListResource(_B, _m.VideoListResource): ...
class VoiceConsentDeletedResource(_B, _m.VoiceConsentDeletedResource): ...
class VoiceConsentListResource(_B, _m.VoiceConsentListResource): ...
class VoiceConsentResource(_B, _m.VoiceConsentResource): ...
class VoiceDeleted(_B, _m.VoiceDeleted): ...
class VoiceResource(_B, _m.VoiceResource): ...
class WaitParam(_B, _m.WaitParam): ...
class WebSearchActionFind(_B, _m.WebSearchActionFind): ...
class WebSearchActionOpenPage(_B, _m.WebSearchActionOpenPage): ...

class WebSearchActionSearch(_B, _m.WebSearchActionSearch):
    sources: list[WebSearchActionSearchSource] | None

class WebSearchActionSearchSource(_B, _m.WebSearchActionSearchSource): ...
class WebSearchApproximateLocation(_B, _m.WebSearchApproximateLocation): ...

class WebSearchPreviewTool(_B, _m.WebSearchPreviewTool):
    user_location: ApproximateLocation | None

class WebSearchTool(_B, _m.WebSearchTool):
    filters: WebSearchToolFilters | None
    user_location: WebSearchApproximateLocation | None

class WebSearchToolCall(_B, _m.WebSearchToolCall):
    action: WebSearchActionSearch | WebSearchActionOpenPage | WebSearchActionFind

class WebSearchToolFilters(_B, _m.WebSearchToolFilters): ...
class WebhookEndpoint(_B, _m.WebhookEndpoint): ...
class WebhookEndpointCursorPage(_B, _m.WebhookEndpointCursorPage): ...
class WebhookEndpointTestResult(_B, _m.WebhookEndpointTestResult): ...
class WebhookEndpointWithSecret(_B, _m.WebhookEndpointWithSecret): ...
class WebhookEventTypeList(_B, _m.WebhookEventTypeList): ...

Annotation = FileCitationBody | UrlCitationBody | ContainerFileCitationBody | FilePath
ApplyPatchOperationParam = ApplyPatchCreateFileOperationParam | ApplyPatchDeleteFileOperationParam | ApplyPatchUpdateFileOperationParam
ChatCompletionMessageToolCalls = list[ChatCompletionMessageToolCall]
ComputerAction = ClickParam | DoubleClickAction | DragParam | KeyPressAction | MoveParam | ScreenshotParam | ScrollParam | TypeParam | WaitParam
ComputerActionList = list[ComputerAction]
ConversationItem = (
    Message
    | FunctionToolCallResource
    | FunctionToolCallOutputResource
    | FileSearchToolCall
    | WebSearchToolCall
    | ImageGenToolCall
    | ComputerToolCall
    | ComputerToolCallOutputResource
    | ToolSearchCall
    | ToolSearchOutput
    | AdditionalTools
    | ReasoningItem
    | Program
    | ProgramOutput
    | CompactionBody
    | CodeInterpreterToolCall
    | LocalShellToolCall
    | LocalShellToolCallOutput
    | FunctionShellCall
    | FunctionShellCallOutput
    | ApplyPatchToolCall
    | ApplyPatchToolCallOutput
    | MCPListTools
    | MCPApprovalRequest
    | MCPApprovalResponseResource
    | MCPToolCall
    | CustomToolCall
    | CustomToolCallOutput
    | ConfigurationUpdateItem
)
CreateTranscriptionResponse = Transcription | TranscriptionDiarized | TranscriptionVerbose
CreateTranslationResponse = Translation | TranslationVerbose
Filters = ComparisonFilter | CompoundFilter
FunctionAndCustomToolCallOutput = InputTextContent | InputImageContent | InputFileContent
FunctionShellCallOutputOutcomeParam = FunctionShellCallOutputTimeoutOutcomeParam | FunctionShellCallOutputExitOutcomeParam
InputContent = InputTextContent | InputImageContent | InputFileContent
InputItem = (
    EasyInputMessage
    | InputMessage
    | OutputMessage
    | FileSearchToolCall
    | ComputerToolCall
    | ComputerCallOutputItemParam
    | WebSearchToolCall
    | FunctionToolCall
    | FunctionCallOutputItemParam
    | ToolSearchCallItemParam
    | ToolSearchOutputItemParam
    | AdditionalToolsItemParam
    | ReasoningItem
    | CompactionSummaryItemParam
    | ImageGenToolCall
    | CodeInterpreterToolCall
    | LocalShellToolCall
    | LocalShellToolCallOutput
    | FunctionShellCallItemParam
    | FunctionShellCallOutputItemParam
    | ApplyPatchToolCallItemParam
    | ApplyPatchToolCallOutputItemParam
    | MCPListTools
    | MCPApprovalRequest
    | MCPApprovalResponse
    | MCPToolCall
    | CustomToolCallOutput
    | CustomToolCall
    | ConfigurationUpdateItemParam
    | CompactionTriggerItemParam
    | ItemReferenceParam
    | ProgramItemParam
    | ProgramOutputItemParam
)
InputMessageContentList = list[InputContent]
ItemField = (
    Message
    | Program
    | ProgramOutput
    | FunctionToolCall
    | ToolSearchCall
    | ToolSearchOutput
    | AdditionalTools
    | FunctionToolCallOutput
    | FileSearchToolCall
    | WebSearchToolCall
    | ImageGenToolCall
    | ComputerToolCall
    | ComputerToolCallOutputResource
    | ReasoningItem
    | CompactionBody
    | CodeInterpreterToolCall
    | LocalShellToolCall
    | LocalShellToolCallOutput
    | FunctionShellCall
    | FunctionShellCallOutput
    | ApplyPatchToolCall
    | ApplyPatchToolCallOutput
    | MCPListTools
    | MCPApprovalRequest
    | MCPApprovalResponseResource
    | MCPToolCall
    | CustomToolCall
    | CustomToolCallOutput
)
ItemResource = (
    InputMessageResource
    | OutputMessage
    | FileSearchToolCall
    | ComputerToolCall
    | ComputerToolCallOutputResource
    | WebSearchToolCall
    | FunctionToolCallResource
    | FunctionToolCallOutputResource
    | ToolSearchCall
    | ToolSearchOutput
    | AdditionalTools
    | ReasoningItem
    | Program
    | ProgramOutput
    | CompactionBody
    | ImageGenToolCall
    | CodeInterpreterToolCall
    | LocalShellToolCall
    | LocalShellToolCallOutput
    | FunctionShellCall
    | FunctionShellCallOutput
    | ApplyPatchToolCall
    | ApplyPatchToolCallOutput
    | MCPListTools
    | MCPApprovalRequest
    | MCPApprovalResponseResource
    | MCPToolCall
    | CustomToolCallResource
    | CustomToolCallOutputResource
    | ConfigurationUpdateItem
)
MCPToolCallError = MCPProtocolError | MCPToolExecutionError | HTTPError
OutputContent = OutputTextContent | RefusalContent | ReasoningTextContent
OutputItem = (
    OutputMessage
    | FileSearchToolCall
    | FunctionToolCall
    | FunctionToolCallOutputResource
    | WebSearchToolCall
    | ComputerToolCall
    | ComputerToolCallOutputResource
    | ReasoningItem
    | Program
    | ProgramOutput
    | ToolSearchCall
    | ToolSearchOutput
    | AdditionalTools
    | CompactionBody
    | ImageGenToolCall
    | CodeInterpreterToolCall
    | LocalShellToolCall
    | LocalShellToolCallOutput
    | FunctionShellCall
    | FunctionShellCallOutput
    | ApplyPatchToolCall
    | ApplyPatchToolCallOutput
    | MCPToolCall
    | MCPListTools
    | MCPApprovalRequest
    | MCPApprovalResponseResource
    | CustomToolCall
    | CustomToolCallOutputResource
)
OutputMessageContent = OutputTextContent | RefusalContent
PromptCacheDiagnostics = PromptCacheHit | PromptCacheMiss | PromptCacheComparisonNotFound | PromptCacheDiagnosticsUnavailable
ResponsePromptVariables = dict[str, InputTextContent]
ResponseStreamEvent = (
    ResponseAudioDeltaEvent
    | ResponseAudioDoneEvent
    | ResponseAudioTranscriptDeltaEvent
    | ResponseAudioTranscriptDoneEvent
    | ResponseCodeInterpreterCallCodeDeltaEvent
    | ResponseCodeInterpreterCallCodeDoneEvent
    | ResponseCodeInterpreterCallCompletedEvent
    | ResponseCodeInterpreterCallInProgressEvent
    | ResponseCodeInterpreterCallInterpretingEvent
    | ResponseCompletedEvent
    | ResponseContentPartAddedEvent
    | ResponseContentPartDoneEvent
    | ResponseCreatedEvent
    | ResponseErrorEvent
    | ResponseFileSearchCallCompletedEvent
    | ResponseFileSearchCallInProgressEvent
    | ResponseFileSearchCallSearchingEvent
    | ResponseFunctionCallArgumentsDeltaEvent
    | ResponseFunctionCallArgumentsDoneEvent
    | ResponseShellCallCommandAddedStreamingEvent
    | ResponseShellCallCommandDeltaStreamingEvent
    | ResponseShellCallCommandDoneStreamingEvent
    | ResponseShellCallOutputContentDeltaStreamingEvent
    | ResponseShellCallOutputContentDoneStreamingEvent
    | ResponseInProgressEvent
    | ResponseFailedEvent
    | ResponseIncompleteEvent
    | ResponseOutputItemAddedEvent
    | ResponseOutputItemDoneEvent
    | ResponseReasoningSummaryPartAddedEvent
    | ResponseReasoningSummaryPartDoneEvent
    | ResponseReasoningSummaryTextDeltaEvent
    | ResponseReasoningSummaryTextDoneEvent
    | ResponseReasoningTextDeltaEvent
    | ResponseReasoningTextDoneEvent
    | ResponseRefusalDeltaEvent
    | ResponseRefusalDoneEvent
    | ResponseTextDeltaEvent
    | ResponseTextDoneEvent
    | ResponseWebSearchCallCompletedEvent
    | ResponseWebSearchCallInProgressEvent
    | ResponseWebSearchCallSearchingEvent
    | ResponseImageGenCallCompletedEvent
    | ResponseImageGenCallGeneratingEvent
    | ResponseImageGenCallInProgressEvent
    | ResponseImageGenCallPartialImageEvent
    | ResponseMCPCallArgumentsDeltaEvent
    | ResponseMCPCallArgumentsDoneEvent
    | ResponseMCPCallCompletedEvent
    | ResponseMCPCallFailedEvent
    | ResponseMCPCallInProgressEvent
    | ResponseMCPListToolsCompletedEvent
    | ResponseMCPListToolsFailedEvent
    | ResponseMCPListToolsInProgressEvent
    | ResponseOutputTextAnnotationAddedEvent
    | ResponseQueuedEvent
    | ResponseCustomToolCallInputDeltaEvent
    | ResponseCustomToolCallInputDoneEvent
)
TextResponseFormatConfiguration = ResponseFormatText | TextResponseFormatJsonSchema | ResponseFormatJsonObject
Tool = (
    FunctionTool | FileSearchTool | ComputerTool | ComputerUsePreviewTool | WebSearchTool | MCPTool | CodeInterpreterTool | ProgrammaticToolCallingParam | ImageGenTool | LocalShellToolParam | FunctionShellToolParam | CustomToolParam | NamespaceToolParam | ToolSearchToolParam | WebSearchPreviewTool | ApplyPatchToolParam
)
ToolCallCaller = DirectToolCallCaller | ProgramToolCallCaller
ToolCallCallerParam = DirectToolCallCallerParam | ProgramToolCallCallerParam
ToolChoiceParam = ToolChoiceAllowed | ToolChoiceTypes | ToolChoiceFunction | ToolChoiceMCP | ToolChoiceCustom | SpecificProgrammaticToolCallingParam | SpecificApplyPatchParam | SpecificFunctionShellParam
ToolsArray = list[Tool]

class ParsedFunction(ChatCompletionMessageToolCallFunction):
    parsed_arguments: Any

class ParsedFunctionToolCall(ChatCompletionMessageToolCall):
    function: ParsedFunction

class ParsedChatCompletionMessage(ChatCompletionMessage, Generic[_T]):
    parsed: _T | None
    tool_calls: list[ParsedFunctionToolCall] | None

class ParsedChoice(ChatCompletionChoice, Generic[_T]):
    message: ParsedChatCompletionMessage[_T]

class ParsedChatCompletion(ChatCompletion, Generic[_T]):
    choices: list[ParsedChoice[_T]]

class ParsedResponse(Response, Generic[_T]):
    output_parsed: _T | None
