# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
# mypy: disable-error-code="assignment,misc,override"
# pyright: reportIncompatibleVariableOverride=false, reportIncompatibleMethodOverride=false
# pyright: reportInvalidTypeVarUse=false
from typing import Any

from ... import _replies as _r
from sdk import models as _m
from sdk import params as _p
from ..._replies import Annotation as Annotation, Run as Run

AnnotationDelta = Any
FileCitationAnnotation = _r.FileCitationBody
FileCitationDeltaAnnotation = _r.MessageDeltaContentTextAnnotationsFileCitationObject
FilePathAnnotation = _r.FilePath
FilePathDeltaAnnotation = _r.MessageDeltaContentTextAnnotationsFilePathObject
ImageFile = _r.MessageContentImageFileObjectImageFile
ImageFileContentBlock = _r.MessageContentImageFileObject
ImageFileContentBlockParam = Any
ImageFileDelta = _r.MessageDeltaContentImageFileObjectImageFile
ImageFileDeltaBlock = _r.MessageDeltaContentImageFileObject
ImageFileParam = Any
ImageURL = _r.MessageContentImageUrlObjectImageUrl
ImageURLContentBlock = _r.MessageContentImageUrlObject
ImageURLContentBlockParam = Any
ImageURLDelta = _r.MessageDeltaContentImageUrlObjectImageUrl
ImageURLDeltaBlock = _r.MessageDeltaContentImageUrlObject
ImageURLParam = Any
Message = _r.ThreadMessage
MessageContent = Any
MessageContentDelta = Any
MessageContentPartParam = Any
MessageCreateParams = Any
MessageDeleted = _r.DeleteMessageResponse
MessageDelta = _r.MessageDeltaObjectDelta
MessageDeltaEvent = _r.MessageDeltaObject
MessageListParams = Any
MessageUpdateParams = Any
RefusalContentBlock = _r.MessageContentRefusalObject
RefusalDeltaBlock = _r.MessageDeltaContentRefusalObject
RequiredActionFunctionToolCall = _r.RunToolCallObject
RunCreateParams = Any
RunListParams = Any
RunStatus = str
RunSubmitToolOutputsParams = Any
RunUpdateParams = Any
TextContentBlock = _r.MessageContentTextObject
TextContentBlockParam = Any
TextDelta = _r.MessageDeltaContentTextObjectText
TextDeltaBlock = _r.MessageDeltaContentTextObject
