# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
from typing import Any

from . import _replies as _r
from sdk import models as _m
from sdk import params as _p
from ._replies import (
    Batch as Batch,
    ComparisonFilter as ComparisonFilter,
    Completion as Completion,
    CompletionChoice as CompletionChoice,
    CompletionUsage as CompletionUsage,
    CompoundFilter as CompoundFilter,
    CreateEmbeddingResponse as CreateEmbeddingResponse,
    Decision as Decision,
    Embedding as Embedding,
    FileDeleted as FileDeleted,
    FileObject as FileObject,
    ImagesResponse as ImagesResponse,
    Model as Model,
    ModelDeleted as ModelDeleted,
    Reasoning as Reasoning,
    ResponseFormatText as ResponseFormatText,
    Skill as Skill,
    Upload as Upload,
    VectorStore as VectorStore,
    Video as Video,
)
from sdk.models import (
    BatchError as BatchError,
    BatchRequestCounts as BatchRequestCounts,
    BatchUsage as BatchUsage,
    CustomToolInputFormat as CustomToolInputFormat,
    DecisionInputJSON as DecisionInputJSON,
    DecisionInputPartUnionParam as DecisionInputPartUnionParam,
    DecisionQuestionInputImage as DecisionQuestionInputImage,
    DecisionQuestionInputPart as DecisionQuestionInputPart,
    DecisionQuestionInputText as DecisionQuestionInputText,
    EvalCustomDataSourceConfig as EvalCustomDataSourceConfig,
    EvalStoredCompletionsDataSourceConfig as EvalStoredCompletionsDataSourceConfig,
    Image as Image,
    ImageEditCompletedEvent as ImageEditCompletedEvent,
    ImageEditPartialImageEvent as ImageEditPartialImageEvent,
    ImageEditStreamEvent as ImageEditStreamEvent,
    ImageGenCompletedEvent as ImageGenCompletedEvent,
    ImageGenPartialImageEvent as ImageGenPartialImageEvent,
    ImageGenStreamEvent as ImageGenStreamEvent,
)
from . import audio as audio
from . import beta as beta
from . import chat as chat
from . import responses as responses
from . import shared as shared

AudioModel = str
AudioResponseFormat = str
AutoFileChunkingStrategyParam = Any
BatchCreateParams = Any
BatchListParams = Any
ChatModel = str
CompletionCreateParams = Any
ContainerCreateParams = Any
ContainerCreateResponse = _r.Container
ContainerListParams = Any
ContainerListResponse = _r.Container
ContainerRetrieveResponse = _r.Container
ContentProvenanceCheck = _r.ProvenanceResource
ContentProvenanceCheckCreateParams = Any
DecisionCreateParams = Any
DecisionInputImageParam = _p.DecisionInputImageParamDict
DecisionInputMessageParam = Any
DecisionInputMessageUnionParam = Any
DecisionInputTextParam = _p.DecisionInputTextParamDict
DecisionPromptCacheBreakpointParam = _p.DecisionPromptCacheBreakpointParamDict
DeletedSkill = _r.DeletedSkillResource
EmbeddingCreateParams = Any
EmbeddingModel = str
ErrorObject = _m.Error
EvalCreateParams = Any
EvalCreateResponse = _m.Eval
EvalDeleteResponse = _m.DeleteEvalResponse
EvalListParams = Any
EvalListResponse = _m.Eval
EvalRetrieveResponse = _m.Eval
EvalUpdateParams = Any
EvalUpdateResponse = _m.Eval
FileChunkingStrategy = Any
FileChunkingStrategyParam = Any
FileCreateParams = Any
FileListParams = Any
FilePurpose = str
FunctionDefinition = _m.FunctionObject
FunctionParameters = Any
ImageCreateVariationParams = Any
ImageEditParams = Any
ImageGenerateParams = Any
ImageInputReferenceParam = Any
ImageModel = str
Metadata = Any
Moderation = _m.ModerationResponseResult
ModerationCreateParams = Any
ModerationCreateResponse = _r.ModerationResponse
ModerationImageURLInputParam = Any
ModerationModel = str
ModerationMultiModalInputParam = Any
ModerationTextInputParam = Any
OAuthErrorCode = str
OtherFileChunkingStrategyObject = _m.OtherChunkingStrategyResponseParam
ReasoningEffort = str
ResponseFormatJSONObject = _r.ResponseFormatJsonObject
ResponseFormatJSONSchema = _m.ResponseFormatJsonSchema
ResponseFormatTextGrammar = Any
ResponseFormatTextPython = Any
ResponsesModel = str
SkillCreateParams = Any
SkillList = Any
SkillListParams = Any
SkillUpdateParams = Any
StaticFileChunkingStrategy = _m.StaticChunkingStrategy
StaticFileChunkingStrategyObject = _m.StaticChunkingStrategyResponseParam
StaticFileChunkingStrategyObjectParam = Any
StaticFileChunkingStrategyParam = Any
SyncWebSocketConnectionOptions = Any
UploadCompleteParams = Any
UploadCreateParams = Any
VectorStoreCreateParams = Any
VectorStoreDeleted = _r.DeleteVectorStoreResponse
VectorStoreListParams = Any
VectorStoreSearchParams = Any
VectorStoreSearchResponse = _m.VectorStoreSearchResultItem
VectorStoreUpdateParams = Any
VideoCreateCharacterParams = Any
VideoCreateCharacterResponse = _r.VideoCharacterResource
VideoCreateError = _m.Error2
VideoCreateParams = Any
VideoDeleteResponse = _r.DeletedVideoResource
VideoDownloadContentParams = Any
VideoEditParams = Any
VideoExtendParams = Any
VideoGetCharacterResponse = _r.VideoCharacterResource
VideoListParams = Any
VideoModel = str
VideoModelParam = str
VideoRemixParams = Any
VideoSeconds = str
VideoSize = str
WebSocketConnectionOptions = Any
WebsocketConnectionOptions = Any
AllModels = str
